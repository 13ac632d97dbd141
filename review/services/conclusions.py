"""The bureau's conclusion over projects whose scores are all in: one review report moves them to public notice (第九条三)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications.models import Determination, Project
from core import moves
from core.models import Ground, GroundKind
from core.moves import ConditionUnmet
from review import letters
from review.facts import mean_hundredths, spread_half_points
from review.models import PanelConclusion, ReportEntry, ReviewReport, ScoreSheet
from review.services import assignments, papers
from review.services.desks import refuse_the_districts_hand
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


@dataclass(frozen=True, slots=True)
class Judged:
    """One project as a report tells it. `proposed`: 元, at most the determination's limit, or None."""

    project: Project
    totals: list[int]
    conclusion: str = PanelConclusion.SUPPORT
    remark: str = ""
    determination: Determination | None = None
    proposed: Decimal | None = None

    @property
    def mean(self) -> int:
        """Hundredths of a point."""
        return mean_hundredths(self.totals)


def conclude(
    projects: Sequence[Project],
    *,
    number: str,
    text: str,
    actor: Actor,
    at: datetime,
    remarks: Mapping[int, str] | None = None,
) -> ReviewReport:
    """Write one 评审报告 over projects of one call that passed, and move them all to public notice, or none.

    `remarks`: words on a project by its key. The PDF is made by a job after commit. Raises NotYours, Overtaken,
    ConditionUnmet (scores missing, below the pass mark, a hold); ReviewRefused for a number in use or mixed calls.
    """
    call = one_call(projects)
    refuse_used_number(number)
    with transaction.atomic():
        for project in projects:
            moves.require(project, "conclude", actor, at=at)
        limits = determinations_of(projects)
        judged = [
            Judged(
                project, totals_of(project, actor), remark=(remarks or {}).get(project.pk, ""),
                determination=limits.get(project.pk),
            )
            for project in projects
        ]  # fmt: skip
        for one in judged:
            refuse_below(one, call.pass_mark)
        report = write_report(call, judged, number=number, text=text, actor=actor, at=at)
        pass_on(report, projects, actor=actor, at=at)
    return report


def write_report(
    call: Any, judged: Sequence[Judged], *, number: str, text: str, actor: Actor, at: datetime
) -> ReviewReport:
    """Issue the report's ground and its entries, ranked by their means; asks for the PDF. Moves nothing."""
    ground = Ground.issue(
        kind=GroundKind.REVIEW_REPORT, title="评审报告", number=number, by=actor, at=at,
        facts={
            "text": text, "pass_mark": call.pass_mark,
            "means_hundredths": {str(one.project.pk): one.mean for one in judged},
            "conclusions": {str(one.project.pk): str(one.conclusion) for one in judged},
            "proposed": {str(one.project.pk): one.proposed for one in judged if one.proposed is not None},
        },
    )  # fmt: skip
    report = ReviewReport.objects.create(
        call=call, number=number, text=text, ground=ground, concluded_at=at, concluded_by=actor
    )
    means = sorted((one.mean for one in judged), reverse=True)
    ReportEntry.objects.bulk_create(
        ReportEntry(
            report=report, project=one.project, experts=len(one.totals), mean_hundredths=one.mean,
            spread_half_points=spread_half_points(one.totals), rank=means.index(one.mean) + 1,
            conclusion=one.conclusion, remark=one.remark, determination=one.determination, proposed=one.proposed,
            limit=one.determination.limit if one.determination else None,
        )
        for one in judged
    )  # fmt: skip
    papers.ask_for("report", report.pk, by=actor, at=at)
    return report


def pass_on(report: ReviewReport, projects: Sequence[Project], *, actor: Actor, at: datetime) -> None:
    """Move the projects a report supports to public notice, all or none; their experts' windows shut."""
    moved = moves.perform_many(
        projects, "conclude", actor=actor, at=at, ground=report.ground, letters=letters.concluded, summary=report.number
    )
    for project in moved:
        assignments.shut(project)


def one_call(projects: Sequence[Project]) -> Any:
    """The call all of these belong to. Raises ReviewRefused for none or several."""
    if not projects:
        raise ReviewRefused("请选择要结论的项目。", field="projects")
    if len({project.call_id for project in projects}) > 1:
        raise ReviewRefused("一份评审报告只能包含同一批次的项目。", field="projects")
    return projects[0].call


def refuse_used_number(number: str) -> None:
    if ReviewReport.objects.filter(number=number).exists():
        raise ReviewRefused("这个文号已经用过。", field="number")


def determinations_of(projects: Sequence[Project]) -> dict[int, Determination]:
    """The current determination of each project, by its key."""
    rows = Determination.objects.filter(project__in=[project.pk for project in projects], is_current=True)
    return {row.project_id: row for row in rows}


def totals_of(project: Project, actor: Actor) -> list[int]:
    """Totals in half points once all are in. Raises NotYours, ConditionUnmet."""
    refuse_the_districts_hand(project, "conclude", actor)
    sheets = ScoreSheet.objects.filter(assignment__project=project).all_in()
    totals = list(sheets.values_list("total_half_points", flat=True))
    if not totals:
        raise ConditionUnmet(
            f"“{project.title}”的专家评分还没有全部提交（至少 {project.call.experts_needed} 名专家）。",
            record=project,
            move="conclude",
        )
    return totals


def refuse_below(one: Judged, pass_mark: int) -> None:
    """Raise ConditionUnmet for a project whose mean is below the mark: it cannot be supported."""
    if one.mean < pass_mark * 100:
        raise ConditionUnmet(
            f"“{one.project.title}”平均 {Decimal(one.mean).scaleb(-2)} 分，低于合格线 {pass_mark} 分，请作出不予支持的决定。",
            record=one.project,
            move="conclude",
        )
