"""追回: the notice, receipts in parts, sources restored, completion or referral (第十三、十四条)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.models import DishonestyEntry, HoldKind
from applications.services.holds import lift_holds
from core import audit, jobs, moves, notices
from core.models import FINANCE_ROLES, Ground, GroundKind
from core.money import ZERO, yuan
from core.people import SYSTEM, has_role
from core.templatetags.text_tags import cn_date
from disbursement import funds
from disbursement.letters import closing as letters
from disbursement.models import Recovery, RecoveryLine, RecoveryReceipt
from disbursement.states import RecoveryState

if TYPE_CHECKING:
    from core.people import Actor

DAYS_TO_PAY = 30  # natural days unless the notice says otherwise (policy-cases: `clawback_days`)
OVERDUE_WORDS = "逾期未退回财政资金"


class ReceiptRefused(Exception):
    """A receipt cannot be booked; the text says why and is fit for the form."""


def demand(
    recovery: Recovery, *, number: str, actor: Actor, at: datetime, days: int = DAYS_TO_PAY, pay_to: str = ""
) -> Recovery:
    """Send the notice (追回通知) with its number; the enterprise has `days` natural days. Its PDF follows by a job."""
    due_on = timezone.localdate(at) + timedelta(days=days)
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.RECOVERY_NOTICE,
            title=f"追回通知：{recovery.project.title}",
            number=number,
            by=actor,
            at=at,
            facts={"recovery": recovery.pk, "amount": str(recovery.demanded), "due_on": due_on},
        )
        moved = moves.perform(
            recovery,
            "demand",
            actor=actor,
            at=at,
            ground=ground,
            number=number,
            due_on=due_on,
            pay_to=pay_to,
            summary=f"应退 {yuan(recovery.demanded)} 元，{cn_date(due_on)}前",
            letters=letters.recovery_demanded,
        )
        jobs.enqueue("recovery.pdf", by=actor, at=at, key=str(recovery.pk), title=f"追回通知 {number}",
                     facts={"recovery": recovery.pk})  # fmt: skip
    return moved


def record_receipt(
    recovery: Recovery, *, amount: Decimal, receipt_number: str, on: date, actor: Actor, at: datetime
) -> RecoveryReceipt:
    """Book money that came back. The same receipt number twice gives the first booking again and changes nothing.

    Raises NotYours for anybody but 市财政局; ReceiptRefused for an amount that is not positive or above what is
    outstanding, or before the notice.
    """
    if not has_role(actor, *FINANCE_ROLES):
        raise moves.NotYours("追回到账由市财政局登记。", record=recovery, move="complete_recovery")
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


def refer(
    recovery: Recovery, *, reason: str, number: str, to: str, actor: Actor, at: datetime, register: bool = False
) -> Recovery:
    """Overdue: hand it on by law (第十四条) to the body named by `to`. Receipts may still come; the 移送函 follows by a job.

    `register`: the enterprise stands in the 失信 register until the money is back, which stops its other payments.
    """
    with transaction.atomic():
        fresh = Recovery.objects.select_for_update().get(pk=recovery.pk)
        ground = Ground.issue(
            kind=GroundKind.DECISION, title="逾期未退移送函", number=number, by=actor, at=at,
            facts={"reason": reason, "to": to, "register": register, "outstanding": str(fresh.outstanding)},
        )  # fmt: skip
        moved = moves.perform(
            fresh, "refer", actor=actor, at=at, ground=ground, to=to, summary=f"移送{to}：{reason}",
            letters=letters.recovery_referred,
        )  # fmt: skip
        jobs.enqueue("recovery.referral", by=actor, at=at, key=str(moved.pk), title=f"移送函 {number}",
                     facts={"recovery": moved.pk})  # fmt: skip
        if register:
            DishonestyEntry.objects.create(
                organisation=moved.project.enterprise, ground=ground, reason=f"{OVERDUE_WORDS}（{number}）",
                from_on=timezone.localdate(at),
            )  # fmt: skip
    return moved


def tell_overdue(at: datetime) -> int:
    """Write once, to both sides, of every recovery whose day has passed; the clock's work. Returns how many."""
    late = Recovery.objects.filter(
        state=RecoveryState.DEMANDED, due_on__lt=timezone.localdate(at), overdue_told_at=None
    ).order_by("pk")  # fmt: skip
    return sum(_tell_overdue(late, key, at) for key in late.values_list("pk", flat=True))


def _tell_overdue(late: QuerySet[Recovery], key: int, at: datetime) -> bool:
    """One recovery, in a transaction of its own; False where it was paid, handed on or told of a moment ago."""
    with transaction.atomic():
        recovery = late.select_related("project__enterprise").select_for_update(of=("self",)).filter(pk=key).first()
        if recovery is None:
            return False
        recovery.overdue_told_at = at
        recovery.save(update_fields=["overdue_told_at"])
        audit.record(recovery, "recovery.overdue", actor=SYSTEM, at=at, label="逾期未退提醒",
                     summary=f"未退 {yuan(recovery.outstanding)} 元")  # fmt: skip
        notices.send(letters.recovery_overdue(recovery), at=at)
    return True


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
    """Fill the lines in their order: the source arranged last gets its money back first."""
    parts = []
    for line in lines:
        part = min(amount, line.demanded - line.recovered)
        if part > ZERO:
            parts.append((line, part))
            amount -= part
    return parts


def _complete(recovery: Recovery, ground: Ground, actor: Actor, at: datetime) -> None:
    moves.perform(recovery, "complete_recovery", actor=actor, at=at, ground=ground, letters=letters.recovery_complete)
    DishonestyEntry.objects.filter(ground=recovery.referral_id, ground__isnull=False, to_on=None).update(
        to_on=timezone.localdate(at)
    )
    still_open = recovery.project.recoveries.exclude(state=RecoveryState.COMPLETE)
    if not still_open.exists():
        lift_holds(recovery.project, HoldKind.RECOVERY, ground=ground, actor=actor, at=at)
