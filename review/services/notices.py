"""Publishing a public notice over several projects, and ending it project by project (第九条三)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from applications.models import Project
from applications.states import State
from core import audit, moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from core.notices import send
from core.people import SYSTEM
from review import letters
from review.models import NoticeEntry, PanelConclusion, PublicNotice, ReportEntry
from review.services import papers
from review.services.entries import let_pass, take_out
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


def publish_notice(
    projects: Sequence[Project],
    *,
    number: str,
    title: str = "",
    days: int | None = None,
    shows_amounts: bool = False,
    actor: Actor,
    at: datetime,
) -> PublicNotice:
    """Publish one 公示 over concluded projects of one call; the period runs `days` working days from the next one.

    Default: the call's days, and no amounts: the text settles them after the notice. With `shows_amounts` each line
    bears what the panel proposed. Sets each project's last day. Published fields are copied; no score, no phone is
    among them. Raises NotYours; ReviewRefused for a number in use, mixed calls, a project not waiting for its notice.
    """
    _refuse_unfit(projects, number)
    with transaction.atomic():
        call = projects[0].call
        keys = [project.pk for project in projects]
        fresh = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        _refuse_not_waiting(fresh)
        term = days or call.notice_days
        notice = PublicNotice.objects.create(
            call=call,
            number=number,
            title=title or f"关于{call.title.replace('申报通知', '')}拟支持项目的公示",
            days=term,
            shows_amounts=shows_amounts,
            state_since=at,
        )
        shown = Project.objects.filter(pk__in=keys).select_related("enterprise", "district").order_by("number")
        amounts = _proposed(keys) if shows_amounts else {}
        NoticeEntry.objects.bulk_create(
            _entry(notice, n, project, amounts.get(project.pk)) for n, project in enumerate(shown, start=1)
        )
        return _published(notice, list(shown), actor=actor, at=at)


def _refuse_unfit(projects: Sequence[Project], number: str) -> None:
    if not projects:
        raise ReviewRefused("请选择要公示的项目。", field="projects")
    if len({project.call_id for project in projects}) > 1:
        raise ReviewRefused("一份公示只能包含同一批次的项目。", field="projects")
    if PublicNotice.objects.filter(number=number).exists():
        raise ReviewRefused("这个文号已经用过。", field="number")


def _refuse_not_waiting(projects: Sequence[Project]) -> None:
    unfit = [p.title for p in projects if p.state != State.PUBLIC_NOTICE or p.due_on is not None]
    if unfit:
        raise ReviewRefused(f"{'、'.join(unfit)}不在等待公示的项目里，请刷新后重新选择。", field="projects")


def _proposed(projects: Sequence[int]) -> dict[int, Decimal]:
    """What the latest report proposed for each project, in 元. Raises ReviewRefused where a report proposed nothing."""
    rows = ReportEntry.objects.filter(project__in=projects, conclusion=PanelConclusion.SUPPORT).order_by("pk")
    found = {row.project_id: row for row in rows.select_related("project")}
    bare = [row.project.title for row in found.values() if row.proposed is None]
    if bare:
        raise ReviewRefused(f"{'、'.join(bare)}的评审报告没有建议金额，不能公开金额。", field="shows_amounts")
    return {key: row.proposed for key, row in found.items()}


def _entry(notice: PublicNotice, position: int, project: Project, amount: Decimal | None) -> NoticeEntry:
    return NoticeEntry(
        notice=notice, project=project, position=position, number=project.number, project_title=project.title,
        enterprise_name=project.enterprise.name, track_name=project.get_track_display(),
        district_name=project.district.name, amount=amount,
    )  # fmt: skip


def _published(notice: PublicNotice, projects: list[Project], *, actor: Actor, at: datetime) -> PublicNotice:
    ends_on = add_working_days(today(at), notice.days)
    ground = Ground.issue(
        kind=GroundKind.NOTICE, title=notice.title, number=notice.number, by=actor, at=at,
        facts={"days": notice.days, "shows_amounts": notice.shows_amounts, "ends_on": ends_on,
               "projects": [project.number for project in projects]},
    )  # fmt: skip
    moved = moves.perform(notice, "publish", actor=actor, at=at, ground=ground, ends_on=ends_on)
    keys = [project.pk for project in projects]
    Project.objects.filter(pk__in=keys).update(due_on=ends_on, version=F("version") + 1)
    entries = [
        audit.Entry(project, "project.notice_published", "发布公示", ground, f"{notice.number}，至 {ends_on:%Y-%m-%d}")
        for project in projects
    ]
    audit.record_many(entries, actor=actor, at=at)
    for project in projects:
        project.take_ground(ground, move="publish_notice", at=at)
    send([letter for project in projects for letter in letters.notice_published(project, moved)], at=at)
    papers.ask_for("notice", moved.pk, by=actor, at=at)
    return moved


def close_notice(project: Project, *, actor: Actor = SYSTEM, at: datetime) -> Project:
    """End the notice for one project: its period is over and no objection to it is open.

    Raises NotYours, Overtaken, ConditionUnmet.
    """
    with transaction.atomic():
        moves.require(project, "close_notice", actor, at=at)
        entry = NoticeEntry.objects.select_related("notice").filter(project=project).latest("pk")
        ground = Ground.issue(
            kind=GroundKind.NOTICE_CLOSURE, title="公示结论：期满无未结异议", number=entry.notice.number, by=actor, at=at,
            facts={"ended_on": project.due_on, "objections_answered": entry.objections.count()},
        )  # fmt: skip
        moved = moves.perform(
            project, "close_notice", actor=actor, at=at, ground=ground, letters=letters.notice_closed,
            summary=entry.notice.number,
        )  # fmt: skip
        let_pass(moved, at=at)
    return moved


def close_notices_due(at: datetime) -> int:
    """For the clock: end the notice of every project that is through; take out those that left otherwise.

    Returns how many were closed. Each project in a transaction of its own, so one refusal stops nothing.
    """
    with transaction.atomic():
        take_out(NoticeEntry.objects.exclude(project__state=State.PUBLIC_NOTICE), at=at)
    due = Project.objects.filter(state=State.PUBLIC_NOTICE, due_on__lt=today(at))
    closed = 0
    for project in due.exclude(holds__in=_open_holds()).select_related("call").order_by("pk"):
        try:
            close_notice(project, at=at)
            closed += 1
        except moves.Refusal:
            continue
    return closed


def _open_holds() -> object:
    from applications.models import Hold

    return Hold.objects.open()
