"""Entitlement (第五至七条): what a project may receive, from which money, and why."""

from __future__ import annotations

from decimal import Decimal

from policy.rules.amounts import CENT, DOWN, ZERO, round_down
from policy.rules.determination import (
    ABOVE_CEILING,
    BAD_INPUT,
    BELOW_MINIMUM,
    LAND_GT_TOTAL,
    NO_ELIGIBLE,
    OK,
    OK_LOCAL,
    SPECIAL_PILOT,
    Determination,
    refused,
)
from policy.rules.facts import TECH_REFORM, Facts
from policy.rules.steps import Trace
from policy.rules.version import Version

_new = tuple.__new__  # NamedTuple's own constructor costs as much as the arithmetic


def determine(facts: Facts, version: Version) -> Determination:
    """The explained support of one project, within the pools which the facts name (none: without limit).

    Checks run in the order of the policy: input, land, eligible base, 一事一议, local directions, ceiling.
    """
    if facts.fault:
        return refused(facts, version, BAD_INPUT, facts.fault)
    invest = facts.invest_total
    land = facts.land_infra
    if land > invest:
        reason = "土地、厂房等基础建设投资大于投资总额"
        return refused(facts, version, LAND_GT_TOTAL, reason, version.clauses["base"])
    eligible = invest - land
    trace: Trace = ["invest", invest, None, invest, "land", invest, land, eligible]
    if facts.input_vat and version.deducts_vat:
        eligible = _less(trace, "vat", eligible, facts.input_vat)
    if facts.dup_invoice:
        eligible = _less(trace, "duplicates", eligible, facts.dup_invoice)
    trace += ("eligible", None, None, eligible)
    if eligible <= 0:
        reason = "减去不计入的部分后没有合格投资"
        return refused(facts, version, NO_ELIGIBLE, reason, version.clauses["base"], trace=tuple(trace))
    if version.min_eligible is not None and eligible < version.min_eligible:
        reason = f"合格投资低于申报通知规定的 {version.min_eligible:,.2f} 元"
        return refused(facts, version, BELOW_MINIMUM, reason, version.clauses["call"], trace=tuple(trace))
    pilot = facts.major in version.pilot_majors
    if facts.special_amount is not None:
        return _special(facts, version, eligible, facts.special_amount, pilot, trace)
    if facts.project_kind != TECH_REFORM:
        return _local_direction(facts, version, eligible, trace)
    return _by_standard(facts, version, eligible, pilot, trace)


def _less(trace: Trace, key: str, amount: Decimal, part: Decimal) -> Decimal:
    left = amount - part
    trace += (key, amount, part, left)
    return left


def _by_standard(facts: Facts, version: Version, eligible: Decimal, pilot: bool, trace: Trace) -> Determination:
    """第六条（二）: the ceiling by rate and cap, then the approved amount within it, then who pays."""
    standard = version.standards[facts.standard_key]
    by_rate = standard.rate * eligible
    by_rate = by_rate.quantize(CENT, DOWN) if version.to_the_cent else round_down(by_rate, version.quantum)
    cap = standard.cap
    trace += ("rate", eligible, facts.standard_key, by_rate)
    if by_rate > cap:
        ceiling, binding = cap, "cap"
    else:
        ceiling, binding = by_rate, "rate"
    trace += ("cap", by_rate, facts.standard_key, ceiling)
    approved = facts.approved
    amount = ceiling
    if approved is not None:
        if approved > ceiling:
            reason = f"核定金额 {approved:,.2f} 元高于上限 {ceiling:,.2f} 元"
            return refused(facts, version, ABOVE_CEILING, reason, standard.clause, ceiling=ceiling, trace=tuple(trace))
        trace += ("approved", ceiling, approved, approved)
        if approved < ceiling:
            binding = "approved"
        amount = approved
    if facts.local_direction or facts.other_local_entitlement or facts.local_uplift:
        local_policy = _local_entitlement(facts, version, eligible, trace)
    else:
        local_policy = ZERO
    if not pilot:
        return _other_industry(facts, version, eligible, ceiling, amount, local_policy, binding, trace)
    if local_policy > amount and not version.tops_up:
        trace += ("higher_of", amount, local_policy, local_policy)
        limit = local_policy if local_policy > ceiling else ceiling
        return _local_only(facts, version, eligible, ceiling, limit, local_policy, "higher_of", trace)
    return _pilot(facts, version, eligible, ceiling, amount, local_policy, binding, trace)


def _pilot(
    facts: Facts,
    version: Version,
    eligible: Decimal,
    ceiling: Decimal,
    amount: Decimal,
    local_policy: Decimal,
    binding: str,
    trace: Trace,
) -> Determination:
    """第五条, 第七条（一）: central money first, local money makes up what central money lacks."""
    limit = ceiling
    total = central = amount
    if local_policy:
        if local_policy > amount:
            total, binding = local_policy, "top_up_higher"
            limit = total if total > ceiling else ceiling
            trace += ("top_up_higher", amount, local_policy, total)
        else:
            trace += ("higher_of", amount, local_policy, amount)
    received = facts.other_received
    if received:
        total = _not_below_zero(trace, total, received)
        central = central - received if central > received else ZERO
    if version.enterprise_cap is not None:
        room = max(ZERO, version.enterprise_cap - facts.enterprise_already)
        if room < total:
            trace += ("enterprise_cap", total, room, room)
            total, binding = room, "enterprise_cap"
        central = min(central, room)
    pool = facts.central_pool
    due = total
    if pool is not None and pool < central:
        trace += ("central", central, pool, pool)
        central = pool
    else:
        trace += ("central", central, pool, central)
    if central == total:
        # fmt: off
        return _new(Determination, (
            facts, version, OK, eligible, ceiling, limit, central, ZERO, total, ZERO,
            None, None, None, None, None, binding, tuple(trace), "",
        ))
        # fmt: on
    local = total - central
    if pool is not None and not pool and not version.local_when_central_zero:
        trace += ("no_top_up", None, None, ZERO)
        local = ZERO
    else:
        local = _from_local_pool(facts, local, trace, "local")
    return _paid(facts, version, OK, eligible, ceiling, limit, central, local, due, binding, trace)


def _other_industry(
    facts: Facts,
    version: Version,
    eligible: Decimal,
    ceiling: Decimal,
    amount: Decimal,
    local_policy: Decimal,
    binding: str,
    trace: Trace,
) -> Determination:
    """第七条（三）2: other industries, local money only; the central standard where 线/面 is recognised."""
    trace += ("not_pilot", None, facts.major, None)
    if facts.demo_recognised and version.other_industry_reference and facts.mode != "DIAN":
        trace += ("reference", None, amount, amount)
        shown: Decimal | None = ceiling
        limit = max(ceiling, local_policy)
    else:
        trace += ("no_reference", None, None, ZERO)
        shown, amount, limit, binding = None, ZERO, local_policy, "no_reference"
    if local_policy > amount:
        trace += ("higher_of", amount, local_policy, local_policy)
        amount, binding = local_policy, "higher_of"
    return _local_only(facts, version, eligible, shown, limit, amount, binding, trace)


def _special(
    facts: Facts, version: Version, eligible: Decimal, special: Decimal, pilot: bool, trace: Trace
) -> Determination:
    """第七条（三）1: the amount of the decision document, outside the formula."""
    if pilot and not version.special_for_pilot:
        reason = "一事一议只适用于其它行业的重大项目，本项目属于四个试点行业"
        return refused(facts, version, SPECIAL_PILOT, reason, version.clauses["special"], trace=tuple(trace))
    trace += ("special", special, None, special)
    local = _from_local_pool(facts, special, trace)
    return _paid(facts, version, OK, eligible, None, special, ZERO, local, special, "special", trace)


def _local_direction(facts: Facts, version: Version, eligible: Decimal, trace: Trace) -> Determination:
    """第七条（二）: platforms, infrastructure, providers, training: the local policy in force decides."""
    trace += ("local_direction", None, None, None)
    due = _local_entitlement(facts, version, eligible, trace)
    local = _from_local_pool(facts, due, trace)
    return _paid(facts, version, OK_LOCAL, eligible, None, due, ZERO, local, due, "local_direction", trace)


def _local_entitlement(facts: Facts, version: Version, eligible: Decimal, trace: Trace) -> Decimal:
    """What local policy gives (第七条（二）): the higher of what is stated and the direction's rate; then the uplift."""
    stated = facts.other_local_entitlement
    if stated:
        trace += ("local_policy", stated, None, stated)
    direction = version.directions.get(facts.local_direction)
    worked_out = ZERO
    if direction is not None and direction.rate is not None:
        base = eligible if facts.local_base is None else facts.local_base
        worked_out = round_down(direction.rate * base, version.quantum)
        trace += ("local_rate", base, direction.key, worked_out)
        if direction.cap is not None:
            capped = min(worked_out, direction.cap)
            trace += ("local_cap", worked_out, direction.key, capped)
            worked_out = capped
    entitlement = max(stated, worked_out)
    if facts.local_uplift and (direction is None or direction.uplift):
        raised = entitlement + facts.local_uplift
        trace += ("uplift", entitlement, facts.local_uplift, raised)
        entitlement = raised
    return entitlement


def _local_only(
    facts: Facts,
    version: Version,
    eligible: Decimal,
    ceiling: Decimal | None,
    limit: Decimal,
    amount: Decimal,
    binding: str,
    trace: Trace,
) -> Determination:
    """Local money alone, net of earlier support for the same project."""
    if facts.other_received:
        amount = _not_below_zero(trace, amount, facts.other_received)
    local = _from_local_pool(facts, amount, trace)
    return _paid(facts, version, OK, eligible, ceiling, limit, ZERO, local, amount, binding, trace)


def _not_below_zero(trace: Trace, amount: Decimal, received: Decimal) -> Decimal:
    left = amount - received if amount > received else ZERO
    trace += ("received", amount, received, left)
    return left


def _from_local_pool(facts: Facts, amount: Decimal, trace: Trace, key: str = "local_only") -> Decimal:
    pool = facts.local_pool
    paid = amount if pool is None or pool >= amount else pool
    trace += (key, amount, pool, paid)
    return paid


def _paid(
    facts: Facts,
    version: Version,
    verdict: str,
    eligible: Decimal,
    ceiling: Decimal | None,
    limit: Decimal,
    central: Decimal,
    local: Decimal,
    due: Decimal,
    binding: str,
    trace: Trace,
) -> Determination:
    """Close the sums: total = central + local, the rest of what is due is 待安排."""
    total = central + local
    unfunded = due - total
    if unfunded:
        trace += ("unfunded", due, total, unfunded)
    # fmt: off
    return _new(Determination, (
        facts, version, verdict, eligible, ceiling, limit, central, local, total, unfunded,
        None, None, None, None, None, binding, tuple(trace), "",
    ))
    # fmt: on
