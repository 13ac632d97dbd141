"""Papers of 告知 and 追回 as PDF: 拟决定告知书 and 追回通知, in the form of official documents. Safe to repeat."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

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
    recovery = _recovery_of(task)
    return _print_of_recovery(
        task, recovery, "notice", name="追回通知", template="documents/recovery_notice.html", at=recovery.demanded_at,
        context={
            "lines": list(recovery.lines.select_related("pool__district")), "title": "关于追回财政补助资金的通知",
            "document_number": recovery.number, "addressee": recovery.project.enterprise.name,
            "amount": yuan(recovery.demanded), "capitals": capitals(recovery.demanded),
        },
    )  # fmt: skip


def print_referral(task: Running) -> StoredFile:
    """移送函: to which body, what stood open on the day it was handed on, and on which papers."""
    recovery = _recovery_of(task)
    outstanding = Decimal(recovery.referral.facts["outstanding"])
    return _print_of_recovery(
        task, recovery, "referral_paper", name="移送函", template="documents/referral.html", at=recovery.referral.issued_at,
        context={
            "title": "关于移送逾期未退财政补助资金的函", "document_number": recovery.referral.number,
            "addressee": recovery.referred_to, "reason": recovery.referral.facts["reason"],
            "amount": yuan(outstanding), "capitals": capitals(outstanding),
            "given_back": yuan(recovery.demanded - outstanding),
            "attachments": [f"{recovery.ground.title}{_numbered(recovery.ground.number)}",
                            f"追回通知{_numbered(recovery.number)}"],
        },
    )  # fmt: skip


def _recovery_of(task: Running) -> Recovery:
    rows = Recovery.objects.select_related("project__enterprise", "project__district", "ground", "referral")
    return rows.get(pk=task.facts["recovery"])


def _print_of_recovery(
    task: Running, recovery: Recovery, column: str, *, name: str, template: str, at: datetime, context: dict[str, Any]
) -> StoredFile:
    """A paper of the bureau about a recovery, kept in its column."""
    task.expect(1)
    project = recovery.project
    sheet = {
        "recovery": recovery, "project": project, "red_head": PAYER, "issuer": PAYER,
        "copied_to": f"沈阳市财政局，{project.district.bureau_name}", **context,
    }  # fmt: skip
    pdf = documents.render_pdf(template, sheet, at=at)
    stored = files.store_bytes(
        pdf, name=f"{name} {project.number}.pdf", kind=f"recovery_{column}", by=task.by, at=timezone.now()
    )
    Recovery.objects.filter(pk=recovery.pk).update(**{column: stored})
    task.step()
    return stored


def _numbered(number: str) -> str:
    return f"（{number}）" if number else ""
