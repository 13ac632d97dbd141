"""Visits on site: planned with those who go, told with findings and photos; never a way around a blind review (第九条三)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications.models import Project
from core import audit, files
from core.calendar import today
from core.models import Ground, GroundKind, User
from core.moves import NotYours, Overtaken
from core.notices import send
from review import letters
from review.blind import is_blind
from review.conflicts import exclusions_of
from review.models import Expert, SitePhoto, SiteVisit, SiteVisitor
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

PICTURES = ("jpg", "png")
MOST_PHOTOS = 12


def plan_visit(
    project: Project, *, planned_on: date, place: str, purpose: str, visitors: Sequence[User], actor: Actor,
    at: datetime,
) -> SiteVisit:  # fmt: skip
    """Plan a visit of a project in the city's review. Raises NotYours, Overtaken; ReviewRefused for nobody to go, for an
    expert with a conflict, and in a blind call for an expert who scores the project: he would learn who filed it."""
    if not visitors:
        raise ReviewRefused("请至少选择一名核查人员。", field="visitors")
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        _refuse_unfit(fresh, visitors, at)
        visit = SiteVisit.objects.create(
            project=fresh, planned_on=planned_on, place=place, purpose=purpose, planned_at=at, planned_by=actor
        )
        SiteVisitor.objects.bulk_create(SiteVisitor(visit=visit, person=one) for one in visitors)
        audit.record(
            fresh, "project.site_visit_planned", actor=actor, at=at, label="安排现场核查",
            summary=f"{planned_on:%Y-%m-%d}，{len(visitors)} 人",
        )  # fmt: skip
        send(letters.asked_to_visit(visit, visitors), at=at)
    return visit


def _refuse_unfit(project: Project, visitors: Sequence[User], at: datetime) -> None:
    people = {one.pk for one in visitors}
    scoring = set(project.assignments.current().values_list("expert__user", flat=True))
    if is_blind(project) and people & scoring:
        raise ReviewRefused("本批次匿名评审，正在评分的专家不能参加现场核查。", field="visitors")
    bound = _users_bound(project, at) & people
    if bound:
        names = "、".join(str(one) for one in visitors if one.pk in bound)
        raise ReviewRefused(f"{names}与申报企业有利害关系，不能参加现场核查。", field="visitors")


def _users_bound(project: Project, at: datetime) -> set[int]:
    excluded = exclusions_of(project, today(at))
    return set(Expert.objects.filter(pk__in=excluded).values_list("user", flat=True))


def report_visit(
    visit: SiteVisit, *, visited_on: date, findings: str, blind_findings: str = "", photos: Sequence[Any] = (),
    captions: Sequence[str] = (), actor: Actor, at: datetime,
) -> SiteVisit:  # fmt: skip
    """Tell what was found, once, by one of those who went or the bureau's officer who planned it.

    `blind_findings` is all that scorers of a blind call are shown of it; no photo is ever shown to them. Raises
    NotYours, Overtaken; ReviewRefused for a day to come or too many photos; FileRefused for a file that is no picture.
    """
    if visited_on > today(at):
        raise ReviewRefused("核查日期不能晚于今天。", field="visited_on")
    if len(photos) > MOST_PHOTOS:
        raise ReviewRefused(f"照片最多 {MOST_PHOTOS} 张。", field="photos")
    with transaction.atomic():
        fresh = SiteVisit._base_manager.select_for_update(of=("self",)).select_related("project").get(pk=visit.pk)
        if actor.pk != fresh.planned_by_id and not fresh.visitors.filter(person=actor).exists():
            raise NotYours("现场核查由核查人员或安排人填报。", record=fresh.project, move="conclude")
        if fresh.reported_at:
            raise Overtaken("这次现场核查已经填报。", record=fresh.project, move="conclude")
        kept = [files.store(one, kind="site_photo", by=actor, at=at, allowed=PICTURES) for one in photos]
        fresh.visited_on, fresh.findings, fresh.blind_findings = visited_on, findings, blind_findings
        fresh.reported_at, fresh.reported_by = at, actor
        fresh.ground = Ground.issue(
            kind=GroundKind.SITE_VISIT, title="现场核查记录", by=actor, at=at,
            facts={"text": findings, "photos": [one.sha256 for one in kept], "visited_on": str(visited_on)},
        )  # fmt: skip
        fresh.save()
        words = [*captions, *[""] * len(kept)]
        SitePhoto.objects.bulk_create(
            SitePhoto(visit=fresh, file=file, caption=words[place]) for place, file in enumerate(kept)
        )
        audit.record(
            fresh.project, "project.site_visit_reported", actor=actor, at=at, label="填报现场核查", ground=fresh.ground,
            summary=f"{visited_on:%Y-%m-%d}，照片 {len(kept)} 张",
        )  # fmt: skip
    return fresh
