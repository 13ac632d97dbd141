"""What the bureau's board shows, its form checks, and what departments were asked; every list starts from visible_to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

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
AT_THE_DISTRICT = (State.DISTRICT_REVIEW, State.CORRECTION)
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
        return projects.filter(state__in=AT_THE_DISTRICT)
    return projects.filter(REVIEWED, _asked())


def counts_of_the_board(projects: QuerySet[Project]) -> dict[str, int]:
    """How many stand under each tab, in three queries."""
    on_the_board = projects.filter(state__in=(State.CITY_REVIEW, State.PUBLIC_NOTICE, *AT_THE_DISTRICT)).order_by()
    rows = on_the_board.values_list("state").annotate(Count("pk"), Count("due_on"))
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
        "district": sum(states.get(state, (0, 0))[0] for state in AT_THE_DISTRICT),
    }


def with_limits(projects: QuerySet[Project]) -> QuerySet[Project]:
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    return projects.annotate(limit=Subquery(current.values("limit")[:1]))


SHOWN = (
    "state", "due_on", "number", "title", "track", "enterprise__name", "district__name", "call__state", "call__district_days",
    "call__correction_days", "call__review_days", "call__notice_days", "current_submission__investment",
)  # fmt: skip


def rows_of(keys: Iterable[int], on: date) -> list[Project]:
    """The rows of one page of the board in the given order, with everything a row shows, in one query: experts `asked`
    and `handed_in`, departments `waiting` and `overdue`."""
    asked = Assignment.objects.current().filter(project=OuterRef("pk"))
    consulted = Consultation.objects.filter(project=OuterRef("pk"), recorded_at=None)
    found = (
        with_limits(Project.objects.filter(pk__in=list(keys)))
        .select_related("enterprise", "district", "call", "current_submission")
        .only(*SHOWN)
        .annotate(
            experts=_numbers(asked, handed_in=Q(sheet__state=SheetState.SUBMITTED)),
            departments=_numbers(consulted, overdue=Q(due_on__lt=on)),
        )
    )
    by_key = {row.pk: row for row in found}
    for row in by_key.values():
        experts, departments = row.experts or {}, row.departments or {}
        row.asked, row.handed_in = experts.get("all", 0), experts.get("handed_in", 0)
        row.waiting, row.overdue = departments.get("all", 0), departments.get("overdue", 0)
    return [by_key[key] for key in keys]


def _numbers(rows: QuerySet[Any], **parts: Q) -> Subquery:
    """How many of these rows a project has, as {"all": …} and by part; None for none."""
    said = JSONObject(all=Count("pk"), **{name: Count("pk", filter=part) for name, part in parts.items()})
    return Subquery(rows.order_by().values("project").annotate(said=said).values("said"))


def form_check_of(project: Project, user: Any) -> FormCheck | None:
    """The form check in force, with who has it."""
    rows = FormCheck.objects.visible_to(user).filter(project=project, ended_at=None)
    return rows.select_related("taken_by", "passed_by").prefetch_related("answers").first()


def consultations_visible_to(user: Any) -> QuerySet[Consultation]:
    """What departments were asked, the unanswered first, by their day."""
    rows = Consultation.objects.visible_to(user).select_related("project__enterprise", "file", "asked_by", "department")
    return rows.order_by(F("recorded_at").asc(nulls_first=True), "due_on", "pk")
