"""What an invariant is, and the plain list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.invariants.question import Question, room_to_sort

Faults = Iterator[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """`key`: number of the architecture's list and a letter; `sentence`: what always holds; `count`: how many rows it
    looked at; `faults`: one sentence a breach. `question`: where one statement of SQL answers both."""

    key: str
    sentence: str
    count: Callable[[], int]
    faults: Callable[[], Faults]
    question: Question | None = None

    @classmethod
    def asking(cls, key: str, sentence: str, question: Question) -> Invariant:
        """An invariant that the database answers itself, whole, in one statement."""
        return cls(key, sentence, lambda: question.answer()[0], question.faults, question)

    def look(self) -> Finding:
        """Look at it once; nothing is changed."""
        if self.question is None:
            return Finding(self, self.count(), list(self.faults()))
        checked, broken = self.question.answer()
        return Finding(self, checked, list(self.question.faults()) if broken else [])


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant looked at once."""

    invariant: Invariant
    checked: int
    faults: list[str]

    @property
    def holds(self) -> bool:
        return not self.faults


def all_invariants() -> list[Invariant]:
    """Every invariant, in the order of the architecture's list. A new room adds its module here."""
    from portal.invariants import (
        amounts,
        audit_chain,
        duties,
        grounds,
        instalments,
        ledger,
        money,
        papers,
        pools,
        sight,
    )

    modules = (grounds, amounts, money, instalments, ledger, pools, duties, papers, sight, audit_chain)
    found = [invariant for module in modules for invariant in module.INVARIANTS]
    return sorted(found, key=lambda invariant: (int(invariant.key[:-1]), invariant.key))


def look() -> list[Finding]:
    """Look at all of them; nothing is changed."""
    with room_to_sort():
        return [one.look() for one in all_invariants()]
