"""The money life in any order: seeded runs here, 200 × 50 steps in script/proof money_life."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.disbursement.money_life import MoneyLife
from tests.disbursement.money_world import TALLY

pytestmark = pytest.mark.django_db

RUNS, STEPS = (int(n) for n in os.environ.get("MONEY_LIFE", "5x25").split("x"))
PARTS = int(os.environ.get("MONEY_LIFE_PARTS", "1"))


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_in_whatever_order_the_money_agrees(part):
    life = settings(
        max_examples=RUNS // PARTS, stateful_step_count=STEPS, derandomize=PARTS == 1, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    machine = MoneyLife if PARTS == 1 else seed(int(os.environ.get("MONEY_LIFE_SEED", "0")) + part)(MoneyLife)
    run_state_machine_as_test(machine, settings=life)
    print(dict(sorted(TALLY.items())))  # noqa: T201 - the campaign says what it walked through
