"""Pools with what they can still promise and pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.db.models import Q, QuerySet, Sum

from core.money import ZERO
from disbursement.models import Pool, ProposalSplit, SupplementItem
from disbursement.states import ProposalState, SupplementState

OPEN_PROPOSALS = (ProposalState.DRAFTED, ProposalState.CHECKED, ProposalState.REVIEWED, ProposalState.AGREED)
OPEN_SUPPLEMENTS = (SupplementState.DRAFTED, SupplementState.CHECKED, SupplementState.REVIEWED)


def planned_by_pool(*, besides_item: int | None = None) -> dict[int, Decimal]:
    """What proposals not yet approved and later allocations not yet agreed ask of each pool, in 元 by pool id."""
    splits = ProposalSplit.objects.filter(item__live=True, item__proposal__state__in=OPEN_PROPOSALS)
    if besides_item is not None:
        splits = splits.exclude(item=besides_item)
    sums = splits.order_by().values("pool").annotate(total=Sum("amount"))
    found: dict[int, Decimal] = defaultdict(lambda: ZERO, {row["pool"]: row["total"] for row in sums})
    later = SupplementItem.objects.filter(supplement__state__in=OPEN_SUPPLEMENTS).order_by()
    for pool, total in later.values_list("pool").annotate(total=Sum("amount")):
        found[pool] += total
    return found


def unplanned(pools: Iterable[Pool], *, besides_item: int | None = None) -> dict[int, Decimal]:
    """What each pool can still be asked for: budget − committed − planned, never negative, in 元 by pool id."""
    planned = planned_by_pool(besides_item=besides_item)
    return {pool.pk: max(ZERO, pool.budget - pool.committed - planned[pool.pk]) for pool in pools}


def payable_now(pool: Pool) -> Decimal:
    """What the pool can pay out today: central money as far as it came, other money within its budget, in 元."""
    bound = pool.received if pool.is_central else pool.budget
    return max(ZERO, bound - (pool.paid - pool.returned) - pool.in_payment)


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """A pool as a bar shows it, in 元: paid net of returns, in payment, still payable now, still uncommitted."""

    pool: Pool
    net: Decimal
    under_way: Decimal
    payable: Decimal
    uncommitted: Decimal
    planned: Decimal = ZERO
    this_batch: Decimal = ZERO

    words: ClassVar[dict[str, str]] = {"due": "其他批次拨付中"}

    @property
    def other_batches(self) -> Decimal:
        """In payment, but not in the batch one looks at."""
        return self.under_way - self.this_batch

    @property
    def owed(self) -> Decimal:
        """Committed and not yet paid or under way."""
        return max(ZERO, self.pool.committed - self.net - self.under_way)


def figures_of(pools: Iterable[Pool], *, this_batch: dict[int, Decimal] | None = None) -> list[PoolFigures]:
    """Pools with their figures; `this_batch` in 元 by pool id."""
    planned, batch = planned_by_pool(), this_batch or {}
    return [
        PoolFigures(
            pool, pool.paid - pool.returned, pool.in_payment, payable_now(pool), pool.budget - pool.committed,
            planned[pool.pk], batch.get(pool.pk, ZERO),
        )
        for pool in pools
    ]  # fmt: skip


def pool_figures(year: int) -> list[PoolFigures]:
    """The pools of a year and of the years before that still hold money."""
    rows = Pool.objects.filter(year__lte=year).filter(Q(year=year) | Q(committed__gt=0))
    return figures_of(rows.select_related("district"))


def pool_totals(pools: QuerySet[Pool]) -> dict[str, Decimal]:
    """Sums over pools in 元: budget, received, committed, in_payment, net (paid − returned)."""
    names = ("budget", "received", "committed", "in_payment", "paid", "returned")
    sums = pools.order_by().aggregate(**{name: Sum(name) for name in names})
    totals = {name: value or ZERO for name, value in sums.items()}
    return totals | {"net": totals["paid"] - totals["returned"], "free": totals["budget"] - totals["committed"]}
