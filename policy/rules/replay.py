"""Replay: the same facts under the same version give the same figures, for ever."""

from __future__ import annotations

from policy.rules.changes import change
from policy.rules.determination import Determination
from policy.rules.entitlement import determine
from policy.rules.facts import AcceptanceFacts, ChangeFacts, DateFacts, Facts, FactsError, InstalmentFacts, Sheet
from policy.rules.instalments import instalment
from policy.rules.settlement import settle
from policy.rules.validity import validity
from policy.rules.version import Version


def recompute(facts: Sheet, version: Version) -> Determination:
    """The rule which answers this kind of facts; raises FactsError for a pool, whose cases are answered together."""
    match facts:
        case Facts():
            return determine(facts, version)
        case ChangeFacts():
            return change(facts, version)
        case AcceptanceFacts():
            return settle(facts, version)
        case InstalmentFacts():
            return instalment(facts, version)
        case DateFacts():
            return validity(facts, version)
    raise FactsError(f"{facts.kind} 不是单个项目的事实")
