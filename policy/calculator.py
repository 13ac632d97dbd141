"""The calculator's one service: an explained determination, and the same figures in each direction beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from policy.industries import industry_name
from policy.rules import Determination, Facts, Step, Version, determine
from policy.rules.version import Standard

TRACK_NAMES = {"DIAN": "点", "XIAN": "线", "MIAN": "面"}


@dataclass(frozen=True, slots=True)
class Column:
    """One direction for the same investment: what it would come to, and the evidence it would need."""

    name: str
    amount: Decimal | None
    standard: Standard
    chosen: bool

    @property
    def cap_wan(self) -> str:
        return f"{self.standard.cap / 10000:,.0f}"

    @property
    def rate_percent(self) -> str:
        return f"{self.standard.rate * 100:.0f}%"


@dataclass(frozen=True, slots=True)
class Calculation:
    """What the page shows."""

    determination: Determination
    columns: tuple[Column, ...]
    version: Version

    @property
    def amount(self) -> Decimal | None:
        return self.determination.total

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps without the closing sum, which the page shows as such."""
        return tuple(step for step in self.determination.steps if step.key != "sum")

    @property
    def industry(self) -> str:
        facts = self.determination.facts
        assert isinstance(facts, Facts)  # noqa: S101 - a calculation is made from project facts only
        return f"{facts.industry4} {industry_name(facts.industry4)}"


def calculate(facts: Facts, version: Version) -> Calculation:
    """The explained support without regard to pools, and the comparison of 点, 线, 面 in the same role.

    The comparison never says which to choose: the direction is a reviewed fact with evidence (第九条（三）).
    """
    columns = tuple(_column(facts, mode, version) for mode in TRACK_NAMES)
    return Calculation(determine(facts, version), columns, version)


def _column(facts: Facts, mode: str, version: Version) -> Column:
    as_if = replace(facts, mode=mode)
    standard = version.standards[as_if.standard_key]
    role = "" if mode == "DIAN" else " · 链主" if facts.chain_leader else " · 其他"
    return Column(TRACK_NAMES[mode] + role, determine(as_if, version).total, standard, mode == facts.mode)
