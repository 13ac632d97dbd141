"""Pools with what they can still promise and pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from core.money import ZERO
from disbursement.models import Pool, ProposalSplit
from disbursement.states import ProposalState

OPEN_PROPOSALS = (ProposalState.DRAFTED, ProposalState.CHECKED, ProposalState.REVIEWED, ProposalState.AGREED)


def planned_by_pool(*, besides_item: int | None = None) -> dict[int, Decimal]:
    """What proposals not yet approved ask of each pool, in 元 by pool id."""
    splits = ProposalSplit.objects.filter(item__live=True, item__proposal__state__in=OPEN_PROPOSALS)
    if besides_item is not None:
        splits = splits.exclude(item=besides_item)
    sums = splits.order_by().values("pool").annotate(total=Sum("amount"))
    return defaultdict(lambda: ZERO, {row["pool"]: row["total"] for row in sums})


def unplanned(pools: Iterable[Pool], *, besides_item: int | None = None) -> dict[int, Decimal]:
    """What each pool can still be asked for: budget − committed − planned, never negative, in 元 by pool id."""
    planned = planned_by_pool(besides_item=besides_item)
    return {pool.pk: max(ZERO, pool.budget - pool.committed - planned[pool.pk]) for pool in pools}


def payable_now(pool: Pool) -> Decimal:
    """What the pool can pay out today: central money as far as it came, other money within its budget, in 元."""
    bound = pool.received if pool.is_central else pool.budget
    return max(ZERO, bound - (pool.paid - pool.returned) - pool.in_payment)
