"""Calls for the lists people see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from applications.models import Call
from applications.states import CallState, State
from core.audit import timeline_of
from core.models import AuditEvent


def calls_for(user: Any, *, at: datetime) -> QuerySet[Call]:
    """Calls this person may see: open ones first, by closing time, then the others, newest first."""
    is_open = Q(state=CallState.PUBLISHED, opens_at__lte=at, closes_at__gt=at)
    return (
        Call.objects.visible_to(user)
        .annotate(
            order=Case(
                When(is_open, then=Value(0)), When(opens_at__gt=at, then=Value(1)), default=Value(2),
                output_field=IntegerField(),
            ),
            filed=Count("projects", filter=Q(projects__number__isnull=False) & ~Q(projects__state=State.DRAFT)),
        )
        .order_by("order", "-opens_at", "pk")
    )  # fmt: skip


def open_calls(*, at: datetime) -> QuerySet[Call]:
    """Calls that take filings at this moment, the one closing first in front."""
    return Call.objects.open_at(at).order_by("closes_at")


def extensions_of(call: Call) -> QuerySet[AuditEvent]:
    """Each time the window was extended, with the published reason as its summary, in order."""
    return timeline_of(call).filter(event="call.extended").order_by("at", "pk")
