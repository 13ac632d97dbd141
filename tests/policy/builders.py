"""Facts for tests of the rules: a plain project, changed by what a test is about."""

from decimal import Decimal
from typing import Any

from policy import versions
from policy.rules import AcceptanceFacts, ChangeFacts, Facts, InstalmentFacts

LAW = versions.load("2025-03")


def yuan(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _amounts(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in values.items()
    }


def project(**changed: Any) -> Facts:
    """30,000,000 元 of a 点 project in a pilot industry: a ceiling of 4,500,000.00 元."""
    return Facts(**{"mode": "DIAN", "industry4": "3421", "invest_total": Decimal(30_000_000), **_amounts(changed)})


def accepted(**changed: Any) -> AcceptanceFacts:
    """A 点 project approved for 7,500,000.00 元 and audited at 50,000,000 元."""
    base = {"mode": "DIAN", "approved": Decimal(7_500_000), "audited_eligible": Decimal(50_000_000)}
    return AcceptanceFacts(**{**base, **_amounts(changed)})


def changed(of: Facts | None = None, **values: Any) -> ChangeFacts:
    """A major change of an award of 7,500,000.00 元."""
    return ChangeFacts(**{"project": of or project(), "approved": Decimal(7_500_000), **_amounts(values)})


def tranche(number: int = 1, **values: Any) -> InstalmentFacts:
    """One of two halves of 7,500,000.00 元."""
    plan = (Decimal("0.5"), Decimal("0.5"))
    tranche_no = values.pop("tranche_no", number)
    base = {"approved": Decimal(7_500_000), "plan": plan, "tranche_no": tranche_no}
    return InstalmentFacts(**{**base, **_amounts(values)})
