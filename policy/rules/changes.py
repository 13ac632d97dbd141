"""Changes (第十条): what a major change leaves of an approved amount."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from policy.rules.amounts import ZERO
from policy.rules.determination import BAD_INPUT, MANUAL_REVIEW, OK, Determination, refused
from policy.rules.entitlement import determine
from policy.rules.facts import ChangeFacts
from policy.rules.steps import Trace, entries
from policy.rules.version import Version


def change(facts: ChangeFacts, version: Version) -> Determination:
    """The amount after a change: never raised unless the version allows it; what was paid above it comes back.

    ``approved`` is gross; earlier support is subtracted once, at the end. A refusal of the changed project is
    answered as such.
    """
    if facts.fault:
        return refused(facts, version, BAD_INPUT, facts.fault)
    # The ceiling alone is asked for: what was approved, and what the pools hold, are not at stake here.
    project = replace(facts.project, approved=None, central_pool=None, local_pool=None)
    renewed = determine(project, version)
    if renewed.refused:
        return renewed._replace(facts=facts)
    trace: Trace = [item for entry in entries(renewed.trace) if entry[0] in _KEPT for item in entry]
    ceiling = renewed.ceiling
    verdict = OK
    if not facts.change_major:
        final, binding = facts.approved, "change_minor"
        trace += ("change_minor", facts.approved, None, final)
    elif facts.decided_amount is not None:
        final, binding = _within(facts.approved, facts.decided_amount, version.allow_upward, trace)
    elif project.major not in version.pilot_majors:
        final, binding, verdict = ZERO, "change_manual", MANUAL_REVIEW
        trace += ("change_manual", None, project.major, ZERO)
    else:
        # A local direction or a 一事一议 in a pilot industry has no ceiling: its own limit stands for it.
        limit = (renewed.limit or ZERO) if ceiling is None else ceiling
        final, binding = _within(facts.approved, limit, version.allow_upward, trace)
    if facts.other_received and verdict == OK:
        net = max(ZERO, final - facts.other_received)
        trace += ("received", final, facts.other_received, net)
        final = net
    clawback = max(ZERO, facts.paid - final)
    trace += ("clawback", final, facts.paid, clawback)
    return Determination(
        facts=facts,
        version=version,
        verdict=verdict,
        eligible=renewed.eligible,
        ceiling=ceiling,
        limit=facts.decided_amount if facts.decided_amount is not None else renewed.limit,
        central=None,
        local=None,
        total=None,
        unfunded=None,
        final=final,
        payable=None,
        clawback=clawback,
        claw_central=None,
        claw_local=None,
        binding=binding,
        trace=tuple(trace),
    )


_KEPT = ("invest", "land", "vat", "duplicates", "eligible", "rate", "cap")


def _within(approved: Decimal, limit: Decimal, upward: bool, trace: Trace) -> tuple[Decimal, str]:
    if upward:
        trace += ("change_upward", approved, limit, limit)
        return limit, "change_upward"
    final = min(approved, limit)
    trace += ("change_ceiling", approved, limit, final)
    return final, "change_ceiling"
