"""The bank's answers to a batch from a workbook: every row is right, or nothing is booked and each wrong row is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from core import audit, files, jobs
from core.models import BUREAU_ROLES
from core.money import yuan
from core.people import has_role
from core.templatetags.text_tags import cn_date
from disbursement import funds
from disbursement.models import Payment, PaymentBatch, ResultImport
from disbursement.result_sheet import FAILED, LAYOUT, OUTCOMES, PAID, RETURNED
from disbursement.services.refusal import Refused
from disbursement.services.results import Failed, Paid, Result, record_results, record_returns
from disbursement.sheet_cells import Table, TableRefused, read_table
from disbursement.states import PaymentState

if TYPE_CHECKING:
    from core.models import Job, StoredFile
    from core.people import Actor
    from core.sheet_reading import Fault

KEPT_FAULTS = 300

# The states that say what an answer said: money sent back before it arrived is a failed payment.
BOOKED = {
    PAID: (PaymentState.PAID, PaymentState.RETURNED),
    FAILED: (PaymentState.FAILED,),
    RETURNED: (PaymentState.RETURNED, PaymentState.FAILED),
}


@dataclass(slots=True)
class _Answers:
    """What a workbook says that is not booked yet, by payment id; `known`: how many rows are booked already."""

    results: dict[int, Result] = field(default_factory=dict)
    returned: dict[int, str] = field(default_factory=dict)
    known: int = 0


def ask_import(batch: PaymentBatch, upload: Any, *, actor: Actor, at: datetime) -> Job:
    """Keep a workbook of the bank's answers and ask for its import by a job. Raises Refused for one imported before."""
    _require_bureau(actor)
    with transaction.atomic():
        stored = files.store(upload, kind="bank_result", by=actor, at=at, allowed=("xlsx",))
        _refuse_again(stored.sha256)
        facts = {"batch": batch.pk, "file": stored.pk, "back": reverse("batch-results", args=[batch.pk])}
        return jobs.enqueue("batch.results", by=actor, at=at, title=f"导入银行结果 {batch.number}", facts=facts)


def ask_template(batch: PaymentBatch, *, actor: Actor, at: datetime) -> Job:
    """The workbook to be filled in, with the payments that have no answer yet; a job writes it."""
    _require_bureau(actor)
    facts = {"batch": batch.pk, "back": reverse("batch-results", args=[batch.pk])}
    return jobs.enqueue("batch.results_template", by=actor, at=at, title=f"银行结果模板 {batch.number}", facts=facts)


def read_results(stored: StoredFile) -> Table:
    """The rows of a workbook. Raises TableRefused with what is wrong in each."""
    table = read_table(files.read_stored(stored), LAYOUT)
    if table.faults:
        raise TableRefused(table.faults)
    return table


def book_results(batch: PaymentBatch, stored: StoredFile, table: Table, *, actor: Actor, at: datetime) -> ResultImport:
    """Book a workbook of the bank's answers to a batch: all of it or nothing.

    A row that says what is booked already changes nothing. Raises TableRefused with a report row by row (a payment of
    another batch, another amount, a receipt used twice, an answer that contradicts a booked one); Refused for a file
    imported before, which changes nothing either.
    """
    _require_bureau(actor)
    with transaction.atomic():
        funds.lock_pools(batch.payments.values_list("pool_id", flat=True))  # pools come first in the order of locks
        locked = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        _refuse_again(stored.sha256)
        answers = _answers(locked, table)
        key = f"文件 {stored.sha256[:16]}"
        if answers.results:
            record_results(locked, answers.results, key=key, actor=actor, at=at)
        if answers.returned:
            record_returns(answers.returned, key=key, actor=actor, at=at)
        made = ResultImport.objects.create(
            batch=locked, file=stored, sha256=stored.sha256, known=answers.known, returned=len(answers.returned),
            paid=sum(isinstance(one, Paid) for one in answers.results.values()),
            failed=sum(isinstance(one, Failed) for one in answers.results.values()), imported_at=at, imported_by=actor,
        )  # fmt: skip
        summary = f"到账 {made.paid} 笔，失败 {made.failed} 笔，退票 {made.returned} 笔，以前登记过 {made.known} 笔"
        audit.record(locked, "batch.results_imported", actor=actor, at=at, label="导入银行结果", summary=summary)
    return made


def keep_refused(
    batch: PaymentBatch, stored: StoredFile, faults: Sequence[Fault], *, actor: Actor, at: datetime
) -> ResultImport:
    """A workbook that was not booked, with the first of what is wrong in it, for the page it was uploaded on."""
    told = [
        {"row": one.row, "column": one.column, "shown": one.shown, "wrong": one.wrong, "todo": one.todo}
        for one in faults
    ]
    return ResultImport.objects.create(
        batch=batch, file=stored, sha256=stored.sha256, faults=told[:KEPT_FAULTS], fault_count=len(faults),
        imported_at=at, imported_by=actor,
    )  # fmt: skip


def _require_bureau(actor: Actor) -> None:
    if not has_role(actor, *BUREAU_ROLES):
        raise PermissionDenied("银行结果由市工信局登记。")


def _refuse_again(digest: str) -> None:
    before = ResultImport.objects.booked().filter(sha256=digest).select_related("batch").first()
    if before is not None:
        raise Refused(
            f"这个文件已在{cn_date(before.imported_at)}导入批次 {before.batch.number}，没有重复记账。", "file"
        )


def _answers(batch: PaymentBatch, table: Table) -> _Answers:
    """The answers of all rows. Raises TableRefused where one is wrong."""
    payments = {one.pk: one for one in batch.payments.exclude(state=PaymentState.CANCELLED)}
    receipts = [row["receipt"] for _, row in table.rows if row["receipt"]]
    used = dict(Payment.objects.filter(receipt_number__in=receipts).values_list("receipt_number", "pk"))
    answers, seen = _Answers(), _Seen()
    for number, row in table.rows:
        payment = payments.get(int(row["key"]))
        wrong = _wrong_with(row, batch, payment, used, seen)
        if wrong:
            table.refuse(number, *wrong)
        elif payment is not None:
            _take(row, payment, answers)
    if table.faults:
        raise TableRefused(table.faults)
    return answers


@dataclass(slots=True)
class _Seen:
    """What rows above said: in which payments and receipts a file repeats itself."""

    payments: set[int] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)


def _wrong_with(
    row: Mapping[str, Any], batch: PaymentBatch, payment: Payment | None, used: Mapping[str, int], seen: _Seen
) -> tuple[str, str, str] | None:
    """(what, column, what stands there) of the first thing wrong with a row; None where it is right."""
    if row["batch"] != batch.number:
        return f"这是批次 {row['batch']} 的结果，本批次是 {batch.number}。", "批次号", row["batch"]
    if payment is None:
        return "本批次中没有这个支付编号。", "支付编号", row["key"]
    if payment.pk in seen.payments:
        return "这个支付编号在文件中出现了两次。", "支付编号", row["key"]
    seen.payments.add(payment.pk)
    if row["amount"] != payment.amount:
        return f"金额与本批次不一致，应为 {yuan(payment.amount)} 元。", "金额", yuan(row["amount"])
    if row["holder"] and row["holder"] != payment.account_holder:
        return f"户名与本批次不一致，应为 {payment.account_holder}。", "收款户名", row["holder"]
    if row["outcome"] == PAID:
        return _wrong_receipt(row, payment, used, seen) or _contradiction(row, payment)
    if not row["reason"]:
        return "支付失败、退票的须写明原因。", "原因", ""
    return _contradiction(row, payment)


def _wrong_receipt(
    row: Mapping[str, Any], payment: Payment, used: Mapping[str, int], seen: _Seen
) -> tuple[str, str, str] | None:
    receipt = row["receipt"] or ""
    if not receipt:
        return "已到账的须填写回单号。", "回单号", ""
    if receipt in seen.receipts:
        return "这个回单号在文件中出现了两次。", "回单号", receipt
    seen.receipts.add(receipt)
    if used.get(receipt, payment.pk) != payment.pk:
        return "这个回单号已用于另一笔拨付。", "回单号", receipt
    return None


def _contradiction(row: Mapping[str, Any], payment: Payment) -> tuple[str, str, str] | None:
    """Where the answer is not what is booked already, and not what may follow it."""
    if payment.state == PaymentState.SENT or _is_booked(row, payment):
        return None
    if row["outcome"] == RETURNED and payment.state == PaymentState.PAID:
        return None
    shown = next(word for word, outcome in OUTCOMES.items() if outcome == row["outcome"])
    return f"这笔款项已记为“{payment.get_state_display()}”，与文件不一致，请与银行核对。", "结果", shown


def _is_booked(row: Mapping[str, Any], payment: Payment) -> bool:
    same_receipt = row["outcome"] != PAID or row["receipt"] == payment.receipt_number
    return payment.state in BOOKED[row["outcome"]] and same_receipt


def _take(row: Mapping[str, Any], payment: Payment, answers: _Answers) -> None:
    """Money that never arrived and came back is a failed payment; money that had arrived is returned."""
    if payment.state != PaymentState.SENT and _is_booked(row, payment):
        answers.known += 1
    elif row["outcome"] == PAID:
        answers.results[payment.pk] = Paid(row["receipt"])
    elif row["outcome"] == RETURNED and payment.state == PaymentState.PAID:
        answers.returned[payment.pk] = row["reason"]
    else:
        words = f"退票：{row['reason']}" if row["outcome"] == RETURNED else row["reason"]
        answers.results[payment.pk] = Failed(words[:200])
