"""Scenarios of the policy sandbox for the demonstration: three of the bureau, one of finance, over the projects it loaded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.models import User
from policy import versions
from portal.demo.days import Days
from portal.sandbox import queries, services

POINT_AT_TWENTY = {"rate": "0.20"}
SCENARIOS = (
    ("bureau", "点上提到 20%", {"standards": {"DIAN-OTHER": POINT_AT_TWENTY, "DIAN-LEADER": POINT_AT_TWENTY}}, {}),
    ("bureau", "按评审分分配，中央 6,000 万元", {"settings": {"pool_method": "RANK"}}, {"central_pool": 60_000_000}),
    ("bureau-lead", "每家企业最高 1,000 万元", {"settings": {"enterprise_cap": "10000000"}}, {}),
    ("finance", "分三批：30%、40%、30%", {}, {"shares": ["0.3", "0.4", "0.3"]}),
)


def load_scenarios(users: dict[str, User], days: Days) -> None:
    """Work the scenarios out and keep them; no project changes."""
    base = versions.in_force(days.loaded_at.date())
    held = queries.budgets(None)
    plan = [f"{share:f}" for share in base.default_plan().shares]
    for number, (username, name, variation, more) in enumerate(SCENARIOS):
        fields: dict[str, Any] = {
            "name": name,
            "base_version": base.key,
            "variation": variation,
            "chosen": {},
            "base_central_pool": held["central"],
            "base_local_pool": held["local"],
            "central_pool": Decimal(more["central_pool"]) if "central_pool" in more else held["central"],
            "local_pool": held["local"],
            "shares": more.get("shares", plan),
        }
        services.save_scenario(fields, actor=users[username], at=days.ago(len(SCENARIOS) - number))
