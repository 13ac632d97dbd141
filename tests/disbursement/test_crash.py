"""A process is killed at every write of what it does: all of it is there or nothing, and asking again completes it."""

from __future__ import annotations

import os
import random

import pytest
from django.db import connection, connections

from portal.invariants.registry import all_invariants
from tests.disbursement import crash
from tests.disbursement.money_world import everything

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
ALL = bool(os.environ.get("CRASH_EVERYWHERE"))  # script/proof crash
POINTS = 6  # otherwise, spread by a fixed seed
MOST = 400


# What the factories do by hand: projects and calls put into a state without its moves, numbers taken from no series.
BY_HAND = ("1a applications.", "7d 编号 2026-106")


def faults() -> list[str]:
    found = [f"{one.key} {fault}" for one in all_invariants() for fault in one.faults()]
    return [fault for fault in found if not fault.startswith(BY_HAND)]


def killed_once(make, point: int) -> bool:
    """One process killed at one point; then what holds, and the retry. False where the deed has no such point."""
    deed = crash.given(make)
    before = everything()
    if not crash.broken_off(deed, point):
        assert deed.is_done()
        return False

    assert everything() == before or deed.is_done(), f"{make.__name__} killed at {point}: neither nothing nor all"
    assert faults() == [], f"{make.__name__} killed at {point}"
    crash.retried(deed)
    assert deed.is_done(), f"{make.__name__} killed at {point}: the retry did not complete it"
    assert faults() == [], f"{make.__name__} retried after {point}"
    return True


@pytest.mark.skipif(not ALL, reason="script/proof crash walks all points")
@pytest.mark.parametrize("make", crash.DEEDS, ids=lambda make: make.__name__)
def test_a_kill_at_every_write_leaves_all_or_nothing(make):
    crash.big_pool()

    points = next(point for point in range(1, MOST) if not killed_once(make, point)) - 1

    print(f"{make.__name__}: {points} kill points")  # noqa: T201 - the campaign reports its figure
    assert points >= 2
    connections.close_all()


@pytest.mark.skipif(ALL, reason="all points are walked")
def test_a_kill_at_some_writes_leaves_all_or_nothing():
    crash.big_pool()
    chance = random.Random("crash")

    for make in chance.sample(crash.DEEDS, POINTS):
        killed_once(make, chance.randint(1, 12))
    connections.close_all()
