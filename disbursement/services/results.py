"""What the bank says of payments: paid, failed, returned; and what the enterprise confirms (第十二条)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from core import audit, jobs, moves
from core.models import ENTERPRISE_ROLES, Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import has_role
from disbursement import funds
from disbursement.letters import granting as letters
from disbursement.models import Award, Instalment, Payment, PaymentBatch, RecoveryReason
from disbursement.services.refusal import Refused
from disbursement.services.stopping import true_up
from disbursement.states import BatchState, InstalmentState, PaymentState

if TYPE_CHECKING:
    from core.people import Actor


@dataclass(frozen=True, slots=True)
class Paid:
    """The bank paid; its receipt number proves this one payment."""

    receipt_number: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The bank did not pay, for this reason."""

    reason: str


Result = Paid | Failed


def record_results(
    batch: PaymentBatch, results: Mapping[int, Result], *, key: str, actor: Actor, at: datetime
) -> PaymentBatch:
    """Book what the bank says of a batch's payments, by payment id. The same results twice change nothing.

    `key` names the file or click they came with. An instalment is settled when all its lines are paid and goes back to
    the plan when one failed; the batch is complete when every result is in. Raises Refused for results that
    contradict what is booked or one another (`receipt-<id>`), NotYours for anybody but 市工信局.
    """
    with transaction.atomic():
        _lock(batch)
        payments = {p.pk: p for p in _payments(batch) if p.pk in results}
        if len(payments) != len(results):
            raise Refused("结果中有不属于本批次的款项，没有记账。")
        news = {k: r for k, r in results.items() if _is_news(payments[k], r)}
        if not news:
            return PaymentBatch.objects.get(pk=batch.pk)
        _refuse_receipts(news)
        ground = _receipt(batch, news, key, actor, at)
        by = {"actor": actor, "at": at, "ground": ground}
        _book_paid({k: r for k, r in news.items() if isinstance(r, Paid)}, by)
        _book_failed({k: r for k, r in news.items() if isinstance(r, Failed)}, by)
        _settle({payments[k].line.instalment_id for k in news}, by)
        _fit_to_entitlement({payments[k].project_id for k in news}, by)
        fresh = PaymentBatch.objects.get(pk=batch.pk)
        if fresh.state == BatchState.SENT and moves.may(fresh, "complete", actor, at=at):
            fresh = moves.perform(fresh, "complete", **by)
    return fresh


def record_return(payment: Payment, reason: str, *, actor: Actor, at: datetime) -> Payment:
    """退票: the bank sent paid money back: it is payable again, in another batch. The same return twice is refused."""
    if not reason.strip():
        raise Refused("请写明退票原因。", "reason")
    return record_returns({payment.pk: reason}, key="", actor=actor, at=at)[0]


def record_returns(reasons: Mapping[int, str], *, key: str, actor: Actor, at: datetime) -> list[Payment]:
    """退票 of some paid payments, all or none: why, by payment id. `key` names the file they came with."""
    with transaction.atomic():
        rows = Payment.objects.filter(pk__in=reasons)
        funds.lock_pools(rows.values_list("pool_id", flat=True))
        payments = list(rows.select_for_update(of=("self",)).order_by("pk"))
        for payment in payments:
            moves.require(payment, "return_payment", actor, at=at)
        _refuse_if_demanded(payments)
        said = {str(one.pk): {"returned": reasons[one.pk], "receipt": one.receipt_number} for one in payments}
        ground = Ground.issue(
            kind=GroundKind.BANK_RECEIPT, number=key[:60], title="银行退票", by=actor, at=at, facts={"results": said}
        )
        by = {"actor": actor, "at": at, "ground": ground}
        people = letters.people_of(rows.values_list("project__enterprise", flat=True))
        officers = letters.staff(Role.BUREAU_OFFICER)
        returned = moves.perform_many(
            rows.select_related("project"),
            "return_payment",
            facts_of=lambda payment: {"reason": reasons[payment.pk]},
            summary=lambda payment: f"{yuan(payment.amount)} 元：{reasons[payment.pk]}",
            letters=lambda payment: letters.not_paid(
                payment, [*people.get(payment.project.enterprise_id, []), *officers], "被银行退回"
            ),
            **by,
        )
        funds.book_returned(rows, **by)
        instalments = Instalment.objects.filter(pk__in=rows.values("line__instalment"))
        settled = instalments.exclude(state=InstalmentState.PLANNED)
        moves.perform_many(settled, "back_to_plan", summary="银行退票", **by)
        _fit_to_entitlement({payment.project_id for payment in payments}, by)
    return returned


def confirm_receipt(payment: Payment, *, actor: Actor, at: datetime) -> Payment:
    """The enterprise confirms that the money is on its account; once, a second time changes nothing."""
    with transaction.atomic():
        fresh = Payment.objects.select_for_update(of=("self",)).select_related("project").get(pk=payment.pk)
        if not has_role(actor, *ENTERPRISE_ROLES) or actor.organisation_id != fresh.project.enterprise_id:
            raise PermissionDenied("到账由收款企业确认。")
        if fresh.state != PaymentState.PAID:
            raise Refused(f"这笔款项现在是“{fresh.get_state_display()}”，还不能确认到账。")
        if fresh.confirmed_at is None:
            fresh.confirmed_at, fresh.confirmed_by = at, actor
            fresh.save(update_fields=["confirmed_at", "confirmed_by"])
            summary = f"{yuan(fresh.amount)} 元，回单 {fresh.receipt_number}"
            audit.record(fresh, "payment.receipt_confirmed", actor=actor, at=at, label="企业确认到账", summary=summary)
    return fresh


# --- how it is done -------------------------------------------------------------------------------------------------


def _refuse_if_demanded(payments: Sequence[Payment]) -> None:
    """Money that is being claimed back comes in on the page of the recovery, not as a return."""
    back: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for payment in payments:
        back[payment.project_id] += payment.amount
    for award in Award.objects.filter(project__in=back, demanded__gt=ZERO).select_related("project"):
        if award.demanded > award.paid - award.returned - back[award.project_id]:
            which = f"“{award.project.title}”的资金" if len(payments) > 1 else "这笔资金"
            raise Refused(f"{which}正在追回，退回的款项请在追回页面登记到账。", "reason")


def _lock(batch: PaymentBatch) -> None:
    funds.lock_pools(batch.payments.values_list("pool_id", flat=True))
    PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _with_booking(payments: Any) -> list[Payment]:
    return list(
        payments.select_related("line__award_line__award", "line__instalment", "project", "pool").order_by("pk")
    )


def _payments(batch: PaymentBatch) -> list[Payment]:
    return _with_booking(batch.payments.all())


def _is_news(payment: Payment, result: Result) -> bool:
    """False when this very result is booked already. Raises Refused when another one is."""
    if payment.state == PaymentState.SENT:
        return True
    receipt = result.receipt_number if isinstance(result, Paid) else ""
    booked_paid = payment.state in (PaymentState.PAID, PaymentState.RETURNED)
    if booked_paid and receipt == payment.receipt_number:
        return False
    if payment.state == PaymentState.FAILED and isinstance(result, Failed):
        return False
    field = f"receipt-{payment.pk}"
    raise Refused(f"这笔款项已记为“{payment.get_state_display()}”，与新的结果不一致。请与银行核对。", field)


def _refuse_receipts(news: Mapping[int, Result]) -> None:
    """Every receipt number is there, and proves one payment only; every failure has its reason."""
    seen: dict[str, int] = {}
    for key, result in news.items():
        field = f"receipt-{key}"
        if isinstance(result, Failed):
            if not result.reason.strip():
                raise Refused("请写明支付失败的原因。", f"reason-{key}")
            continue
        if not result.receipt_number.strip():
            raise Refused("请填写回单号。", field)
        if result.receipt_number in seen:
            raise Refused(f"回单号 {result.receipt_number} 在本次结果中出现了两次。", field)
        seen[result.receipt_number] = key
    used = Payment.objects.filter(receipt_number__in=seen).exclude(pk__in=seen.values()).first()
    if used:
        raise Refused(f"回单号 {used.receipt_number} 已用于另一笔拨付。", f"receipt-{seen[used.receipt_number]}")


def _receipt(batch: PaymentBatch, news: Mapping[int, Result], key: str, actor: Actor, at: datetime) -> Ground:
    said = {
        str(k): {"receipt": r.receipt_number} if isinstance(r, Paid) else {"failed": r.reason} for k, r in news.items()
    }
    return Ground.issue(
        kind=GroundKind.BANK_RECEIPT, number=key[:60], title=f"拨付批次 {batch.number} 银行结果", by=actor, at=at,
        facts={"batch": batch.pk, "results": said},
    )  # fmt: skip


def _book_paid(news: Mapping[int, Paid], by: dict[str, Any]) -> None:
    if not news:
        return
    rows = Payment.objects.filter(pk__in=news)
    people = letters.people_of(rows.values_list("project__enterprise", flat=True))
    moves.perform_many(
        rows.select_related("project"),
        "confirm_paid",
        facts_of=lambda payment: {"receipt_number": news[payment.pk].receipt_number},
        summary=lambda payment: f"{yuan(payment.amount)} 元，回单 {payment.receipt_number}",
        letters=lambda payment: letters.paid(payment, people.get(payment.project.enterprise_id, [])),
        **by,
    )
    funds.book_paid(rows, **by)
    jobs.enqueue(
        "payment.notices", by=by["actor"], at=by["at"], key=f"ground:{by['ground'].pk}", title="拨付通知",
        facts={"payments": sorted(news)},
    )  # fmt: skip


def _book_failed(news: Mapping[int, Failed], by: dict[str, Any]) -> None:
    if not news:
        return
    rows = Payment.objects.filter(pk__in=news)
    people = letters.people_of(rows.values_list("project__enterprise", flat=True))
    officers = letters.staff(Role.BUREAU_OFFICER)
    moves.perform_many(
        rows.select_related("project"),
        "fail_payment",
        facts_of=lambda payment: {"reason": news[payment.pk].reason},
        summary=lambda payment: payment.reason,
        letters=lambda payment: letters.not_paid(
            payment, [*people.get(payment.project.enterprise_id, []), *officers], "未成功"
        ),
        **by,
    )
    funds.unreserve(rows, **by)


def _fit_to_entitlement(project_ids: set[int], by: dict[str, Any]) -> None:
    """Where the entitlement was lowered while the money was with the bank, promises and claims follow (第十三条)."""
    for award in Award.objects.filter(project__in=project_ids, entitlement__lt=F("amount")).select_related("project"):
        true_up(award.project, reason=RecoveryReason.LATE_PAYMENT, ground=by["ground"], at=by["at"])


def _settle(instalment_ids: set[int], by: dict[str, Any]) -> None:
    """Settle instalments whose every line is paid; put back into the plan those with a line that was not."""
    rows = Instalment.objects.filter(pk__in=instalment_ids, state=InstalmentState.IN_PAYMENT)
    paid: dict[int, str] = {}
    unpaid = []
    for instalment in rows.prefetch_related("lines__payments").order_by("pk"):
        lines = [line for line in instalment.lines.all() if line.amount]
        states = [{payment.state for payment in line.payments.all()} for line in lines]
        if any(found & {PaymentState.PREPARED, PaymentState.SENT} for found in states):
            continue
        if all(PaymentState.PAID in found for found in states):
            paid[instalment.pk] = f"{yuan(sum((line.amount for line in lines), ZERO))} 元"
        else:
            unpaid.append(instalment.pk)
    settled = Instalment.objects.filter(pk__in=paid)
    moves.perform_many(settled, "settle_instalment", summary=lambda one: paid[one.pk], **by)
    back = Instalment.objects.filter(pk__in=unpaid)
    moves.perform_many(back, "back_to_plan", summary="银行未付，退回待拨付", **by)
