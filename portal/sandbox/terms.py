"""What a scenario may vary, and what it varies, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policy.rules.amounts import in_percent

if TYPE_CHECKING:
    from portal.sandbox.models import Scenario

# 点 has one standard for both roles (第六条（二）1); it is shown once.
STANDARDS = {
    "DIAN-OTHER": "点",
    "XIAN-LEADER": "线 · 链主",
    "XIAN-OTHER": "线 · 其他",
    "MIAN-LEADER": "面 · 链主",
    "MIAN-OTHER": "面 · 其他",
}
SETTINGS = (
    "tax_basis",
    "dedupe",
    "local_when_central_zero",
    "other_industry_reference",
    "special_for_pilot",
    "award_quantum",
    "min_eligible_investment",
    "enterprise_cap",
    "pool_method",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs from the base version, in words."""

    label: str
    before: str
    after: str
    clause: str


def ratio_text(ratio: Decimal) -> str:
    """A ratio without needless zeros: 0.150 → 0.15, 50.0 → 50."""
    text = f"{ratio:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_wan(amount: Decimal) -> str:
    """元 as 万元 to type again, exact: 15000000.00 → 1,500."""
    whole, _, rest = f"{amount / 10000:,f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def pool_words(amount: Decimal | None) -> str:
    """A pool to read."""
    return "不限" if amount is None else f"{in_wan(amount)} 万元"


def changes(scenario: Scenario) -> list[Change]:
    """Everything in which the scenario differs from its base, for the top of its page."""
    base, varied = scenario.base, scenario.version
    found = []
    for key, label in STANDARDS.items():
        before, after = base.standards[key], varied.standards[key]
        if before.rate != after.rate:
            found.append(Change(f"{label} 比例", in_percent(before.rate), in_percent(after.rate), before.clause))
        if before.cap != after.cap:
            words = f"{in_wan(before.cap)} 万元", f"{in_wan(after.cap)} 万元"
            found.append(Change(f"{label} 单个项目最高", *words, before.clause))
    for key in SETTINGS:
        was, now = base.settings[key], varied.settings[key]
        if was.value != now.value:
            found.append(Change(was.label, was.shown, now.shown, was.clause))
    for label, name in (("中央资金", "central_pool"), ("地方资金", "local_pool")):
        held, wanted = getattr(scenario, f"base_{name}"), getattr(scenario, name)
        if held != wanted:
            found.append(Change(label, pool_words(held), pool_words(wanted), base.clauses["top_up"]))
    plan = base.default_plan().shares
    if plan != scenario.plan:
        found.append(Change("分批比例", plan_words(plan), plan_words(scenario.plan), base.clauses["payment"]))
    return found


def plan_words(shares: tuple[Decimal, ...]) -> str:
    """50% + 50%."""
    return " + ".join(in_percent(share) for share in shares)
