"""What the bureau's board shows, its form checks, and what departments were asked; every list starts from visible_to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from applications.models import Determination, Project
from applications.states import State
from review.models import Assignment, Consultation, FormCheck
from review.states import SheetState

TABS = {
    "form_check": "待形式审查",
    "to_assign": "待指派专家",
    "scoring": "评分中",
    "to_publish": "待公示",
    "shown": "公示中",
    "district": "区县初审",
}
REVIEWED = Q(state=State.CITY_REVIEW)


def _asked() -> Exists:
    return Exists(Assignment.objects.current().filter(project=OuterRef("pk")))


def _passed() -> Exists:
    return Exists(FormCheck.objects.filter(project=OuterRef("pk"), ended_at=None).exclude(passed_at=None))


def under_tab(projects: QuerySet[Project], tab: str) -> QuerySet[Project]:
    """The projects of the city under one tab of the board."""
    if tab == "form_check":
        return projects.filter(REVIEWED, ~_passed(), ~_asked())
    if tab == "to_assign":
        return projects.filter(REVIEWED, _passed(), ~_asked())
    if tab == "to_publish":
        return projects.filter(state=State.PUBLIC_NOTICE, due_on=None)
    if tab == "shown":
        return projects.filter(state=State.PUBLIC_NOTICE).exclude(due_on=None)
    if tab == "district":
        return projects.filter(state__in=[State.DISTRICT_REVIEW, State.CORRECTION])
    return projects.filter(REVIEWED, _asked())


def counts_of_the_board(projects: QuerySet[Project]) -> dict[str, int]:
    """How many stand under each tab, in four queries."""
    rows = projects.order_by().values_list("state").annotate(Count("pk"), Count("due_on"))
    states = {state: (number, dated) for state, number, dated in rows}
    noticed, dated = states.get(State.PUBLIC_NOTICE, (0, 0))
    reviewed = states.get(State.CITY_REVIEW, (0, 0))[0]
    scoring, to_assign = under_tab(projects, "scoring").count(), under_tab(projects, "to_assign").count()
    return {
        "form_check": reviewed - scoring - to_assign,
        "to_assign": to_assign,
        "scoring": scoring,
        "to_publish": noticed - dated,
        "shown": dated,
        "district": sum(states.get(state, (0, 0))[0] for state in (State.DISTRICT_REVIEW, State.CORRECTION)),
    }


def with_limits(projects: QuerySet[Project]) -> QuerySet[Project]:
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    return projects.annotate(limit=Subquery(current.values("limit")[:1]))


def rows_of(keys: Iterable[int], on: date) -> list[Project]:
    """The rows of one page of the board in the given order, with everything a row shows, in one query."""
    asked = Assignment.objects.current().filter(project=OuterRef("pk"))
    consulted = Consultation.objects.filter(project=OuterRef("pk"), recorded_at=None)
    checks = FormCheck.objects.filter(project=OuterRef("pk"), ended_at=None)
    found = (
        with_limits(Project.objects.filter(pk__in=list(keys)))
        .select_related("enterprise", "district", "call", "current_submission")
        .annotate(
            asked=_number(asked), handed_in=_number(asked.filter(sheet__state=SheetState.SUBMITTED)),
            waiting=_number(consulted), overdue=_number(consulted.filter(due_on__lt=on)),
            form_by=Subquery(checks.values("taken_by__name")[:1]),
        )
    )  # fmt: skip
    by_key = {row.pk: row for row in found}
    return [by_key[key] for key in keys]


def _number(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def form_check_of(project: Project, user: Any) -> FormCheck | None:
    """The form check in force, with who has it."""
    rows = FormCheck.objects.visible_to(user).filter(project=project, ended_at=None)
    return rows.select_related("taken_by", "passed_by").prefetch_related("answers").first()


def consultations_visible_to(user: Any) -> QuerySet[Consultation]:
    """What departments were asked, the unanswered first, by their day."""
    rows = Consultation.objects.visible_to(user).select_related("project__enterprise", "file", "asked_by")
    return rows.order_by(F("recorded_at").asc(nulls_first=True), "due_on", "pk")
