"""How far each project of the demonstration goes, and on which days; each stage is walked by its own module."""

from __future__ import annotations

from dataclasses import dataclass

from applications import services as filing
from applications.models import Call, Project, ProjectGroup
from core.models import User
from portal.demo.days import Days
from portal.demo.filings import prepare
from portal.demo.rows import Row, rows

# Where a project of this status stands, and how many days ago it was submitted.
SUBMITTED_AGO = {
    "草稿": 2,
    "初审中": 5,
    "疑似重复": 7,
    "退回补正": 12,
    "已撤回": 14,
    "初审不通过": 18,
    "评审中": 30,
    "公示中": 55,
    "公示有异议": 56,
    "市政府审定": 85,
    "任务书已签": 130,
    "拨付中": 160,
    "变更审核中": 162,
    "终止": 170,
    "验收中": 220,
    "验收不通过待整改": 225,
    "验收通过": 250,
}


@dataclass(slots=True)
class Journey:
    """One project on its way."""

    row: Row
    project: Project
    submitted_ago: int


def walk_all(call: Call, groups: dict[str, ProjectGroup], users: dict[str, User], days: Days) -> int:
    """Bring every row to its status; returns how many projects there are."""
    made = [_filed(row, call, groups, users, days) for row in in_order_of_filing()]
    return len(made)


def in_order_of_filing() -> list[Row]:
    """Oldest first, so that numbers are given in the order of the days."""
    return sorted(rows(), key=lambda row: -SUBMITTED_AGO[row.status])


def _filed(row: Row, call: Call, groups: dict[str, ProjectGroup], users: dict[str, User], days: Days) -> Journey:
    ago = SUBMITTED_AGO[row.status]
    actor = users[row.username]
    whole = row.status != "草稿"
    project = prepare(row, call, groups.get(row.group), actor, days.ago(ago + 3, hour=15), whole=whole)
    if whole:
        project = filing.submit(project, actor=actor, at=days.ago(ago, hour=14, minute=row.line))
    return Journey(row, project, ago)
