"""The scores of a project side by side, once all are in: what a page and a report show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from review.facts import counted, mean_hundredths, spread_half_points
from review.models import A_WIDE_SPREAD


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by rubric item, columns by expert, totals below; mean with two decimals."""

    heads: list[str]
    rows: list[dict[str, Any]]
    totals: list[Decimal]
    comments: list[dict[str, str]]
    mean: Decimal
    spread: Decimal
    is_wide: bool
    trimmed: bool

    @classmethod
    def of(cls, rubric: Sequence[Any], sheets: Sequence[Any]) -> Table:
        """From sheets fetched with their expert and scores."""
        by_sheet = [{score.item_id: score for score in sheet.scores.all()} for sheet in sheets]
        halves = [sheet.total_half_points for sheet in sheets]
        spread = spread_half_points(halves)
        return cls(
            heads=[f"专家 {number}" for number in range(1, len(sheets) + 1)],
            rows=[_row(item, by_sheet) for item in rubric],
            totals=[sheet.total for sheet in sheets],
            comments=[
                {"head": f"专家 {number} · {sheet.assignment.expert}", "text": sheet.comment}
                for number, sheet in enumerate(sheets, start=1)
                if sheet.comment
            ],
            mean=Decimal(mean_hundredths(halves)).scaleb(-2),
            spread=Decimal(spread) / 2,
            is_wide=spread > A_WIDE_SPREAD,
            trimmed=len(counted(halves)) < len(halves),
        )


def _row(item: Any, by_sheet: list[dict[int, Any]]) -> dict[str, Any]:
    scores = [found.get(item.pk) for found in by_sheet]
    return {"item": item, "points": [score.points if score else None for score in scores]}
