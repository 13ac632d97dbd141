"""The engine against a second calculation, written from the clauses and the formulas alone, without sight of the engine."""

import csv
import io

import pytest

from policy import versions
from policy.cases import COLUMNS, assess, read_rows
from tests.policy.second_calculation import answer, random_rows
from tests.policy.test_cases import CASES

SEEDS = 10
ROWS_A_SEED = 50


def disagreements(rows, law):
    """What the two calculations answer differently: row, second answer, engine's answer."""
    pairs = zip(rows, answer(rows), assess(rows, law), strict=True)
    told = ((row, {name: second.get(name) or "" for name in COLUMNS}, engine) for row, second, engine in pairs)
    return [(row, second, engine) for row, second, engine in told if second != engine]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_calculations_agree_on_random_fact_sheets(seed):
    assert disagreements(random_rows(seed, ROWS_A_SEED), versions.load("2025-03")) == []


def test_the_second_calculation_knows_the_worked_cases_too():
    assert disagreements(read_rows(CASES.read_bytes()), versions.load("2025-03")) == []


def test_random_sheets_reach_every_kind_and_verdict():
    rows = [row for seed in range(SEEDS) for row in random_rows(seed, ROWS_A_SEED)]
    assert {row["kind"] for row in rows} == {"ENTITLE", "POOL", "CHANGE", "ACCEPT", "INSTALMENT", "DATE"}
    verdicts = {found["verdict"] for found in assess(rows, versions.load("2025-03"))}
    assert {"OK", "OK_LOCAL_EXISTING_POLICY", "REJECT_ABOVE_CEILING", "REJECT_BAD_INPUT", "CANCELLED"} <= verdicts


def test_random_sheets_are_case_files():
    rows = random_rows(0, 20)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    read = read_rows(file.getvalue().encode())
    law = versions.load("2025-03")
    assert list(assess(read, law)) == list(assess(rows, law))
