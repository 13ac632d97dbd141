"""Settlement (第十一、十二、十三条): what acceptance leaves of an award, what is still due, what comes back."""

from __future__ import annotations

from decimal import Decimal

from policy.rules.amounts import ZERO, fen, round_down, share_of
from policy.rules.determination import (
    BAD_INPUT,
    CANCELLED,
    MANUAL_REVIEW,
    OK,
    Determination,
    Figure,
    refused,
)
from policy.rules.facts import AcceptanceFacts
from policy.rules.steps import Trace
from policy.rules.version import Version


def settle(facts: AcceptanceFacts, version: Version) -> Determination:
    """The final amount after the audit, net of earlier support; ``ceiling`` is c, what the audited base would give.

    Falsehood cancels: nothing is due and all that was paid comes back. With two sources the local top-up is
    reduced first, or both by their shares, as the version says.
    """
    fault = facts.fault
    if not fault and version.prorates_plan and not (facts.planned_eligible and facts.planned_eligible > 0):
        fault = "按计划完成率折算须有计划合格投资"
    if fault:
        return refused(facts, version, BAD_INPUT, fault)
    trace: Trace = []
    base = _base(facts, version, trace)
    allowed = _allowed(facts, version, base, trace)
    verdict = OK
    if facts.fraud:
        verdict, final, binding = CANCELLED, ZERO, "fraud"
        trace += ("fraud", None, None, ZERO)
    else:
        final, binding = _final(facts, version, base, allowed, trace)
        if _below_minimum(facts, version, base):
            verdict, binding = MANUAL_REVIEW, "low_completion"
            trace += ("low_completion", facts.planned_eligible, None, None)
        if facts.other_received:
            net = max(ZERO, final - facts.other_received)
            trace += ("received", final, facts.other_received, net)
            final = net
    payable, clawback = max(ZERO, final - facts.paid), max(ZERO, facts.paid - final)
    trace += ("payable", final, facts.paid, payable)
    trace += ("clawback", final, facts.paid, clawback)
    central, local, claw_central, claw_local = _two_sources(facts, version, final, trace)
    return Determination(
        facts=facts,
        version=version,
        verdict=verdict,
        eligible=max(ZERO, base),
        ceiling=allowed,
        limit=allowed,
        central=central,
        local=local,
        total=None,
        unfunded=None,
        final=final,
        payable=payable,
        clawback=clawback,
        claw_central=claw_central,
        claw_local=claw_local,
        binding=binding,
        trace=tuple(trace),
    )


def _base(facts: AcceptanceFacts, version: Version, trace: Trace) -> Decimal:
    base = facts.audited_eligible
    trace += ("audited", base, None, base)
    if version.stat_check and facts.stat_invest is not None:
        lower = min(base, facts.stat_invest)
        trace += ("statistics", base, facts.stat_invest, lower)
        base = lower
    return base


def _allowed(facts: AcceptanceFacts, version: Version, base: Decimal, trace: Trace) -> Decimal:
    """c: the 第六条 ceiling on the audited base, or what another decision grants for it."""
    if facts.decided_amount is not None:
        trace += ("decided", None, facts.decided_amount, facts.decided_amount)
        return facts.decided_amount
    if base <= 0:
        return ZERO
    standard = version.standards[facts.standard_key]
    by_rate = round_down(standard.rate * base, version.quantum)
    trace += ("rate", base, facts.standard_key, by_rate)
    allowed = min(by_rate, standard.cap)
    trace += ("cap", by_rate, facts.standard_key, allowed)
    return allowed


def _final(
    facts: AcceptanceFacts, version: Version, base: Decimal, allowed: Decimal, trace: Trace
) -> tuple[Decimal, str]:
    approved = facts.approved
    planned = facts.planned_eligible
    if version.prorates_plan and planned is not None:
        by_plan = share_of(approved, max(ZERO, base), planned, version.quantum)
        trace += ("prorata_plan", approved, planned, by_plan)
        final = min(approved, by_plan, allowed)
        trace += ("settled", approved, allowed, final)
        return final, "prorata_plan" if by_plan < allowed else "settled"
    if version.allow_upward:
        trace += ("settled_upward", approved, allowed, allowed)
        return allowed, "settled_upward"
    final = min(approved, allowed)
    trace += ("settled", approved, allowed, final)
    return final, "settled"


def _below_minimum(facts: AcceptanceFacts, version: Version, base: Decimal) -> bool:
    ratio, planned = version.min_completion_ratio, facts.planned_eligible
    return ratio is not None and planned is not None and base < ratio * planned


def _two_sources(
    facts: AcceptanceFacts, version: Version, final: Decimal, trace: Trace
) -> tuple[Figure, Figure, Figure, Figure]:
    """Central and local parts of the final amount, and what each takes back; nothing where one source pays all."""
    committed = facts.central_committed
    if committed is None:
        return None, None, None, None
    if version.local_reduced_first:
        central = min(committed, final)
        trace += ("central_final", final, committed, central)
    else:
        award = facts.approved - facts.other_received
        central = min(final, share_of(final, committed, award, version.quantum)) if fen(award) > 0 else ZERO
        trace += ("central_final_prorata", final, committed, central)
    local = final - central
    trace += ("local_final", final, central, local)
    return central, local, max(ZERO, facts.central_paid - central), max(ZERO, facts.local_paid - local)
