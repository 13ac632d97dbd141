"""Instalments (第十二条): how much of an award the plan, the central receipts and the progress release."""

from __future__ import annotations

from decimal import Decimal

from policy.rules.amounts import ONE, ZERO, fraction_of
from policy.rules.determination import BAD_INPUT, OK, Determination, refused
from policy.rules.facts import InstalmentFacts
from policy.rules.steps import Trace
from policy.rules.version import Version


def instalment(facts: InstalmentFacts, version: Version) -> Determination:
    """What this instalment pays; ``approved`` is the award, net of earlier support.

    The last one pays the rest to the 分, unless receipts or progress hold it back. Central receipts gate central
    lines only, progress only instalments conditioned on progress; a line or condition left empty is gated by both.
    """
    if facts.fault:
        return refused(facts, version, BAD_INPUT, facts.fault)
    approved = facts.approved
    share = sum(facts.plan[: facts.tranche_no], Decimal(0))
    trace: Trace = ["planned_share", approved, share, None]
    binding, held = "planned_share", False
    for key, ratio in _gates(facts, version):
        trace += (key, None, ratio, None)
        held = held or ratio < ONE
        if ratio < share:
            share, binding = ratio, key
    if facts.tranche_no == len(facts.plan) and not held:
        target, binding = approved, "last"
        trace += ("last", approved, None, target)
    else:
        target = fraction_of(approved, share, version.quantum)
        trace += ("target", approved, share, target)
    payable = max(ZERO, target - facts.paid)
    trace += ("instalment", target, facts.paid, payable)
    none = None
    return Determination(
        facts, version, OK, none, none, none, none, none, none, none, none, payable, none, none, none,
        binding, tuple(trace),
    )  # fmt: skip


def _gates(facts: InstalmentFacts, version: Version) -> list[tuple[str, Decimal]]:
    gates: list[tuple[str, Decimal]] = []
    if version.gate_by_central_receipt and facts.central_received_ratio is not None and facts.line != "LOCAL":
        gates.append(("central_gate", facts.central_received_ratio))
    if version.gate_by_progress and facts.progress_ratio is not None and facts.condition in ("", "progress"):
        gates.append(("progress_gate", facts.progress_ratio))
    return gates
