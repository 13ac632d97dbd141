"""Pools (第七条（一）): one central and one local pool shared among projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from policy.rules.amounts import ZERO, fen, yuan
from policy.rules.determination import BAD_INPUT, Determination, refused
from policy.rules.entitlement import determine
from policy.rules.facts import Facts, PoolFacts
from policy.rules.steps import Trace, entries
from policy.rules.version import Version


def allocate(pool: PoolFacts, version: Version) -> tuple[Determination, ...]:
    """Each case's determination within the shared pools, in the order of the cases.

    PRORATA: by central shares, rounded down, the left-over 分 to the largest remainders; RANK: by review score.
    Local money makes up the rest, in the same order, as far as the local pool goes.
    """
    return allocate_each(pool, [version] * len(pool.cases), version)


def allocate_each(pool: PoolFacts, versions: Sequence[Version], method: Version) -> tuple[Determination, ...]:
    """As ``allocate``, each case under a version of its own; ``method`` says how the pool is shared."""
    if pool.fault:
        return tuple(
            refused(case, version, BAD_INPUT, pool.fault) for case, version in zip(pool.cases, versions, strict=True)
        )
    alone = [determine(_without_pools(case), version) for case, version in zip(pool.cases, versions, strict=True)]
    order = order_of_service(pool.cases, method.ranks)
    claims = [case.central or ZERO for case in alone]
    shares = claims if pool.central_pool is None else _shares(claims, pool.central_pool, order, method.ranks)
    central_left, local_left = pool.central_pool, pool.local_pool
    answers: dict[int, Determination] = {}
    for place in order:
        case = alone[place]
        if not case.refused:
            held = central_left if method.ranks else pool.central_pool
            case = _within(case, versions[place], shares[place], pool, held, local_left, method.ranks)
            if central_left is not None:
                central_left -= shares[place]
            if local_left is not None and case.local:
                local_left -= case.local
        answers[place] = case
    return tuple(answers[place] for place in range(len(alone)))


def _without_pools(case: Facts) -> Facts:
    if case.central_pool is None and case.local_pool is None:
        return case
    return replace(case, central_pool=None, local_pool=None)


def order_of_service(cases: Sequence[Facts], ranks: bool) -> list[int]:
    """Places of the cases in the order they are served: as filed, or by review score, the earlier case first on a tie."""
    places = list(range(len(cases)))
    if ranks:
        lowest = Decimal("-Infinity")
        scores = [lowest if case.review_score is None else case.review_score for case in cases]
        places.sort(key=lambda place: (-scores[place], place))
    return places


def _shares(claims: Sequence[Decimal], central_pool: Decimal, order: Sequence[int], ranks: bool) -> list[Decimal]:
    if ranks:
        left = central_pool
        by_place: dict[int, Decimal] = {}
        for place in order:
            by_place[place] = min(claims[place], left)
            left -= by_place[place]
        return [by_place[place] for place in range(len(claims))]
    return prorata(claims, central_pool)


def prorata(claims: Sequence[Decimal], pool: Decimal) -> list[Decimal]:
    """The pool shared in proportion to the claims, to the 分, never above a claim: sums to min(pool, Σ claims)."""
    cents = [fen(claim) for claim in claims]
    wanted = sum(cents)
    shared = min(fen(pool), wanted)
    if shared == wanted:
        return list(claims)
    parts = [shared * claim // wanted for claim in cents]
    remainders = sorted(range(len(cents)), key=lambda place: (-(shared * cents[place] % wanted), place))
    for place in remainders[: shared - sum(parts)]:
        parts[place] += 1
    return [yuan(part) for part in parts]


def _within(
    alone: Determination,
    version: Version,
    central: Decimal,
    pool: PoolFacts,
    held: Decimal | None,
    local_left: Decimal | None,
    ranks: bool,
) -> Determination:
    """A case's determination with the central share it was given and what the local pool still holds.

    ``held`` is what the central pool held when the case was served: all of it pro rata, what is left by rank.
    """
    due, claim = alone.total or ZERO, alone.central or ZERO
    trace: Trace = [item for entry in entries(alone.trace) if entry[0] not in _REPLACED for item in entry]
    binding = alone.binding
    if claim and held is None:
        trace += ("central", claim, None, central)
    elif claim:
        key = "pool_rank" if ranks else "pool_prorata"
        trace += (key, claim, held, central)
        if central < claim:
            binding = key
    local = due - central
    if local and claim and pool.central_pool == 0 and not version.local_when_central_zero:
        trace += ("no_top_up", None, None, ZERO)
        local = ZERO
    elif local:
        given = local if local_left is None else min(local, local_left)
        trace += ("local" if claim else "local_only", local, local_left, given)
        local = given
    total = central + local
    unfunded = due - total
    if unfunded:
        trace += ("unfunded", due, total, unfunded)
    return alone._replace(
        central=central, local=local, total=total, unfunded=unfunded, binding=binding, trace=tuple(trace)
    )


_REPLACED = ("central", "local", "local_only", "no_top_up", "unfunded")
