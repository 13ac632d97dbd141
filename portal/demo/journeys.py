"""Brings every project of the demonstration as far as its status says, stage by stage, oldest wave first."""

from __future__ import annotations

from applications import services as filing
from applications.models import Call, ProjectGroup
from core.models import User
from portal.demo import bookkeeping, district, follow_up, money, review
from portal.demo.days import Days
from portal.demo.filings import prepare
from portal.demo.journey import Cast, Journey
from portal.demo.rows import Row, rows
from portal.demo.timetable import WAVES, wave_of


def walk_all(call: Call, groups: dict[str, ProjectGroup], users: dict[str, User], days: Days) -> int:
    """Walk every row; returns how many projects there are."""
    cast = Cast(users, days)
    journeys = [_file(row, call, groups, cast) for row in _oldest_first()]
    experts = review.load_experts(cast)
    money.load_pools(cast)
    money.pay_for_training(cast)
    for wave in WAVES:
        members = [one for one in journeys if one.row.status in wave.statuses]
        district.recommend_all(members, wave, cast)
        review.walk(members, wave, experts, cast)
        money.walk(members, wave, cast)
    follow_up.load(cast)
    for one in journeys:
        district.stay(one, cast)
    bookkeeping.load(journeys, cast)
    return len(journeys)


def _oldest_first() -> list[Row]:
    """In the order of filing, so that numbers are given in the order of the days."""
    return sorted(rows(), key=lambda row: (-wave_of(row.status).submitted, row.line))


def _file(row: Row, call: Call, groups: dict[str, ProjectGroup], cast: Cast) -> Journey:
    ago = wave_of(row.status).submitted
    actor = cast.users[row.username]
    whole = row.status != "草稿"
    begun = cast.days.ago(ago + 4, hour=15, minute=row.line)
    project = prepare(row, call, groups.get(row.group), actor, begun, whole=whole)
    if whole:
        filing.submit(project, actor=actor, at=cast.days.ago(ago, hour=14, minute=row.line))
    return Journey(row, project.pk)
