"""What the district's desk shows: its queue, counts, filters, letters; every list starts from visible_to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from applications.facts.defects import defects_of
from applications.models import Determination, Project
from applications.states import State
from core.calendar import add_working_days
from core.models import DISTRICT_ROLES, User
from review.models import DefectList, MaterialCheck, Opinion, RecommendationLetter, RuleCheck, Verdict

TABS = {
    "in_hand": "在办",
    "mine": "我经办的",
    "untaken": "待领取",
    "to_sign": "待签批",
    "correction": "退回补正",
    "recommended": "已推荐",
    "declined": "不予支持",
}
IN_HAND = Q(state=State.DISTRICT_REVIEW)
BEYOND_THE_DISTRICT = (
    State.CITY_REVIEW, State.PUBLIC_NOTICE, State.GOVERNMENT_APPROVAL, State.AGREEMENT, State.DISBURSEMENT,
    State.ACCEPTANCE, State.RECTIFICATION, State.SETTLEMENT, State.SETTLED, State.TERMINATED,
)  # fmt: skip


def with_opinion_in_hand(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `opinion_in_hand`: an opinion on the current submission waits for a signature."""
    waiting = Opinion.objects.in_hand().filter(submission=OuterRef("current_submission"))
    return projects.annotate(opinion_in_hand=Exists(waiting))


def under_tab(projects: QuerySet[Project], tab: str, user: Any) -> QuerySet[Project]:
    """The projects of the district under one tab of its queue, for this person."""
    if tab == "mine":
        return projects.filter(IN_HAND, taken_by=user)
    if tab == "untaken":
        return projects.filter(IN_HAND, taken_by=None)
    if tab == "to_sign":
        return with_opinion_in_hand(projects.filter(IN_HAND)).filter(opinion_in_hand=True)
    if tab == "correction":
        return projects.filter(state=State.CORRECTION)
    if tab == "recommended":
        return projects.filter(state__in=BEYOND_THE_DISTRICT)
    if tab == "declined":
        return projects.filter(state=State.DECLINED)
    return projects.filter(IN_HAND)


def due_bands(on: date) -> dict[str, tuple[str, Q]]:
    """Bands of the clock, by the project's due day: overdue, today, within three working days, later."""
    soon = add_working_days(on, 3)
    return {
        "over": ("已超期", Q(due_on__lt=on)),
        "today": ("今日到期", Q(due_on=on)),
        "soon": ("3 个工作日内", Q(due_on__gt=on, due_on__lte=soon)),
        "later": ("时间充裕", Q(due_on__gt=soon) | Q(due_on__isnull=True)),
    }


def counts_of_the_queue(projects: QuerySet[Project], user: Any, on: date) -> dict[str, int]:
    """How many stand under each tab and in each band of the clock, in two queries."""
    states = dict(projects.order_by().values_list("state").annotate(Count("pk")))
    bands = {f"due_{key}": Count("pk", filter=part) for key, (_, part) in due_bands(on).items()}
    in_hand = with_opinion_in_hand(projects.filter(IN_HAND)).aggregate(
        mine=Count("pk", filter=Q(taken_by=user)), untaken=Count("pk", filter=Q(taken_by=None)),
        to_sign=Count("pk", filter=Q(opinion_in_hand=True)), **bands,
    )  # fmt: skip
    return {
        **in_hand,
        "in_hand": states.get(State.DISTRICT_REVIEW, 0),
        "correction": states.get(State.CORRECTION, 0),
        "recommended": sum(states.get(state, 0) for state in BEYOND_THE_DISTRICT),
        "declined": states.get(State.DECLINED, 0),
    }


def with_limits(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `limit`: 元 of the determination now in force; needed where a list is ordered by it."""
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    return projects.annotate(limit=Subquery(current.values("limit")[:1]))


def rows_of(keys: Iterable[int]) -> list[Project]:
    """The rows of one page of the queue in the given order, with everything a row shows, in one query."""
    checks = MaterialCheck.objects.filter(submission=OuterRef("current_submission"))
    rules = RuleCheck.objects.filter(submission=OuterRef("current_submission"))
    rows = with_opinion_in_hand(with_limits(Project.objects.filter(pk__in=list(keys))))
    found = rows.select_related("enterprise", "district", "call", "current_submission", "taken_by").annotate(
        checks=_number(checks) + _number(rules),
        doubts=_number(checks.filter(verdict=Verdict.QUESTIONED)) + _number(rules.filter(verdict=Verdict.QUESTIONED)),
    )
    by_key = {row.pk: row for row in found}
    return [by_key[key] for key in keys]


def _number(rows: QuerySet[Any]) -> Any:
    from django.db.models.functions import Coalesce

    return Coalesce(Subquery(rows.order_by().values("submission").annotate(n=Count("pk")).values("n")), 0)


def desk_people(user: Any) -> QuerySet[User]:
    """The people of this person's own district desk."""
    people = User.objects.filter(organisation=user.organisation_id, organisation__isnull=False, is_active=True)
    return people.filter(groups__name__in=DISTRICT_ROLES).distinct().order_by("name", "pk")


def who_may_be_given(project: Project, holder: Any) -> QuerySet[User]:
    """People of the project's district a filing can be handed to: those on its desk without an interest in it."""
    from django.utils import timezone

    bound = Q(interests__organisation=project.enterprise_id, interests__ended_at=None) & (
        Q(interests__expires_on=None) | Q(interests__expires_on__gte=timezone.localdate())
    )
    people = User.objects.filter(
        organisation__kind="district_bureau", organisation__district=project.district_id, is_active=True,
        groups__name__in=DISTRICT_ROLES,
    )  # fmt: skip
    tied = User.objects.filter(bound).values("pk")
    return people.exclude(pk__in=tied).exclude(pk=holder).distinct().order_by("name", "pk")


def defect_lists_of(project: Project, user: Any) -> list[DefectList]:
    """What was told to the enterprise each time, newest first, with what it answered (`entries`)."""
    told = list(DefectList.objects.visible_to(user).filter(project=project).select_related("ground"))
    for one in told:
        one.entries = defects_of(project, one.ground)
    return told


# --- letters --------------------------------------------------------------------------------------------------------


def letters_visible_to(user: Any) -> QuerySet[RecommendationLetter]:
    """推荐函 with the number of their projects and the sum of investment (元), newest first."""
    return (
        RecommendationLetter.objects.visible_to(user)
        .select_related("district", "call", "signed_by")
        .annotate(projects=Count("opinions"))
        .order_by("-signed_at", "-pk")
    )


def opinions_of_letter(letter: RecommendationLetter) -> QuerySet[Opinion]:
    """The opinions a letter carries, by project number, with what its list shows."""
    limit = Determination.objects.filter(submission=OuterRef("submission"), is_current=True).values("limit")[:1]
    return (
        letter.opinions.select_related("project__enterprise", "submission", "written_by", "countersigned_by")
        .annotate(limit=Subquery(limit), number=F("project__number"))
        .order_by("project__number")
    )
