"""Spending that is no project (培训、宣传、评审费): entered by one, confirmed by another, paid from its pool (第五条)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit, moves
from core.models import Ground, GroundKind, Role
from core.money import yuan
from core.people import has_role
from disbursement import funds, pool_funds
from disbursement.letters import pools as letters
from disbursement.models import Pool, Spending
from disbursement.queries.pools import unplanned
from disbursement.services.refusal import Refused
from disbursement.states import SpendingState

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


def enter_spending(
    pool: Pool,
    *,
    kind: str,
    title: str,
    payee: str,
    amount: Decimal,
    document_number: str,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
) -> Spending:
    """Enter a spending; nothing is bound before 市财政局负责人 confirms it. `amount` in 元.

    Raises Refused for central money (第五条: key projects only), for more than the pool can still bear, and for a
    paper entered before.
    """
    if not has_role(actor, Role.BUREAU_OFFICER, Role.FINANCE_OFFICER):
        raise PermissionDenied("非项目支出由市工信局或市财政局经办登记。")
    if pool.is_central:
        raise Refused("中央资金只用于重点项目；培训、宣传、评审费由地方资金列支（第五条）。", "pool")
    if amount <= 0:
        raise Refused("金额须大于零。", "amount")
    with transaction.atomic():
        locked = funds.lock_pools([pool.pk])[pool.pk]
        left = unplanned([locked])[locked.pk]
        if amount > left:
            raise Refused(f"{locked}只剩 {yuan(left)} 元可安排（各资金方案已列的除外）。", "amount")
        same = locked.spendings.filter(document_number=document_number, amount=amount, payee=payee)
        if same.exclude(state=SpendingState.CANCELLED).exists():
            raise Refused(f"{document_number} 付给{payee}的 {yuan(amount)} 元已经登记过。", "document_number")
        made = Spending.objects.create(
            pool=locked, kind=kind, title=title, payee=payee, amount=amount, document_number=document_number, file=file,
            entered_at=at, entered_by=actor, state_since=at,
        )  # fmt: skip
        summary = f"{made.get_kind_display()} {yuan(amount)} 元，{payee}"
        audit.record(made, "spending.entered", actor=actor, at=at, label="登记非项目支出", summary=summary)
        letters.send_spending_waits(made, at=at)
    return made


def confirm_spending(spending: Spending, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Spending:
    """市财政局负责人 confirms: the pool is bound. Raises PoolShort, NotYours for whoever entered it."""
    ground = {"kind": GroundKind.PAYMENT_APPLICATION, "title": f"列支申请：{spending.title}"}
    return _step(
        spending, "confirm_spending", pool_funds.commit_spending, ground, actor, at, seen_version=seen_version,
        letters=letters.spending_confirmed,
    )  # fmt: skip


def pay_spending(spending: Spending, receipt_number: str, *, actor: Actor, at: datetime) -> Spending:
    """The bank paid it; its receipt's number is kept."""
    number = receipt_number.strip()
    if not number:
        raise Refused("请填写银行回单号。", "receipt_number")
    ground = {"kind": GroundKind.BANK_RECEIPT, "title": f"银行回单：{spending.title}", "number": number}
    return _step(spending, "pay_spending", pool_funds.pay_spending, ground, actor, at, receipt_number=number)


def return_spending(spending: Spending, reason: str, *, actor: Actor, at: datetime) -> Spending:
    """The payee gave the money back; the pool may promise it anew."""
    ground = {"kind": GroundKind.BANK_RECEIPT, "title": f"退回：{spending.title}"}
    return _step(spending, "return_spending", pool_funds.return_spending, ground, actor, at, reason=reason)


def cancel_spending(spending: Spending, reason: str, *, actor: Actor, at: datetime) -> Spending:
    """It will not be paid; a bound pool is free of it."""

    def freed(fresh: Spending, **papers: object) -> None:
        if fresh.state == SpendingState.COMMITTED:
            pool_funds.release_spending(fresh, **papers)

    ground = {"kind": GroundKind.DECISION, "title": f"撤销支出：{spending.title}"}
    told = letters.spending_cancelled(spending, reason)
    return _step(spending, "cancel_spending", freed, ground, actor, at, reason=reason, letters=told)


def _step(spending, move, book, ground, actor, at, **facts) -> Spending:
    """One move with its booking: pool locked first, then the spending, money before state."""
    with transaction.atomic():
        funds.lock_pools([spending.pool_id])
        fresh = Spending.objects.select_for_update(of=("self",)).get(pk=spending.pk)
        moves.require(fresh, move, actor, at=at)
        said = {"spending": fresh.pk, "amount": str(fresh.amount), "entered_by": fresh.entered_by_id}
        issued = Ground.issue(
            by=actor, at=at, facts=said, file=fresh.file, **{"number": fresh.document_number} | ground
        )
        book(fresh, actor=actor, at=at, ground=issued)
        summary = facts.get("reason") or f"{yuan(fresh.amount)} 元"
        return moves.perform(fresh, move, actor=actor, at=at, ground=issued, summary=summary, **facts)
