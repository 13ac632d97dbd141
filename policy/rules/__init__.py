"""The rules of the policy: facts and a version in, an explained determination out; no Django, clock, float or I/O."""

from policy.rules.changes import change
from policy.rules.content import PolicyDataError
from policy.rules.determination import Determination
from policy.rules.entitlement import determine
from policy.rules.facts import (
    AcceptanceFacts,
    AnyFacts,
    ChangeFacts,
    DateFacts,
    Facts,
    FactsError,
    InstalmentFacts,
    PoolFacts,
    facts_from_dict,
)
from policy.rules.instalments import instalment
from policy.rules.pools import allocate, allocate_each, order_of_service
from policy.rules.replay import recompute
from policy.rules.settlement import settle
from policy.rules.steps import Step
from policy.rules.validity import validity
from policy.rules.version import Version, VersionRef

__all__ = [
    "AcceptanceFacts",
    "AnyFacts",
    "ChangeFacts",
    "DateFacts",
    "Determination",
    "Facts",
    "FactsError",
    "InstalmentFacts",
    "PolicyDataError",
    "PoolFacts",
    "Step",
    "Version",
    "VersionRef",
    "allocate",
    "allocate_each",
    "change",
    "determine",
    "facts_from_dict",
    "instalment",
    "order_of_service",
    "recompute",
    "settle",
    "validity",
]
