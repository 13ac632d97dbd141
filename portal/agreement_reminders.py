"""Reminders of unsigned 任务书 and 补充协议: 7, 3 and 1 working days before the term ends, once a step (第九条三)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from applications.models import Hold
from core import audit, calendar, notices
from core.models import AuditEvent
from core.people import SYSTEM
from disbursement.letters.granting import signature_waits, time_left
from disbursement.models import Agreement

EVENT = "agreement.reminded"
STEPS = (7, 3, 1)  # working days before the term ends
FARTHEST = timedelta(days=30)  # seven working days, with the longest holidays between them


def remind_of_agreements(at: datetime) -> int:
    """Write to the sides that have not signed; returns how many papers. A missed day is made up for.

    While a project is held its term does not run out, and nobody is hurried.
    """
    today = calendar.today(at)
    waiting = Agreement.objects.to_be_signed().filter(
        ~Exists(Hold.objects.open().filter(project=OuterRef("project"))),
        sign_by__gte=today, sign_by__lte=today + FARTHEST,
    ).select_related("project")  # fmt: skip
    count = 0
    for agreement in waiting.order_by("pk"):
        days = calendar.working_days_left(agreement.sign_by, today)
        step = min((step for step in STEPS if days <= step), default=None)
        if step is not None and not _was_reminded(agreement, step):
            _remind(agreement, step, days, at)
            count += 1
    return count


def _was_reminded(agreement: Agreement, step: int) -> bool:
    rows = AuditEvent.objects.filter(stream=agreement.audit_stream(), event=EVENT)
    return rows.filter(facts__sign_by=agreement.sign_by.isoformat(), facts__step=step).exists()


def _remind(agreement: Agreement, step: int, days: int, at: datetime) -> None:
    facts = {"sign_by": agreement.sign_by.isoformat(), "step": step}
    with transaction.atomic():
        summary = f"签署期限{time_left(days)}"
        audit.record(agreement, EVENT, actor=SYSTEM, at=at, label="提醒签署", summary=summary, facts=facts)
        notices.send(signature_waits(agreement, days), at=at)
