"""A plan of instalments: which share is payable when (第十二条); as a 任务书 and the bureau's templates keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.money import percent
from disbursement.models import Condition
from disbursement.models.payments import condition_words
from policy.rules import Version

WHOLE = 10_000  # shares are counted in 万分之


class PlanRefused(Exception):
    """A plan that cannot be; the text is for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment to be: its share in 万分之, what it waits for, and the progress in % where it waits for that."""

    share: int
    condition: str
    progress: int | None = None

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.share, WHOLE)

    @property
    def share_words(self) -> str:
        return percent(Decimal(self.share) / WHOLE, 2).replace(".00%", "%")

    @property
    def condition_words(self) -> str:
        return condition_words(self.condition, self.progress)

    def as_json(self) -> dict[str, Any]:
        return {"share": self.share, "condition": self.condition, "progress": self.progress}


def plan_from(rows: Iterable[Mapping[str, Any]]) -> list[Part]:
    """A plan as it is kept in JSON."""
    return [Part(row["share"], row["condition"], row.get("progress")) for row in rows]


def plan_of_policy(version: Version) -> list[Part]:
    """The plan the policy version names, where the bureau has written none of its own.

    It says no figure for progress: nobody is paid faster than he builds, so it is the share paid with that instalment.
    """
    plan = version.default_plan()
    parts, so_far = [], 0
    for share, condition in zip(plan.shares, plan.conditions, strict=True):
        so_far += int(share * WHOLE)
        progress = so_far * 100 // WHOLE if condition == Condition.PROGRESS else None
        parts.append(Part(int(share * WHOLE), condition, progress))
    return parts


def check_plan(parts: Sequence[Part], whole: int = WHOLE) -> None:
    """Raises PlanRefused: shares sum to the whole, progress grows and is said, the last waits for the acceptance."""
    if not parts:
        raise PlanRefused("请至少填写一笔。")
    total = sum(part.share for part in parts)
    if total != whole:
        said = Part(total, Condition.SIGNED).share_words
        raise PlanRefused(f"各笔比例合计须为 {Part(whole, Condition.SIGNED).share_words}，现在是 {said}。")
    reached = 0
    for number, part in enumerate(parts, start=1):
        if part.condition != Condition.PROGRESS:
            continue
        if part.progress is None or not 0 < part.progress <= 100:
            raise PlanRefused(f"第 {number} 笔以项目进度为条件，请填写 1 至 100 的进度。")
        if part.progress < reached:
            raise PlanRefused(f"第 {number} 笔的进度不能低于前一笔的 {reached}%。")
        reached = part.progress
    if parts[-1].condition != Condition.ACCEPTED:
        raise PlanRefused("最后一笔须以验收通过为条件，按终核金额结算（第十二条）。")
