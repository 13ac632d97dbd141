"""The calculator's one service: an explained determination, and the same figures in each direction beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core import documents
from policy.industries import industry_name
from policy.rules import Determination, Facts, Step, Version, determine
from policy.rules.amounts import in_percent
from policy.rules.version import Standard

TRACK_NAMES = {"DIAN": "点", "XIAN": "线", "MIAN": "面"}


@dataclass(frozen=True, slots=True)
class Column:
    """One direction for the same investment: what it would come to, and the evidence it would need."""

    title: str
    amount: Decimal | None
    standard: Standard
    here: bool

    @property
    def mark(self) -> str:
        return "所选" if self.here else ""

    @property
    def lines(self) -> tuple[str, str]:
        """Rate and cap with their clause, then the evidence."""
        standard = self.standard
        terms = f"{in_percent(standard.rate)}，封顶 {standard.cap / 10000:,.0f} 万元 · {standard.clause}"
        return terms, standard.evidence


@dataclass(frozen=True, slots=True)
class Calculation:
    """What the page shows."""

    determination: Determination
    columns: tuple[Column, ...]
    version: Version
    #: the investment by its parts, as typed
    parts: str = ""

    @property
    def amount(self) -> Decimal | None:
        return self.determination.total

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps without the closing sum, which the page shows as such; the first names the parts."""
        steps = [step for step in self.determination.steps if step.key != "sum"]
        return tuple(replace(step, taken=self.parts) if step.key == "invest" and self.parts else step for step in steps)

    @property
    def industry(self) -> str:
        facts = self.determination.facts
        assert isinstance(facts, Facts)  # noqa: S101 - a calculation is made from project facts only
        return f"{facts.industry4} {industry_name(facts.industry4)}"


def calculate(facts: Facts, version: Version, parts: str = "") -> Calculation:
    """The explained support without regard to pools, and the comparison of 点, 线, 面 in the same role.

    The comparison never says which to choose: the direction is a reviewed fact with evidence (第九条（三）).
    """
    columns = tuple(_column(facts, mode, version) for mode in TRACK_NAMES)
    return Calculation(determine(facts, version), columns, version, parts)


def _column(facts: Facts, mode: str, version: Version) -> Column:
    as_if = replace(facts, mode=mode)
    standard = version.standards[as_if.standard_key]
    role = "" if mode == "DIAN" else " · 链主" if facts.chain_leader else " · 其他"
    return Column(TRACK_NAMES[mode] + role, determine(as_if, version).total, standard, mode == facts.mode)


def calculation_pdf(calculation: Calculation, address: str, *, at: datetime) -> bytes:
    """The calculation as a sheet to keep; ``address`` is where it can be worked out again."""
    context = {
        "title": "新型技术改造专项资金政策测算",
        "answer": calculation,
        "determination": calculation.determination,
        "address": address,
    }
    return documents.render_pdf("policy/documents/calculation.html", context, at=at)
