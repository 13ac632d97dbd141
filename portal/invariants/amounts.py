"""Invariants 2 and 8: no amount above its ceiling, every determination recomputes to the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from applications.models import Determination
from disbursement.models import Settlement
from portal.invariants.registry import Invariant
from portal.replay import replayed


def central_within_the_ceiling() -> Iterator[str]:
    """The central part of a determination never exceeds the ceiling of 第六条, nor the sum its limit."""
    for row in Determination.objects.order_by("pk").iterator(chunk_size=1000):
        central, total = _figure(row, "central"), _figure(row, "total")
        if central is not None and row.ceiling is not None and central > row.ceiling:
            yield f"测算 {row.pk}：中央部分 {central} 元，超过第六条上限 {row.ceiling} 元。"
        if total is not None and row.limit is not None and total > row.limit:
            yield f"测算 {row.pk}：合计 {total} 元，超过支持上限 {row.limit} 元。"


def _figure(row: Determination, name: str) -> Decimal | None:
    value = row.result.get(name)
    return None if value is None else Decimal(value)


def columns_repeat_the_result() -> Iterator[str]:
    """The stored columns are those of the stored result."""
    for row in Determination.objects.order_by("pk").iterator(chunk_size=1000):
        if not row.result:
            yield f"测算 {row.pk}：没有结果。"
            continue
        for name in ("eligible", "ceiling", "limit"):
            if getattr(row, name) != _figure(row, name):
                yield f"测算 {row.pk}：{name} 与结果不符。"


def determinations_replay() -> Iterator[str]:
    """The same facts under the same version give the same verdict and figures."""
    yield from (f"测算 {row.pk}：{fault}。" for row, fault in replayed(Determination) if fault)


def settlements_replay() -> Iterator[str]:
    """A settlement's final amount is still what its facts give."""
    yield from (f"终核清算 {row.pk}：{fault}。" for row, fault in replayed(Settlement) if fault)


INVARIANTS = [
    Invariant(
        "2a", "中央部分不超过第六条上限，合计不超过支持上限", Determination.objects.count, central_within_the_ceiling
    ),
    Invariant("8a", "存下的列与测算结果一致", Determination.objects.count, columns_repeat_the_result),
    Invariant("8b", "每份测算按原事实、原版本重算，数字不变", Determination.objects.count, determinations_replay),
    Invariant("8c", "每份终核清算按原事实、原版本重算，数字不变", Settlement.objects.count, settlements_replay),
]
