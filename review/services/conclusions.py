"""The bureau's conclusion over projects whose scores are all in: one review report moves them to public notice (第九条三)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import Project
from core import moves
from core.models import Ground, GroundKind
from core.moves import ConditionUnmet
from review import letters
from review.facts import mean_hundredths
from review.models import ReportEntry, ReviewReport, ScoreSheet
from review.services import assignments, papers
from review.services.desks import refuse_the_districts_hand
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


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
    call = _one_call(projects)
    if ReviewReport.objects.filter(number=number).exists():
        raise ReviewRefused("这个文号已经用过。", field="number")
    with transaction.atomic():
        for project in projects:
            moves.require(project, "conclude", actor, at=at)
        totals = {project.pk: _totals(project, actor) for project in projects}
        means = {key: mean_hundredths(halves) for key, halves in totals.items()}
        for project in projects:
            _refuse_below(project, means[project.pk], call.pass_mark)
        ground = Ground.issue(
            kind=GroundKind.REVIEW_REPORT, title="评审报告", number=number, by=actor, at=at,
            facts={"text": text, "means_hundredths": {str(key): mean for key, mean in means.items()}, "pass_mark": call.pass_mark},
        )  # fmt: skip
        report = ReviewReport.objects.create(
            call=call, number=number, text=text, ground=ground, concluded_at=at, concluded_by=actor
        )
        ReportEntry.objects.bulk_create(
            ReportEntry(
                report=report, project=project, experts=len(totals[project.pk]), mean_hundredths=means[project.pk],
                remark=(remarks or {}).get(project.pk, ""),
            )
            for project in projects
        )  # fmt: skip
        moved = moves.perform_many(
            projects, "conclude", actor=actor, at=at, ground=ground, letters=letters.concluded, summary=number
        )
        for project in moved:
            assignments.shut(project)
        papers.ask_for("report", report.pk, by=actor, at=at)
    return report


def _one_call(projects: Sequence[Project]) -> object:
    if not projects:
        raise ReviewRefused("请选择要结论的项目。", field="projects")
    if len({project.call_id for project in projects}) > 1:
        raise ReviewRefused("一份评审报告只能包含同一批次的项目。", field="projects")
    return projects[0].call


def _totals(project: Project, actor: Actor) -> list[int]:
    """Totals in half points once all are in."""
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


def _refuse_below(project: Project, mean: int, pass_mark: int) -> None:
    if mean < pass_mark * 100:
        raise ConditionUnmet(
            f"“{project.title}”平均 {Decimal(mean).scaleb(-2)} 分，低于合格线 {pass_mark} 分，请作出不予支持的决定。",
            record=project,
            move="conclude",
        )
