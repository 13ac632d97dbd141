"""Arithmetic of scores: what counts, what is dropped, how a mean is rounded. Whole halves in, whole hundredths out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

TRIMMED_FROM = 5  # one highest and one lowest total are dropped when at least so many judged


def counted(totals: Sequence[int]) -> list[int]:
    """The totals (half points) that enter the mean: without one highest and one lowest where five or more judged."""
    ordered = sorted(totals)
    return ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered


def mean_hundredths(totals: Sequence[int]) -> int:
    """The trimmed mean of totals in half points, as hundredths of a point, halves rounded up (四舍五入).

    Raises ValueError for no totals.
    """
    kept = counted(totals)
    if not kept:
        raise ValueError("A mean needs at least one total.")
    return (sum(kept) * 100 + len(kept)) // (2 * len(kept))


def spread_half_points(totals: Sequence[int]) -> int:
    """Highest total less lowest, in half points."""
    return max(totals) - min(totals) if totals else 0


def needs_a_reason(total_half_points: int, below: int, above: int) -> bool:
    """True below the one and above the other of a call's two bounds, in points."""
    return total_half_points < below * 2 or total_half_points > above * 2


def half_points_of(points: Decimal | str) -> int:
    """Points in steps of a half as a count of halves. Raises ValueError with a text for the person."""
    try:
        halves = Decimal(points) * 2
    except InvalidOperation:
        raise ValueError("分数只能填数字，例如 8.5。") from None
    if not halves.is_finite() or halves != halves.to_integral_value():
        raise ValueError("分数以 0.5 分为一档。")
    return int(halves)
