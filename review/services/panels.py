"""The panel (评审会): it sits over scored projects, concludes of each with reasons, and ends in the report (第九条三)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications.models import Call, Project
from core import audit, files, moves
from core.models import User
from review import hands
from review.models import PanelConclusion, PanelItem, PanelMeeting, PanelMember, ReviewReport
from review.services.conclusions import (
    Judged,
    determinations_of,
    one_call,
    pass_on,
    refuse_below,
    refuse_used_number,
    totals_of,
    write_report,
)
from review.services.decisions import decline, send_back
from review.services.desks import locked, refuse_the_districts_hand
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

MOST_PROJECTS = 200  # on one table: what a page and a meeting can hold
FEWEST_MEMBERS = 3
CLAUSE = "第九条（三）"


@dataclass(frozen=True, slots=True)
class Said:
    """What the table says of one project so far. `proposed`: 元."""

    conclusion: str = ""
    reasons: str = ""
    proposed: Decimal | None = None


def convene(
    projects: Sequence[Project],
    members: Sequence[User],
    chair: User,
    *,
    held_on: date,
    place: str,
    others: str = "",
    actor: Actor,
    at: datetime,
) -> PanelMeeting:
    """Lay scored projects of one call on a table before these people. Raises NotYours, Overtaken, ConditionUnmet.

    ReviewRefused: mixed calls, too many projects or too few members, somebody who judged one of them at its district,
    or a project that lies on another table.
    """
    call: Call = one_call(projects)
    _refuse_unfit_panel(projects, members, chair)
    with transaction.atomic():
        fresh = [locked(project) for project in sorted(projects, key=lambda one: one.pk)]
        for project in fresh:
            moves.require(project, "send_back", actor, at=at, conditions=False)
            totals_of(project, actor)
        _refuse_on_another_table(fresh)
        meeting = PanelMeeting.objects.create(
            call=call, held_on=held_on, place=place, others=others, created_at=at, created_by=actor
        )
        PanelMember.objects.bulk_create(
            PanelMember(meeting=meeting, user=member, is_chair=member == chair) for member in members
        )
        limits = determinations_of(fresh)
        PanelItem.objects.bulk_create(
            PanelItem(meeting=meeting, project=one, proposed=limits[one.pk].limit if one.pk in limits else None)
            for one in fresh
        )
        audit.record(
            meeting, "panel.convened", actor=actor, at=at, label="召开评审会",
            facts={"projects": [one.pk for one in fresh], "members": [member.pk for member in members]},
        )  # fmt: skip
    return meeting


def _refuse_unfit_panel(projects: Sequence[Project], members: Sequence[User], chair: User) -> None:
    if len(projects) > MOST_PROJECTS:
        raise ReviewRefused(f"一次评审会最多 {MOST_PROJECTS} 个项目，请分几次召开。", field="projects")
    if len(members) < FEWEST_MEMBERS:
        raise ReviewRefused(f"评审会成员至少 {FEWEST_MEMBERS} 人。", field="members")
    if chair not in members:
        raise ReviewRefused("主持人应是评审会成员。", field="chair")
    crossed = hands.crossings({project.pk: project for project in projects}, members)
    if crossed:
        raise ReviewRefused("".join(crossed), field="members")


def _refuse_on_another_table(projects: Sequence[Project]) -> None:
    taken = PanelItem.objects.filter(project__in=projects, meeting__report=None).select_related("project")
    titles = [item.project.title for item in taken]
    if titles:
        raise ReviewRefused(f"{'、'.join(titles)}已在另一次评审会上，请先出具那次的评审报告。", field="projects")


def save_table(
    meeting: PanelMeeting,
    said: Mapping[int, Said],
    *,
    minutes: str,
    minutes_file: Any = None,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> PanelMeeting:
    """Keep minutes and what is concluded so far, by project key; nothing moves. `minutes_file`: an upload or None.

    Raises NotYours; ReviewRefused once the report is out, when somebody saved meanwhile, or for an amount above the limit.
    """
    with transaction.atomic():
        fresh = _on_the_table(meeting, actor, at, seen_version)
        items = list(fresh.items.select_related("project"))
        limits = determinations_of([item.project for item in items])
        for item in items:
            if item.project_id in said:
                _write_down(item, said[item.project_id], limits.get(item.project_id))
        PanelItem.objects.bulk_update(items, ["conclusion", "reasons", "proposed"])
        fresh.minutes, fresh.saved_at, fresh.version = minutes.strip(), at, fresh.version + 1
        if minutes_file:
            fresh.minutes_file = files.store(minutes_file, kind="minutes", by=actor, at=at)
        fresh.save(update_fields=["minutes", "minutes_file", "saved_at", "version"])
        audit.record(fresh, "panel.saved", actor=actor, at=at, label="保存评审会记录")
    return fresh


def _on_the_table(meeting: PanelMeeting, actor: Actor, at: datetime, seen_version: int | None) -> PanelMeeting:
    """The meeting's row, locked, before its report, on the desk of whoever runs the call."""
    fresh = PanelMeeting.objects.select_for_update(of=("self",)).select_related("call").get(pk=meeting.pk)
    if fresh.report_id is not None:
        raise ReviewRefused("评审报告已经出具，评审会的记录不能再改。")
    if seen_version is not None and seen_version != fresh.version:
        raise ReviewRefused("您打开页面之后，另一个人保存过这份记录。请在新窗口打开核对后重新保存。")
    first = fresh.items.select_related("project").order_by("pk").first()
    if first is not None:
        refuse_the_districts_hand(first.project, "conclude", actor)
        moves.require(first.project, "send_back", actor, at=at, conditions=False)
    return fresh


def _write_down(item: PanelItem, said: Said, determination: Any) -> None:
    limit = determination.limit if determination else Decimal(0)
    if said.proposed is not None and said.proposed > limit:
        raise ReviewRefused(
            f"“{item.project.title}”的建议金额超过测算上限 {limit:,.2f} 元（第六条）。",
            field=f"proposed_{item.project_id}",
        )
    item.conclusion, item.reasons, item.proposed = said.conclusion, said.reasons.strip(), said.proposed


def issue_report(
    meeting: PanelMeeting, *, number: str, text: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> ReviewReport:
    """The lead issues the report the panel came to: supported projects go to notice, others are declined or sent back.

    All of it or nothing. Raises NotYours, Overtaken, ConditionUnmet; ReviewRefused for a project without a conclusion
    or reasons, or for missing minutes.
    """
    refuse_used_number(number)
    with transaction.atomic():
        fresh = _on_the_table(meeting, actor, at, seen_version)
        items = list(fresh.items.select_related("project__call", "project__district", "project__enterprise"))
        _refuse_unfinished(fresh, items)
        limits = determinations_of([item.project for item in items])
        judged = [_judged(item, limits.get(item.project_id), actor) for item in items]
        supported = [one for one in judged if one.conclusion == PanelConclusion.SUPPORT]
        for one in judged:
            moves.require(one.project, "conclude" if one in supported else "decline", actor, at=at)
        for one in supported:
            refuse_below(one, fresh.call.pass_mark)
        report = write_report(fresh.call, judged, number=number, text=text, actor=actor, at=at)
        fresh.report, fresh.version = report, fresh.version + 1
        fresh.save(update_fields=["report", "version"])
        _carry_out(report, judged, actor=actor, at=at)
        audit.record(
            fresh, "panel.reported", actor=actor, at=at, label="出具评审报告", ground=report.ground, summary=number
        )
    return report


def _refuse_unfinished(meeting: PanelMeeting, items: Sequence[PanelItem]) -> None:
    if not meeting.minutes and meeting.minutes_file_id is None:
        raise ReviewRefused("请先填写会议纪要，或上传纪要扫描件。", field="minutes")
    open_ones = [item.project.title for item in items if not item.conclusion]
    if open_ones:
        raise ReviewRefused(f"还没有结论：{'、'.join(open_ones)}。")
    bare = [item.project.title for item in items if not item.reasons]
    if bare:
        raise ReviewRefused(f"请写明理由：{'、'.join(bare)}。企业会收到不予支持和再议的理由全文。")


def _judged(item: PanelItem, determination: Any, actor: Actor) -> Judged:
    supported = item.conclusion == PanelConclusion.SUPPORT
    return Judged(
        item.project, totals_of(item.project, actor), conclusion=item.conclusion, remark=item.reasons,
        determination=determination, proposed=item.proposed if supported else None,
    )  # fmt: skip


def _carry_out(report: ReviewReport, judged: Sequence[Judged], *, actor: Actor, at: datetime) -> None:
    """Each conclusion becomes a move: the report is the ground, a refusal has its own decision that names the report."""
    by_conclusion = {kind: [one for one in judged if one.conclusion == kind] for kind in PanelConclusion}
    if by_conclusion[PanelConclusion.SUPPORT]:
        pass_on(report, [one.project for one in by_conclusion[PanelConclusion.SUPPORT]], actor=actor, at=at)
    for one in by_conclusion[PanelConclusion.DECLINE]:
        reasons = f"{one.remark}（评审报告 {report.number}）"
        decline(one.project, reasons=reasons, clause=CLAUSE, actor=actor, at=at)
        one.project.take_ground(report.ground, move="panel", at=at)
    for one in by_conclusion[PanelConclusion.AGAIN]:
        reasons = f"补充材料后再议：{one.remark}（评审报告 {report.number}）"
        send_back(one.project, reasons=reasons, actor=actor, at=at)
        one.project.take_ground(report.ground, move="panel", at=at)
