"""The money life in any order, 200 runs of 50 steps by the real services; every invariant of money after each step."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ.setdefault("MONEY_LIFE", "200x50")
    os.environ.setdefault("MONEY_LIFE_PARTS", "8")  # each with a seed of its own, counted from MONEY_LIFE_SEED
    sys.exit(pytest.main(["tests/disbursement/test_money_life.py", "-n", "2", "-rP", *sys.argv[1:]]))
