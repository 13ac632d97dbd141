"""Movements of pools that are no payment to a project: other spending, and money found later for awards.

As in `funds`: every change of a total with its ledger entry, under lock, pools first and by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from core.money import ZERO, yuan
from disbursement.funds import PoolShort, lock_pools
from disbursement.ledger import Account, Entry, moving, post
from disbursement.models import AccountKind as K
from disbursement.models import Award, AwardLine, Pool, Spending

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor

Lines = tuple[tuple[Account, Decimal], ...]


def _taken(pool: Pool, amount: Decimal) -> None:
    """The pool promises so much more. Raises PoolShort, which says what is left."""
    pool.committed += amount
    if pool.committed > pool.budget:
        left = pool.budget - pool.committed + amount
        raise PoolShort(f"{pool}可安排 {yuan(max(ZERO, left))} 元，还差 {yuan(amount - left)} 元。")


# --- spending that is no project (第五条) ------------------------------------------------------------------------------


def commit_spending(spending: Spending, *, actor: Actor, at: datetime, ground: Ground) -> None:
    """Bind the pool for a confirmed spending. Raises PoolShort."""
    pool = lock_pools([spending.pool_id])[spending.pool_id]
    _taken(pool, spending.amount)
    pool.save(update_fields=["committed"])
    lines = moving(spending.amount, to=Account(K.COMMITTED, pool.pk), from_=Account(K.AVAILABLE, pool.pk))
    _post(spending, "commit", "列支", lines, actor, at, ground)


def release_spending(spending: Spending, *, actor: Actor, at: datetime, ground: Ground) -> None:
    """A committed spending will not be paid: the pool is free of it."""
    pool = lock_pools([spending.pool_id])[spending.pool_id]
    pool.committed -= spending.amount
    pool.save(update_fields=["committed"])
    lines = moving(spending.amount, to=Account(K.AVAILABLE, pool.pk), from_=Account(K.COMMITTED, pool.pk))
    _post(spending, "release", "撤销列支", lines, actor, at, ground)


def pay_spending(spending: Spending, *, actor: Actor, at: datetime, ground: Ground) -> None:
    """The bank paid it out of the pool. Raises PoolShort where local money is spent."""
    pool = lock_pools([spending.pool_id])[spending.pool_id]
    pool.paid += spending.amount
    over = pool.paid - pool.returned + pool.in_payment - pool.budget
    if over > ZERO:
        raise PoolShort(f"{pool}：预算不足，还差 {yuan(over)} 元。")
    pool.save(update_fields=["paid"])
    lines = (
        *moving(spending.amount, to=Account(K.PAID, pool.pk), from_=Account(K.COMMITTED, pool.pk)),
        *moving(spending.amount, to=Account(K.SPENT, pool.pk), from_=Account(K.CASH, pool.pk)),
    )
    _post(spending, "paid", "支付", lines, actor, at, ground)


def return_spending(spending: Spending, *, actor: Actor, at: datetime, ground: Ground) -> None:
    """The payee gave it back: the pool may promise it anew."""
    pool = lock_pools([spending.pool_id])[spending.pool_id]
    pool.returned += spending.amount
    pool.committed -= spending.amount
    pool.save(update_fields=["returned", "committed"])
    lines = (
        *moving(spending.amount, to=Account(K.AVAILABLE, pool.pk), from_=Account(K.PAID, pool.pk)),
        *moving(spending.amount, to=Account(K.CASH, pool.pk), from_=Account(K.SPENT, pool.pk)),
    )
    _post(spending, "returned", "退回", lines, actor, at, ground)


def _post(spending: Spending, step: str, word: str, lines: Lines, actor: Actor, at: datetime, ground: Ground) -> None:
    memo = f"{spending.get_kind_display()}{word}：{spending.title}"[:200]
    post([Entry(f"spending:{spending.pk}:{step}", memo, lines)], actor=actor, at=at, ground=ground)


# --- money found later (第七条（一）) -----------------------------------------------------------------------------------


def extend(parts: Sequence[tuple[AwardLine, Decimal]], *, key: str, actor: Actor, at: datetime, ground: Ground) -> None:
    """Bind the pools for more money on award lines, (line, 元) each; the lines grow by it. Raises PoolShort, all or none."""
    pools = lock_pools(line.pool_id for line, _ in parts)
    entries = []
    for line, amount in parts:
        _taken(pools[line.pool_id], amount)
        line.entitled += amount
        line.committed += amount
        to = Account(K.COMMITTED, line.pool_id, line.award.project_id)
        lines = moving(amount, to=to, from_=Account(K.AVAILABLE, line.pool_id))
        entries.append(Entry(f"award-line:{line.pk}:extend:{key}", "补充安排", lines))
    Pool.objects.bulk_update(pools.values(), ["committed"])
    AwardLine.objects.bulk_update([line for line, _ in parts], ["entitled", "committed"])
    post(entries, actor=actor, at=at, ground=ground)


# --- opening balances -------------------------------------------------------------------------------------------------


def open_paid(
    award: Award, parts: Sequence[tuple[AwardLine, Decimal]], *, actor: Actor, at: datetime, ground: Ground
) -> None:
    """What pools had paid to a project before it was taken over, (line, 元) each; the lines are committed already.

    Raises PoolShort where a pool did not receive, or was not budgeted, so much.
    """
    pools = lock_pools(line.pool_id for line, _ in parts)
    entries = []
    for line, amount in parts:
        if not amount:
            continue
        pool = pools[line.pool_id]
        pool.paid += amount
        bound = pool.received if pool.is_central else pool.budget
        over = pool.paid - pool.returned + pool.in_payment - bound
        if over > ZERO:
            raise PoolShort(f"{pool}：已拨期初数超过{'到位' if pool.is_central else '预算'}，还差 {yuan(over)} 元。")
        line.paid += amount
        award.paid += amount
        lines = (
            *moving(
                amount,
                to=Account(K.PAID, pool.pk, award.project_id),
                from_=Account(K.COMMITTED, pool.pk, award.project_id),
            ),
            *moving(amount, to=Account(K.SPENT, pool.pk), from_=Account(K.CASH, pool.pk)),
        )
        entries.append(Entry(f"award-line:{line.pk}:opening", "期初已拨", lines))
    Pool.objects.bulk_update(pools.values(), ["paid"])
    AwardLine.objects.bulk_update([line for line, _ in parts], ["paid"])
    award.save(update_fields=["paid"])
    post(entries, actor=actor, at=at, ground=ground)
