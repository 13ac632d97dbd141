"""20,000 random fact sheets through the engine and through a second calculation written without sight of it."""

import sys

from policy import versions
from tests.policy.second_calculation import random_rows
from tests.policy.test_second_calculation import disagreements

SHEETS = 20_000
A_TIME = 1_000


def main(first_seed: int = 10_000) -> int:
    law, found = versions.load("2025-03"), []
    for seed in range(first_seed, first_seed + SHEETS // A_TIME):
        found += disagreements(random_rows(seed, A_TIME), law)
    for row, second, engine in found[:10]:
        print({name: value for name, value in row.items() if value})
        print("  second:", second)
        print("  engine:", engine)
    print(f"{SHEETS} fact sheets from seed {first_seed}: {len(found)} disagreements")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
