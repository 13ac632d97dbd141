"""The result of a project's scoring as a row, kept in step by every deed that changes who was asked or who handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from applications.models import Project
from review.facts import mean_hundredths, spread_half_points
from review.models import Assignment, ScoreResult
from review.states import SheetState


def refresh(projects: Iterable[int]) -> list[ScoreResult]:
    """Work the results of these projects out anew, in three queries, and give them back."""
    found = worked_out(projects)
    ScoreResult.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["project"], batch_size=500,
        update_fields=["round", "asked", "handed_in", "mean_hundredths", "spread_half_points"],
    )  # fmt: skip
    return found


def worked_out(projects: Iterable[int]) -> list[ScoreResult]:
    """What the sheets of these projects say now, unsaved; the mean stands only when all are in and enough were asked."""
    keys = list(projects)
    needed = {
        row["pk"]: row for row in Project._base_manager.filter(pk__in=keys).values("pk", "call", "call__experts_needed")
    }
    totals: dict[int, list[int | None]] = defaultdict(list)
    rounds: dict[int, int] = {}
    rows = Assignment.objects.current().filter(project__in=keys).order_by()
    for key, number, state, total in rows.values_list("project", "round", "sheet__state", "sheet__total_half_points"):
        totals[key].append(total if state == SheetState.SUBMITTED else None)
        rounds[key] = max(number, rounds.get(key, 1))
    return [_result(row, totals[key], rounds.get(key, 1)) for key, row in needed.items()]


def _result(row: dict, totals: list[int | None], round: int) -> ScoreResult:
    given = [total for total in totals if total is not None]
    whole = bool(totals) and len(given) == len(totals) >= row["call__experts_needed"]
    return ScoreResult(
        project_id=row["pk"], call_id=row["call"], round=round, asked=len(totals), handed_in=len(given),
        mean_hundredths=mean_hundredths(given) if whole else None,
        spread_half_points=spread_half_points(given) if whole else None,
    )  # fmt: skip
