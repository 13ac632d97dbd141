"""Invariants 2 and 8: no amount above its ceiling, every determination recomputes to the same figures."""

from __future__ import annotations

from collections.abc import Iterator

from applications.models import Determination
from core.money import from_fen
from disbursement.models import Settlement
from portal import replay
from portal.invariants.question import Question, fen
from portal.invariants.registry import Invariant
from portal.replay import replayed


def _above(row: int, central: int | None, ceiling: int | None, total: int | None, limit: int | None) -> Iterator[str]:
    if central is not None and ceiling is not None and central > ceiling:
        yield f"测算 {row}：中央部分 {from_fen(central)} 元，超过第六条上限 {from_fen(ceiling)} 元。"
    if total is not None and limit is not None and total > limit:
        yield f"测算 {row}：合计 {from_fen(total)} 元，超过支持上限 {from_fen(limit)} 元。"


# The central part of a determination never exceeds the ceiling of 第六条, nor the sum its limit.
CENTRAL_WITHIN_THE_CEILING = Question(
    rows="applications_determination",
    broken='central > ceiling OR total > "limit"',
    told='id, central, ceiling, total, "limit"',
    say=_above,
)

COLUMNS = replay.COLUMNS[Determination]
SAID = ", ".join(f"""{fen(f"result ->> '{name}'")} AS said_{name}""" for name in COLUMNS)
DIFFERS = [f'(COALESCE("{name}", -1) <> COALESCE(said_{name}, -1))' for name in COLUMNS]


def _unlike(row: int, is_empty: bool, *differs: bool) -> Iterator[str]:
    if is_empty:
        yield f"测算 {row}：没有结果。"
    else:
        yield from (f"测算 {row}：{name} 与结果不符。" for name, found in zip(COLUMNS, differs, strict=True) if found)


# The stored columns are those of the stored result. To open a hundred thousand results is fifteen times a plain scan, so
# PostgreSQL looks when a row is written.
COLUMNS_REPEAT_THE_RESULT = Question(
    rows=f"""(SELECT determination.*, result ->> 'verdict' AS said, {SAID}
        FROM applications_determination determination) determination""",
    broken=f"said IS NULL OR {' OR '.join(DIFFERS)}",
    told=f"id, said IS NULL, {', '.join(DIFFERS)}",
    say=_unlike,
    kept_by="columns_repeat_the_determination",
)


def determinations_replay() -> Iterator[str]:
    """The same facts under the same version give the same verdict and figures."""
    yield from (f"测算 {row.pk}：{fault}。" for row, fault in replayed(Determination) if fault)


def settlements_replay() -> Iterator[str]:
    """A settlement's final amount is still what its facts give."""
    yield from (f"终核清算 {row.pk}：{fault}。" for row, fault in replayed(Settlement) if fault)


INVARIANTS = [
    Invariant.asking("2a", "中央部分不超过第六条上限，合计不超过支持上限", CENTRAL_WITHIN_THE_CEILING),
    Invariant.asking("8a", "存下的列与测算结果一致", COLUMNS_REPEAT_THE_RESULT),
    Invariant("8b", "每份测算按原事实、原版本重算，数字不变", Determination.objects.count, determinations_replay),
    Invariant("8c", "每份终核清算按原事实、原版本重算，数字不变", Settlement.objects.count, settlements_replay),
]
