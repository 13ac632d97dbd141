"""What a check finds, in words fit for the enterprise and the district alike; no other enterprise is ever named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from applications.checks.sheet import Line, Sheet
from applications.models import CheckOutcome
from applications.models.checks import TONES

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a rule objects to: how much it weighs, what was found."""

    outcome: CheckOutcome
    found: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its key, its name, the clause or standard it rests on, what is right, what to do, where to do it."""

    key: str
    label: str
    clause: str
    good: str
    todo: str
    section: str
    check: Callable[[Sheet], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule to one filing."""

    rule: str
    label: str
    clause: str
    section: str
    outcome: CheckOutcome
    found: str
    todo: str

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


WEIGHT = (CheckOutcome.OK, CheckOutcome.MANUAL, CheckOutcome.WARN, CheckOutcome.STOP)


def stop(found: str) -> Problem:
    return Problem(CheckOutcome.STOP, found)


def warn(found: str) -> Problem:
    return Problem(CheckOutcome.WARN, found)


def by_hand(found: str) -> Problem:
    return Problem(CheckOutcome.MANUAL, found)


def answer(rule: Rule, sheet: Sheet) -> Finding:
    """The finding of one rule: its heaviest outcome, and what it found in the order it was found."""
    problems = list(rule.check(sheet))
    outcome = heaviest(problems)
    found = joined([problem.found for problem in problems]) or rule.good
    todo = rule.todo if problems else ""
    return Finding(rule.key, rule.label, rule.clause, rule.section, outcome, found, todo)


def heaviest(problems: Sequence[Problem]) -> CheckOutcome:
    return max((problem.outcome for problem in problems), key=WEIGHT.index, default=CheckOutcome.OK)


def rows_of(lines: Sequence[Line]) -> str:
    """1、4、7 等 12 处."""
    more = f" 等 {len(lines)} 处" if len(lines) > SHOWN else ""
    return "、".join(str(line.position) for line in lines[:SHOWN]) + more


def joined(found: Sequence[str]) -> str:
    """What was found, the first few in words and the rest as a count."""
    more = f"等 {len(found)} 处。" if len(found) > SHOWN else ""
    return "".join(found[:SHOWN]) + more
