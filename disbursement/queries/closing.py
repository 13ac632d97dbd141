"""Lists of acceptances and recoveries, and what a settlement page shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from disbursement.models import Acceptance, Award, Instalment, Recovery
from disbursement.states import AcceptanceState, RecoveryState

if TYPE_CHECKING:
    from django.db.models import QuerySet

ACCEPTANCE_COLUMNS = {"requested": "requested_at", "project": "project__title", "state": "state"}
RECOVERY_COLUMNS = {"raised": "raised_at", "due": "due_on", "demanded": "demanded", "state": "state"}

OPEN_ACCEPTANCES = (AcceptanceState.REQUESTED, AcceptanceState.ASSIGNED, AcceptanceState.REPORTED)


def acceptances_visible_to(user: Any) -> QuerySet[Acceptance]:
    """Acceptances with what a row shows."""
    return Acceptance.objects.visible_to(user).select_related(
        "project__enterprise", "project__district", "project__call", "assessor"
    )


def recoveries_visible_to(user: Any) -> QuerySet[Recovery]:
    return Recovery.objects.visible_to(user).select_related("project__enterprise", "project__district", "ground")


def open_recoveries(user: Any) -> QuerySet[Recovery]:
    return recoveries_visible_to(user).exclude(state=RecoveryState.COMPLETE)


def award_with_lines(project: Any) -> Award | None:
    return Award.objects.filter(project=project).prefetch_related("lines__pool__district").first()


def instalments_of(project: Any) -> QuerySet[Instalment]:
    return Instalment.objects.filter(award__project=project).prefetch_related("lines__award_line__pool__district")


def failable(project: Any, on: date) -> Acceptance | None:
    """The project's latest acceptance where it could fail on that day: reported on, or not put right within its term."""
    latest = project.acceptances.order_by("-round").first()
    if latest is None or latest.state not in (AcceptanceState.REPORTED, AcceptanceState.RECTIFYING):
        return None
    in_term = latest.state == AcceptanceState.RECTIFYING and (project.due_on is None or on <= project.due_on)
    return None if in_term else latest
