"""Reminders to enterprises whose draft is not handed in: 7, 3 and 1 working days before its call closes, once a step."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from applications.models import Project
from applications.queries.people import enterprise_people
from applications.states import CallState, State
from core import audit, calendar, notices
from core.models import AuditEvent
from core.notices import Letter
from core.people import SYSTEM
from core.templatetags.text_tags import cn_datetime

EVENT = "project.draft_reminded"
STEPS = (7, 3, 1)  # working days before the call closes
FARTHEST = timedelta(days=30)  # seven working days, with the longest holidays between them


def remind_of_drafts(at: datetime) -> int:
    """Write to the people of each enterprise with a draft left; returns how many drafts. A missed day is made up for."""
    left = Project.objects.filter(
        state=State.DRAFT, call__state=CallState.PUBLISHED, call__closes_at__gt=at, call__closes_at__lte=at + FARTHEST
    )
    count = 0
    for project in left.select_related("call").order_by("pk"):
        step = _step_of(project, at)
        if step is not None and not _was_reminded(project, step):
            _remind(project, step, at)
            count += 1
    return count


def _step_of(project: Project, at: datetime) -> int | None:
    """The nearest step the call has reached, in working days; None while it is farther than the first."""
    days = calendar.working_days_left(calendar.today(project.call.closes_at), calendar.today(at))
    return min((step for step in STEPS if days <= step), default=None)


def _was_reminded(project: Project, step: int) -> bool:
    """True when this step of this very closing time was written of; an extended call is reminded of anew."""
    rows = AuditEvent.objects.filter(stream=project.audit_stream(), event=EVENT)
    return rows.filter(facts__closes_at=project.call.closes_at.isoformat(), facts__step=step).exists()


def _remind(project: Project, step: int, at: datetime) -> None:
    until = cn_datetime(timezone.localtime(project.call.closes_at))
    letter = Letter(
        recipients=list(enterprise_people(project.enterprise_id)),
        subject=f"申报还没有提交：{project.title}",
        body=f"“{project.call.title}”在 {until} 截止，草稿“{project.title}”还没有提交，由本单位审批人提交后才受理。",
        link=reverse("filing", args=[project.pk]),
    )
    facts = {"closes_at": project.call.closes_at.isoformat(), "step": step}
    with transaction.atomic():
        audit.record(
            project, EVENT, actor=SYSTEM, at=at, label="提醒提交申报", summary=f"截止前 {step} 个工作日", facts=facts
        )
        notices.send([letter], at=at)
