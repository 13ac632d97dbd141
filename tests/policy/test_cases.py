"""The 120 worked cases: every expected figure, through the same door as `manage.py assess`."""

from decimal import Decimal
from pathlib import Path

import pytest

from policy import versions
from policy.cases import assess, read_rows

CASES = Path(__file__).parent / "policy-cases.csv"
ROWS = read_rows(CASES.read_bytes())
EXPECTED = tuple(name for name in ROWS[0] if name.startswith("exp_"))


@pytest.fixture(scope="module")
def answers():
    return {answer["case_id"]: answer for answer in assess(ROWS, versions.load("2025-03"))}


def test_the_file_holds_the_120_cases():
    certainty = [row["certainty"] for row in ROWS]
    assert len(ROWS) == 120
    assert [certainty.count(word) for word in ("STRICT", "DERIVED", "DEFAULT")] == [46, 36, 38]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['case_id']} {row['title']} [{row['clauses']}]" for row in ROWS])
def test_case(row, answers):
    answer = answers[row["case_id"]]
    for column in EXPECTED:
        expected, given = row[column], answer[column.removeprefix("exp_")]
        if expected == "":
            continue
        if column == "exp_verdict":
            assert given == expected
        else:
            assert given != "", column
            assert Decimal(given) == Decimal(expected), column
            assert given == f"{Decimal(expected):.2f}"
