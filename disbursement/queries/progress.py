"""Reports of progress for their pages, and the bureau's plans of instalments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from disbursement.models import PlanTemplate, ProgressReport

COLUMNS = {"reported": "reported_at", "progress": "progress", "invested": "invested", "state": "state"}


def reports_visible_to(user: Any) -> QuerySet[ProgressReport]:
    """Reports with what a row shows."""
    return ProgressReport.objects.visible_to(user).select_related(
        "project__enterprise", "project__district", "project__call", "reported_by", "checked_by"
    )


def plans_visible_to(user: Any) -> QuerySet[PlanTemplate]:
    """Every edition of every template, the newest first."""
    return (
        PlanTemplate.objects.visible_to(user).select_related("drafted_by", "adopted_by").order_by("-drafted_at", "-pk")
    )
