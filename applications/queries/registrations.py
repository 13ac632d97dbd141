"""Registrations of enterprises for the pages of the district."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from applications.models import Registration
from applications.states import RegistrationState

TABS = {"waiting": "待核验", "done": "已答复"}


def registrations_visible_to(user: Any) -> QuerySet[Registration]:
    """Requests of enterprises with what their pages read."""
    return Registration.objects.visible_to(user).select_related("organisation", "district", "applicant", "decided_by")


def in_tab(rows: QuerySet[Registration], tab: str) -> QuerySet[Registration]:
    """Those that wait, by their clock; or those answered, newest first."""
    waiting = {"state": RegistrationState.REQUESTED}
    if tab == "done":
        return rows.exclude(**waiting).order_by("-decided_at", "-pk")
    return rows.filter(**waiting).order_by("due_on", "pk")
