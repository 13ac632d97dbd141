"""The only hands on money: every change of a pool's or an award's totals, with its ledger entry, under lock.

Callers hold a transaction and lock in one order, always: pools (by id) → batch → project → payment. The totals are
guarded twice: checked here under lock, and by the tables' own constraints.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, QuerySet

from core.bulk import update_columns
from core.money import ZERO, yuan
from disbursement.ledger import Account, Entry, moving, post
from disbursement.models import AccountKind as K
from disbursement.models import Award, AwardLine, BudgetLine, BudgetLineKind, Payment, Pool, RecoveryLine

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor


class PoolShort(Exception):
    """A pool cannot bear the amount; the text says which and by how much."""


class BeyondEntitlement(Exception):
    """A payment would exceed what the project is entitled to now."""


def lock_pools(ids: Iterable[int]) -> dict[int, Pool]:
    """The pools, locked in the order of their ids. Take them before any batch, project or payment."""
    return {pool.pk: pool for pool in Pool.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")}


def _lock_lines(ids: Iterable[int]) -> dict[int, AwardLine]:
    return {line.pk: line for line in AwardLine.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")}


# --- money comes (第二、三条) ------------------------------------------------------------------------------------------


def bring_budget(
    pool: Pool,
    amount: Decimal,
    *,
    document_number: str,
    on: date,
    actor: Actor,
    at: datetime,
    ground: Ground,
    kind: str = BudgetLineKind.BUDGET,
) -> BudgetLine:
    """A budget document changes what the pool may commit. `amount` in 元; negative for a reduction (调减).

    Raises PoolShort for a reduction below what is committed or, of local money, paid out.
    """
    pool = lock_pools([pool.pk])[pool.pk]
    pool.budget += amount
    bound = pool.committed if pool.is_central else max(pool.committed, pool.paid - pool.returned + pool.in_payment)
    if amount < ZERO and pool.budget < bound:
        over = yuan(bound - pool.budget)
        raise PoolShort(f"{pool}已承诺或已拨 {yuan(bound)} 元，最多只能调减到这个数，本次多减 {over} 元。")
    return _bring(pool, kind, amount, document_number, on, actor, at, ground, (K.AVAILABLE, K.APPROPRIATION))


def receive(
    pool: Pool, amount: Decimal, *, document_number: str, on: date, actor: Actor, at: datetime, ground: Ground
) -> BudgetLine:
    """Money arrives; central money may be paid out only as far as it came (第十二条)."""
    pool = lock_pools([pool.pk])[pool.pk]
    pool.received += amount
    way = (K.CASH, K.TRANSFER_IN)
    return _bring(pool, BudgetLineKind.RECEIPT, amount, document_number, on, actor, at, ground, way)


def _bring(
    pool: Pool,
    kind: str,
    amount: Decimal,
    number: str,
    on: date,
    actor: Actor,
    at: datetime,
    ground: Ground,
    way: tuple[str, str],
) -> BudgetLine:
    line = BudgetLine.objects.create(pool=pool, kind=kind, amount=amount, document_number=number, on=on, ground=ground)
    pool.save(update_fields=["budget", "received"])
    to, from_ = (Account(account, pool.pk) for account in way)
    memo = f"{line.get_kind_display()} {number}"
    post([Entry(f"budget-line:{line.pk}", memo, moving(amount, to=to, from_=from_))], actor=actor, at=at, ground=ground)
    return line


# --- promises (第九条三) ----------------------------------------------------------------------------------------------


def commit(lines: Sequence[AwardLine], *, actor: Actor, at: datetime, ground: Ground) -> None:
    """Bind the pools for new award lines. Raises PoolShort when a budget cannot bear them; nothing is bound then."""
    pools = lock_pools(line.pool_id for line in lines)
    for line in lines:
        pool = pools[line.pool_id]
        pool.committed += line.committed
        if pool.committed > pool.budget:
            over = yuan(pool.committed - pool.budget)
            raise PoolShort(f"{pool}的预算不足：还差 {over} 元。请调整资金来源，或列为待安排（第七条一）。")
    Pool.objects.bulk_update(pools.values(), ["committed"])
    post([_commitment(line, line.committed, f"award-line:{line.pk}:commit") for line in lines],
         actor=actor, at=at, ground=ground)  # fmt: skip


def release(line: AwardLine, amount: Decimal, *, key: str, actor: Actor, at: datetime, ground: Ground) -> None:
    """Give back a promise that will not be paid; `amount` in 元. `key` names the reason, once for ever."""
    if not amount:
        return
    pool = lock_pools([line.pool_id])[line.pool_id]
    line = _lock_lines([line.pk])[line.pk]
    line.committed -= amount
    line.save(update_fields=["committed"])
    pool.committed -= amount
    pool.save(update_fields=["committed"])
    post([_commitment(line, -amount, f"award-line:{line.pk}:release:{key}")], actor=actor, at=at, ground=ground)


def _commitment(line: AwardLine, amount: Decimal, key: str) -> Entry:
    to = Account(K.COMMITTED, line.pool_id, line.award.project_id)
    return Entry(
        key, "承诺" if amount > 0 else "释放承诺", moving(amount, to=to, from_=Account(K.AVAILABLE, line.pool_id))
    )


# --- payments (第十二条) ----------------------------------------------------------------------------------------------


class Transfer(NamedTuple):
    """What booking a payment needs of it; `amount` in 元."""

    pk: int
    pool_id: int
    project_id: int
    award_line_id: int
    amount: Decimal


def reserve(payments: Iterable[Payment], *, actor: Actor, at: datetime, ground: Ground) -> None:
    """Set money aside for payments being prepared.

    Raises PoolShort where central money has not come or a budget is spent, BeyondEntitlement where a project would
    get more than it is entitled to now. All or none.
    """
    transfers, pools, awards = _locked_for(payments)
    for pool, amount in _by(transfers, "pool_id").items():
        _reserve_in_pool(pools[pool], amount)
    _refuse_beyond_entitlement(_by(transfers, "project_id"), awards)
    _save_pools(pools)
    _add_to_awards(transfers, awards, {"in_payment": 1})
    _post(transfers, "reserve", "列入拨付", _in_payment, actor, at, ground)


def unreserve(payments: Iterable[Payment], *, actor: Actor, at: datetime, ground: Ground) -> None:
    """A prepared payment was cancelled, or the bank refused it: the money is free again."""
    transfers, pools, awards = _locked_for(payments)
    for pool, amount in _by(transfers, "pool_id").items():
        pools[pool].in_payment -= amount
    _save_pools(pools)
    _add_to_awards(transfers, awards, {"in_payment": -1})
    _post(transfers, "unreserve", "取消拨付", _not_in_payment, actor, at, ground)


def book_paid(payments: Iterable[Payment], *, actor: Actor, at: datetime, ground: Ground) -> None:
    """The bank says the money arrived."""
    transfers, pools, awards = _locked_for(payments)
    for pool, amount in _by(transfers, "pool_id").items():
        pools[pool].in_payment -= amount
        pools[pool].paid += amount
    _save_pools(pools)
    _add_to_awards(transfers, awards, {"in_payment": -1, "paid": 1})
    _add_to_lines(transfers, "paid")
    _post(transfers, "paid", "拨付到账", _paid, actor, at, ground)


def book_returned(payments: Iterable[Payment], *, actor: Actor, at: datetime, ground: Ground) -> None:
    """The bank sent paid money back (退票): it is payable again."""
    transfers, pools, awards = _locked_for(payments)
    for pool, amount in _by(transfers, "pool_id").items():
        pools[pool].returned += amount
    _save_pools(pools)
    _add_to_awards(transfers, awards, {"returned": 1})
    _add_to_lines(transfers, "returned")
    _post(transfers, "returned", "银行退票", _returned, actor, at, ground)


def book_recovered(
    parts: Sequence[tuple[RecoveryLine, Decimal]], *, key: str, actor: Actor, at: datetime, ground: Ground
) -> None:
    """An enterprise paid money back: the pools it came from may promise it anew. `parts`: (line, 元)."""
    pools = lock_pools(line.pool_id for line, _ in parts)
    recovery = parts[0][0].recovery
    award = Award.objects.select_for_update().get(project=recovery.project_id)
    lines = {line.pool_id: line for line in award.lines.select_for_update().order_by("pk")}
    entries = []
    for part, amount in parts:
        part.recovered += amount
        pool, line = pools[part.pool_id], lines[part.pool_id]
        pool.returned += amount
        pool.committed -= amount
        line.returned += amount
        line.committed -= amount
        award.recovered += amount
        entries.append(_recovered(part, amount, award.project_id, f"recovery-line:{part.pk}:{key}"))
    RecoveryLine.objects.bulk_update([part for part, _ in parts], ["recovered"])
    Pool.objects.bulk_update(pools.values(), ["returned", "committed"])
    AwardLine.objects.bulk_update(lines.values(), ["returned", "committed"])
    award.save(update_fields=["recovered"])
    post(entries, actor=actor, at=at, ground=ground)


# --- how each movement is booked --------------------------------------------------------------------------------------


class Due(NamedTuple):
    """An award, and what may still be paid of it, in 元."""

    pk: int
    left: Decimal


def _locked_for(payments: Iterable[Payment]) -> tuple[list[Transfer], dict[int, Pool], dict[int, Due]]:
    """The payments as booking needs them, their pools, and their awards by project; pools and then awards are locked."""
    found_by = (
        payments if isinstance(payments, QuerySet) else Payment.objects.filter(pk__in=[one.pk for one in payments])
    )
    names = ("pk", "pool_id", "project_id", "line__award_line_id", "amount")
    transfers = [Transfer(*row) for row in found_by.order_by("pk").values_list(*names)]
    pools = lock_pools(transfer.pool_id for transfer in transfers)
    awards = Award.objects.select_for_update().filter(project__in={transfer.project_id for transfer in transfers})
    left = F("entitlement") - F("paid") + F("returned") + F("recovered") - F("in_payment")
    found = awards.annotate(left=left).order_by("pk").values_list("project_id", "pk", "left")
    return transfers, pools, {project: Due(key, may) for project, key, may in found}


def _by(transfers: Iterable[Transfer], name: str) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for transfer in transfers:
        sums[getattr(transfer, name)] += transfer.amount
    return dict(sums)


def _reserve_in_pool(pool: Pool, amount: Decimal) -> None:
    pool.in_payment += amount
    bound = pool.received if pool.is_central else pool.budget
    over = pool.paid - pool.returned + pool.in_payment - bound
    if over > ZERO:
        why = "中央资金尚未足额到位" if pool.is_central else "预算不足"
        raise PoolShort(f"{pool}：{why}，还差 {yuan(over)} 元（第十二条）。")


def _refuse_beyond_entitlement(asked: dict[int, Decimal], awards: dict[int, Due]) -> None:
    beyond = next((project for project, amount in asked.items() if amount > awards[project].left), None)
    if beyond is not None:
        award = Award.objects.select_related("project").get(pk=awards[beyond].pk)
        due, over = yuan(award.entitlement), yuan(asked[beyond] - awards[beyond].left)
        raise BeyondEntitlement(f"{award.project.title}：拨付后将超过现行应享支持 {due} 元，多出 {over} 元。")


def _save_pools(pools: dict[int, Pool]) -> None:
    Pool.objects.bulk_update(pools.values(), ["in_payment", "paid", "returned"])


def _add_to_awards(transfers: Iterable[Transfer], awards: dict[int, Due], totals: dict[str, int]) -> None:
    """Raise (1) or lower (-1) the named totals of the awards by what is paid to their projects."""
    sums = _by(transfers, "project_id")
    raised = {name: [sign * amount for amount in sums.values()] for name, sign in totals.items()}
    update_columns(Award, [awards[project].pk for project in sums], raised, add=True)


def _add_to_lines(transfers: Iterable[Transfer], name: str) -> None:
    sums = _by(transfers, "award_line_id")
    _lock_lines(sums)
    update_columns(AwardLine, list(sums), {name: list(sums.values())}, add=True)


Lines = tuple[tuple[Account, Decimal], ...]


def _post(
    payments: Sequence[Transfer],
    step: str,
    memo: str,
    book: Callable[[Transfer], Lines],
    actor: Actor,
    at: datetime,
    ground: Ground,
) -> None:
    entries = [Entry(f"payment:{p.pk}:{step}", memo, book(p)) for p in payments]
    post(entries, actor=actor, at=at, ground=ground)


def _of(payment: Transfer, kind: str) -> Account:
    return Account(kind, payment.pool_id, payment.project_id)


def _in_payment(p: Transfer) -> Lines:
    return moving(p.amount, to=_of(p, K.IN_PAYMENT), from_=_of(p, K.COMMITTED))


def _not_in_payment(p: Transfer) -> Lines:
    return moving(p.amount, to=_of(p, K.COMMITTED), from_=_of(p, K.IN_PAYMENT))


def _paid(p: Transfer) -> Lines:
    return (
        *moving(p.amount, to=_of(p, K.PAID), from_=_of(p, K.IN_PAYMENT)),
        *moving(p.amount, to=Account(K.SPENT, p.pool_id), from_=Account(K.CASH, p.pool_id)),
    )


def _returned(p: Transfer) -> Lines:
    return (
        *moving(p.amount, to=_of(p, K.COMMITTED), from_=_of(p, K.PAID)),
        *moving(p.amount, to=Account(K.CASH, p.pool_id), from_=Account(K.SPENT, p.pool_id)),
    )


def _recovered(part: RecoveryLine, amount: Decimal, project_id: int, key: str) -> Entry:
    lines = (
        *moving(amount, to=Account(K.AVAILABLE, part.pool_id), from_=Account(K.PAID, part.pool_id, project_id)),
        *moving(amount, to=Account(K.CASH, part.pool_id), from_=Account(K.SPENT, part.pool_id)),
    )
    return Entry(key, "追回到账", lines)


def by_pool(payments: Iterable[Payment]) -> dict[int, Decimal]:
    """Sums of payments by pool id, in 元."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for payment in payments:
        sums[payment.pool_id] += payment.amount
    return dict(sums)
