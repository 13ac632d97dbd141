"""Long tasks of the money room: 任务书 and 拨付通知 as PDF, the bank file as Excel, the bank's answers. Safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from core import documents, files
from core.jobs import JobRefused, Running
from core.models import StoredFile
from core.money import capitals, yuan
from disbursement.agreement_text import PAYER
from disbursement.bank_file import workbook_of
from disbursement.models import Agreement, Payment, PaymentBatch, ResultImport
from disbursement.result_sheet import template_of
from disbursement.services import result_import
from disbursement.services.agreements import text_digest
from disbursement.services.refusal import Refused
from disbursement.sheet_cells import TableRefused
from disbursement.states import PaymentState


def print_agreement(task: Running) -> StoredFile:
    """The 任务书 or 补充协议 as it stands, signatures included; kept as the agreement's file."""
    task.expect(1)
    agreement = Agreement.objects.select_related(
        "project__enterprise", "project__district", "amends", "bureau_signed_by", "enterprise_signed_by"
    ).get(pk=task.facts["agreement"])
    title = f"制造业新型技术改造项目{agreement.kind}"
    context = {
        "agreement": agreement, "text": agreement.text, "title": title, "payer": PAYER,
        "document_number": agreement.number, "edition": str(agreement), "digest": text_digest(agreement),
        "witness": agreement.project.district.bureau_name,
    }  # fmt: skip
    moments = (agreement.drawn_at, agreement.bureau_signed_at, agreement.enterprise_signed_at)
    pdf = documents.render_pdf("documents/agreement.html", context, at=max(moment for moment in moments if moment))
    stored = files.store_bytes(
        pdf, name=f"{agreement.kind} {agreement.number}.pdf", kind="agreement", by=task.by, at=timezone.now()
    )
    Agreement.objects.filter(pk=agreement.pk).update(file=stored)
    task.step()
    return stored


def write_bank_file(task: Running) -> StoredFile:
    """The batch as the bank wants it; kept as the batch's file."""
    batch = PaymentBatch.objects.get(pk=task.facts["batch"])
    payments = batch.payments.exclude(state=PaymentState.CANCELLED).order_by("pk")
    count = payments.count()
    if not count:
        raise JobRefused("批次中没有款项。")
    task.expect(count)
    content = workbook_of(batch, payments)
    stored = files.store_bytes(
        content, name=f"拨付批次 {batch.number}.xlsx", kind="bank_file", by=task.by, at=timezone.now()
    )
    PaymentBatch.objects.filter(pk=batch.pk).update(bank_file=stored)
    task.step(count)
    return stored


def import_bank_results(task: Running) -> None:
    """A workbook of the bank's answers: read, then booked whole; or kept with what is wrong in each row."""
    batch, stored = PaymentBatch.objects.get(pk=task.facts["batch"]), StoredFile.objects.get(pk=task.facts["file"])
    task.expect(2)
    if ResultImport.objects.booked().filter(file=stored).exists():  # an attempt before this one booked it
        return
    by = {"actor": task.by, "at": timezone.now()}
    try:
        table = result_import.read_results(stored)
        task.step(message=f"已读取 {len(table.rows)} 行，正在核对和登记。")
        made = result_import.book_results(batch, stored, table, **by)
    except TableRefused as refused:
        result_import.keep_refused(batch, stored, refused.faults, **by)
        raise JobRefused(f"{refused}请返回银行结果页面看逐行说明，改正后重新导入。") from None
    except Refused as refused:
        raise JobRefused(str(refused)) from None
    known = f"；{made.known} 笔以前登记过，没有变化" if made.known else ""
    task.step(message=f"已导入：到账 {made.paid} 笔，失败 {made.failed} 笔，退票 {made.returned} 笔{known}。")


def write_results_template(task: Running) -> StoredFile:
    """The workbook for the bank's answers, with the payments that have none yet."""
    batch = PaymentBatch.objects.get(pk=task.facts["batch"])
    payments = batch.payments.filter(state=PaymentState.SENT).select_related("batch").order_by("pk")
    count = payments.count()
    if not count:
        raise JobRefused("本批的银行结果都已登记，没有要填写的款项。")
    task.expect(count)
    stored = files.store_bytes(
        template_of(payments), name=f"银行结果 {batch.number}.xlsx", kind="bank_result_template", by=task.by,
        at=timezone.now(),
    )  # fmt: skip
    task.step(count)
    return stored


def print_payment_notices(task: Running) -> None:
    """拨付通知 of the payments one import of results confirmed; those that have theirs already are passed over."""
    keys = task.facts["payments"]
    task.expect(len(keys))
    rows = Payment.objects.select_related(
        "project__enterprise", "pool__district", "batch", "line__instalment__agreement"
    ).filter(pk__in=keys, paid_at__isnull=False)
    done = rows.filter(notice__isnull=False).count()
    if done:
        task.step(done)
    for payment in rows.filter(notice=None).order_by("pk"):
        Payment.objects.filter(pk=payment.pk).update(notice=_payment_notice(payment, task))
        done += 1
        task.step(done)


def _payment_notice(payment: Payment, task: Running) -> StoredFile:
    """One 拨付通知: 市工信局 is the payer (第十二条)."""
    context = {
        "payment": payment, "title": "拨付通知", "red_head": PAYER, "issuer": PAYER, "payer": PAYER,
        "document_number": f"批次 {payment.batch.number} 第 {payment.pk} 号",
        "addressee": payment.project.enterprise.name,
        "amount": yuan(payment.amount), "capitals": capitals(payment.amount),
    }  # fmt: skip
    pdf = documents.render_pdf("documents/payment_notice.html", context, at=payment.paid_at)
    return files.store_bytes(
        pdf, name=f"拨付通知 {payment.project.number} {payment.receipt_number}.pdf", kind="payment_notice",
        by=task.by, at=timezone.now(),
    )  # fmt: skip
