"""Projects as a list: filtered, with what a row shows, a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from applications.models import Determination, Project
from applications.states import ENDED, STEP_OF, State
from portal.filters import DONE
from portal.filters import ENDED as LEFT

COLUMNS = {
    "due": "due_on",
    "number": "number",
    "title": "title",
    "enterprise": "enterprise__name",
    "step": "state",
    "investment": "current_submission__investment",
    "limit": "limit",
    "since": "state_since",
}


# What a filing and a call say at length, and no list shows: not fetched, parsed or decrypted for every row.
LONG_TEXTS = (
    *(f"current_submission__{name}" for name in ("content", "benefit", "indicators", "declaration", "contact_phone")),
    "call__text",
)


def rows_of(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The rows with everything a list names: enterprise, district, submission, `limit` (上限, 元)."""
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    rows = projects.select_related("enterprise", "district", "current_submission", "call").defer(*LONG_TEXTS)
    return rows.annotate(limit=Subquery(current.values("limit")[:1]))


def listed(user: Any, wanted: dict[str, Any]) -> QuerySet[Project]:
    """The projects this person sees, narrowed to what was asked."""
    rows = rows_of(Project.objects.visible_to(user))
    if "q" in wanted:
        rows = rows.filter(_matches(wanted["q"]))
    if "step" in wanted:
        rows = rows.filter(state__in=states_of(wanted["step"]))
    for name in ("track", "district", "call"):
        if name in wanted:
            rows = rows.filter(**{name: wanted[name]})
    return rows


def found(user: Any, words: str) -> QuerySet[Project]:
    """Projects among those this person sees whose number, title or enterprise holds the words; none without words."""
    rows = rows_of(Project.objects.visible_to(user))
    return rows.filter(_matches(words)).order_by("-created_at", "pk") if words else rows.none()


def states_of(step: str) -> list[str]:
    """The states behind an entry of the step filter."""
    if step == DONE:
        return [State.SETTLED]
    if step == LEFT:
        return sorted(ENDED - {State.SETTLED})
    return [state for state, number in STEP_OF.items() if str(number) == step and state != State.SETTLED]


def _matches(words: str) -> Q:
    return (
        Q(number__icontains=words)
        | Q(title__icontains=words)
        | Q(enterprise__name__icontains=words)
        | Q(enterprise__uscc__iexact=words)
    )
