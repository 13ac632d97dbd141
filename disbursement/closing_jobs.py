"""Papers of 告知 and 追回 as PDF: 拟决定告知书 and 追回通知, in the form of official documents. Safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from core import documents, files
from core.jobs import Running
from core.models import StoredFile
from core.money import capitals, yuan
from disbursement.agreement_text import PAYER
from disbursement.models import Hearing, Recovery


def print_hearing(task: Running) -> StoredFile:
    """拟决定告知书: facts, ground, amount, and until when the enterprise may answer; kept as the hearing's paper."""
    task.expect(1)
    hearing = Hearing.objects.select_related("project__enterprise", "project__district").get(pk=task.facts["hearing"])
    context = {
        "hearing": hearing, "project": hearing.project, "title": f"关于拟{hearing.get_kind_display()}的告知书",
        "red_head": PAYER, "issuer": PAYER, "document_number": hearing.number,
        "addressee": hearing.project.enterprise.name, "amount": yuan(hearing.amount),
        "capitals": capitals(hearing.amount), "copied_to": hearing.project.district.bureau_name,
    }  # fmt: skip
    pdf = documents.render_pdf("documents/hearing_notice.html", context, at=hearing.notified_at)
    stored = files.store_bytes(
        pdf, name=f"拟决定告知书 {hearing.project.number}.pdf", kind="hearing_notice", by=task.by, at=timezone.now()
    )
    Hearing.objects.filter(pk=hearing.pk).update(paper=stored)
    task.step()
    return stored


def print_recovery(task: Running) -> StoredFile:
    """追回通知: 文号, amount in figures and 大写, until when, to which account, restored to which sources."""
    task.expect(1)
    recovery = Recovery.objects.select_related("project__enterprise", "project__district", "ground").get(
        pk=task.facts["recovery"]
    )
    lines = list(recovery.lines.select_related("pool__district"))
    context = {
        "recovery": recovery, "project": recovery.project, "lines": lines, "title": "关于追回财政补助资金的通知",
        "red_head": PAYER, "issuer": PAYER, "document_number": recovery.number,
        "addressee": recovery.project.enterprise.name, "amount": yuan(recovery.demanded),
        "capitals": capitals(recovery.demanded), "copied_to": f"沈阳市财政局，{recovery.project.district.bureau_name}",
    }  # fmt: skip
    pdf = documents.render_pdf("documents/recovery_notice.html", context, at=recovery.demanded_at)
    stored = files.store_bytes(
        pdf, name=f"追回通知 {recovery.project.number}.pdf", kind="recovery_notice", by=task.by, at=timezone.now()
    )
    Recovery.objects.filter(pk=recovery.pk).update(notice=stored)
    task.step()
    return stored
