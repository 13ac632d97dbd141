"""What an invariant is, and the plain list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Faults = Iterator[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """`key`: number of the architecture's list and a letter; `sentence`: what always holds; `count`: how many rows it
    looked at; `faults`: one sentence a breach."""

    key: str
    sentence: str
    count: Callable[[], int]
    faults: Callable[[], Faults]


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
    from portal.invariants import amounts, audit_chain, duties, grounds, money, papers, pools, sight

    modules = (grounds, amounts, money, pools, duties, papers, sight, audit_chain)
    found = [invariant for module in modules for invariant in module.INVARIANTS]
    return sorted(found, key=lambda invariant: (int(invariant.key[:-1]), invariant.key))


def look() -> list[Finding]:
    """Look at all of them; nothing is changed."""
    return [Finding(one, one.count(), list(one.faults())) for one in all_invariants()]
