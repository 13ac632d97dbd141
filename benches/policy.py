"""What an explanation costs: one determination, 100,000 in one scenario, beside the barest arithmetic; then a what-if."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from benches import sandbox
from policy import versions
from policy.rules import Facts, determine

BAR = 12
ONCE = 5_000
SCENARIO = 100_000
ONE_ROUNDS = 25
SCENARIO_ROUNDS = 7


def ratio(plain: Callable[[], object], explained: Callable[[], object], rounds: int) -> float:
    """Fastest round against fastest round, taken in turn, so that a busy machine slows both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((plain, explained), times, strict=True):
            begun = time.perf_counter()
            work()
            kept.append(time.perf_counter() - begun)
    return round(min(times[1]) / min(times[0]), 2)


def sheets(count: int) -> list[Facts]:
    """Validated facts of many projects: three directions, some with land, some above their cap."""
    modes = ("DIAN", "XIAN", "MIAN")
    return [
        Facts(
            mode=modes[number % 3],
            chain_leader=number % 5 == 0,
            industry4="3421",
            invest_total=Decimal(8_000_000 + number * 977) / 1 + Decimal("0.37"),
            land_infra=Decimal("2500000.00") if number % 2 else Decimal("0.00"),
        )
        for number in range(count)
    ]


def main() -> None:
    version = versions.load("2025-03")
    one = sheets(1)[0]
    hundred = Decimal(100)
    plain = [
        (facts.invest_total - facts.land_infra, standard.rate * hundred, standard.cap)
        for facts in sheets(SCENARIO)
        for standard in [version.standards[facts.standard_key]]
    ]
    base, rate, cap = plain[0]

    def bare_once() -> None:
        for _ in range(ONCE):
            min(base * rate // 100, cap)

    def explained_once() -> None:
        for _ in range(ONCE):
            determine(one, version)

    def bare_scenario() -> Decimal:
        total = Decimal(0)
        for base, rate, cap in plain:
            total += min(base * rate // 100, cap)
        return total

    def explained_scenario() -> tuple[Decimal, Counter[str]]:
        """What a what-if does: every project determined, the totals summed, the binding steps counted."""
        total, binding = Decimal(0), Counter[str]()
        for facts in scenario:
            answer = determine(facts, version)
            total += answer.total or 0
            binding[answer.binding] += 1
        return total, binding

    scenario = sheets(SCENARIO)
    for name, work, explained, rounds in (
        ("one explained determination", bare_once, explained_once, ONE_ROUNDS),
        ("100,000 in one scenario", bare_scenario, explained_scenario, SCENARIO_ROUNDS),
    ):
        print(json.dumps({"name": name, "ratio": ratio(work, explained, rounds), "bar": BAR}))


if __name__ == "__main__":
    main()
    sandbox.main()
