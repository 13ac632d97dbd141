"""追回: the notice, receipts in parts, sources restored, completion or referral (第十三、十四条)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from applications.models import HoldKind
from applications.services.holds import lift_holds
from core import audit, moves
from core.models import Ground, GroundKind
from core.money import ZERO, yuan
from disbursement import funds
from disbursement.letters import closing as letters
from disbursement.models import Recovery, RecoveryLine, RecoveryReceipt
from disbursement.states import RecoveryState

if TYPE_CHECKING:
    from core.people import Actor

DAYS_TO_PAY = 30  # natural days; policy setting `clawback_days`


class ReceiptRefused(Exception):
    """A receipt cannot be booked; the text says why and is fit for the form."""


def demand(recovery: Recovery, *, number: str, actor: Actor, at: datetime) -> Recovery:
    """Send the notice (追回通知) with its number; the enterprise has thirty days."""
    due_on = timezone.localdate(at) + timedelta(days=DAYS_TO_PAY)
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.RECOVERY_NOTICE,
            title=f"追回通知：{recovery.project.title}",
            number=number,
            by=actor,
            at=at,
            facts={"recovery": recovery.pk, "amount": str(recovery.demanded), "due_on": due_on},
        )
        return moves.perform(
            recovery,
            "demand",
            actor=actor,
            at=at,
            ground=ground,
            number=number,
            due_on=due_on,
            summary=f"应退 {yuan(recovery.demanded)} 元，{due_on:%Y-%m-%d} 前",
            letters=letters.recovery_demanded,
        )


def record_receipt(
    recovery: Recovery, *, amount: Decimal, receipt_number: str, on: date, actor: Actor, at: datetime
) -> RecoveryReceipt:
    """Book money that came back. The same receipt number twice gives the first booking again and changes nothing.

    Raises ReceiptRefused for an amount that is not positive or above what is outstanding, or before the notice.
    """
    with transaction.atomic():
        funds.lock_pools(recovery.lines.values_list("pool_id", flat=True))
        fresh = Recovery.objects.select_for_update().get(pk=recovery.pk)
        known = RecoveryReceipt.objects.filter(receipt_number=receipt_number).first()
        if known:
            return _same_or_refused(known, fresh, amount)
        _refuse_wrong_receipt(fresh, amount)
        ground = Ground.issue(
            kind=GroundKind.BANK_RECEIPT, title="追回款到账回单", number=receipt_number, by=actor, at=at,
            facts={"recovery": fresh.pk, "amount": str(amount)},
        )  # fmt: skip
        receipt = RecoveryReceipt.objects.create(
            recovery=fresh, amount=amount, receipt_number=receipt_number, on=on, ground=ground, recorded_at=at,
            recorded_by=actor,
        )  # fmt: skip
        fresh.recovered += amount
        fresh.save(update_fields=["recovered"])
        parts = _spread(list(fresh.lines.select_related("recovery").order_by("pk")), amount)
        funds.book_recovered(parts, key=f"receipt:{receipt.pk}", actor=actor, at=at, ground=ground)
        audit.record(fresh, "recovery.receipt", actor=actor, at=at, label="追回款到账", ground=ground,
                     summary=f"{yuan(amount)} 元")  # fmt: skip
        if fresh.outstanding == ZERO:
            _complete(fresh, ground, actor, at)
    return receipt


def refer(recovery: Recovery, *, reason: str, number: str, actor: Actor, at: datetime) -> Recovery:
    """Overdue: hand it on by law (第十四条). Receipts may still come."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title="逾期未退移送函", number=number, by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            recovery, "refer", actor=actor, at=at, ground=ground, summary=reason, letters=letters.recovery_referred
        )


def _same_or_refused(known: RecoveryReceipt, recovery: Recovery, amount: Decimal) -> RecoveryReceipt:
    if known.recovery_id == recovery.pk and known.amount == amount:
        return known
    raise ReceiptRefused(f"回单 {known.receipt_number} 已记在另一笔款上，请核对回单号。")


def _refuse_wrong_receipt(recovery: Recovery, amount: Decimal) -> None:
    if recovery.state not in {RecoveryState.DEMANDED, RecoveryState.REFERRED}:
        raise ReceiptRefused("这笔追回还没有发出通知，或已收齐，不能登记到账。")
    if amount <= ZERO:
        raise ReceiptRefused("到账金额须大于零。")
    if amount > recovery.outstanding:
        raise ReceiptRefused(f"到账金额超过未退余额 {yuan(recovery.outstanding)} 元，请核对。")


def _spread(lines: list[RecoveryLine], amount: Decimal) -> list[tuple[RecoveryLine, Decimal]]:
    """Fill the lines in their order: local first, as they were raised."""
    parts = []
    for line in lines:
        part = min(amount, line.demanded - line.recovered)
        if part > ZERO:
            parts.append((line, part))
            amount -= part
    return parts


def _complete(recovery: Recovery, ground: Ground, actor: Actor, at: datetime) -> None:
    moves.perform(recovery, "complete_recovery", actor=actor, at=at, ground=ground, letters=letters.recovery_complete)
    still_open = recovery.project.recoveries.exclude(state=RecoveryState.COMPLETE)
    if not still_open.exists():
        lift_holds(recovery.project, HoldKind.RECOVERY, ground=ground, actor=actor, at=at)
