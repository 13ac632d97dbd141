"""What the district's desk shows: its queue, counts, filters, letters; every list starts from visible_to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from applications.facts.defects import defects_of
from applications.models import Determination, Project
from applications.states import State
from core.calendar import ONE_DAY, add_working_days
from core.listing import ordered_by
from core.models import DISTRICT_ROLES, User
from review.models import DefectList, MaterialCheck, Opinion, RecommendationLetter, RuleCheck, Verdict
from review.queries import matching

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


@dataclass(frozen=True, slots=True)
class Band:
    """A band of the clock: due from one day to another, both included; None is open. What has no day is due later."""

    label: str
    first: date | None
    last: date | None

    @property
    def asked(self) -> Q:
        """The projects of the band."""
        found = Q(due_on__gte=self.first) if self.first else Q()
        if self.last is None:
            return found | Q(due_on__isnull=True)
        return found & Q(due_on__lte=self.last)

    def holds(self, due_on: date | None) -> bool:
        """The same of one day."""
        if due_on is None:
            return self.last is None
        return (self.first is None or self.first <= due_on) and (self.last is None or due_on <= self.last)


def due_bands(on: date) -> dict[str, Band]:
    """Bands of the clock, by the project's due day: overdue, today, within three working days, later."""
    soon = add_working_days(on, 3)
    return {
        "over": Band("已超期", None, on - ONE_DAY),
        "today": Band("今日到期", on, on),
        "soon": Band("3 个工作日内", on + ONE_DAY, soon),
        "later": Band("时间充裕", soon + ONE_DAY, None),
    }


def counts_of_the_queue(projects: QuerySet[Project], user: Any, bands: dict[str, Band]) -> dict[str, int]:
    """How many stand under each tab and in each band of the clock, in two queries."""
    states = dict(projects.order_by().values_list("state").annotate(Count("pk")))
    found = dict.fromkeys(("mine", "untaken", "to_sign", *(f"due_{band}" for band in bands)), 0)
    in_hand = with_opinion_in_hand(projects.filter(IN_HAND)).order_by()
    rows = in_hand.values_list("due_on", "taken_by", "opinion_in_hand").annotate(Count("pk"))
    for due_on, holder, to_sign, number in rows:
        found[next(f"due_{key}" for key, band in bands.items() if band.holds(due_on))] += number
        found["mine"] += number if holder == user.pk else 0
        found["untaken"] += number if holder is None else 0
        found["to_sign"] += number if to_sign else 0
    return {
        **found,
        "in_hand": states.get(State.DISTRICT_REVIEW, 0),
        "correction": states.get(State.CORRECTION, 0),
        "recommended": sum(states.get(state, 0) for state in BEYOND_THE_DISTRICT),
        "declined": states.get(State.DECLINED, 0),
    }


def queue_of(
    user: Any, tab: str, on: date, *, due: str = "", holder: Any = None, **said: Any
) -> QuerySet[Project]:  # fmt: skip
    """What this person's queue holds under a tab and its filters: band of the clock, who has it in hand, `matching`."""
    found = matching(under_tab(Project.objects.visible_to(user), tab, user), **said)
    found = found.filter(due_bands(on)[due].asked) if due else found
    return found.filter(taken_by=holder) if holder else found


COLUMNS = {"due": "due_on", "total": "current_submission__investment", "limit": "limit"}


def in_order(found: QuerySet[Project], sort: str) -> QuerySet[Project]:
    """The queue in the order of a head of its table, by its clock where none is asked."""
    return ordered_by(with_limits(found) if sort.lstrip("-") == "limit" else found, sort, COLUMNS, "due")


def with_limits(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds `limit`: 元 of the determination now in force; needed where a list is ordered by it."""
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    return projects.annotate(limit=Subquery(current.values("limit")[:1]))


SHOWN = (
    "state", "due_on", "number", "title", "track", "days_kept", "enterprise__name", "call__state", "call__district_days",
    "call__correction_days", "call__review_days", "call__notice_days", "current_submission__investment",
    "taken_by__name", "enterprise__uscc", "call__title",
)  # fmt: skip


def rows_of(keys: Iterable[int]) -> list[Project]:
    """The rows of one page of the queue in the given order, with everything a row shows, in one query; `checks` and
    `doubts`: how many entries were judged, and how many of those are questioned."""
    rows = with_opinion_in_hand(with_limits(Project.objects.filter(pk__in=list(keys)))).annotate(
        of_materials=_judged(MaterialCheck), of_rules=_judged(RuleCheck)
    )
    found = rows.select_related("enterprise", "call", "current_submission", "taken_by").only(*SHOWN)
    by_key = {row.pk: row for row in found}
    for row in by_key.values():
        judged = [one for one in (row.of_materials, row.of_rules) if one]
        row.checks, row.doubts = (sum(one[name] for one in judged) for name in ("checks", "doubts"))
    return [by_key[key] for key in keys]


def _judged(model: Any) -> Subquery:
    """{"checks": …, "doubts": …} over the current submission, None where nothing was judged."""
    rows = model.objects.filter(submission=OuterRef("current_submission")).order_by().values("submission")
    doubts = Count("pk", filter=Q(verdict=Verdict.QUESTIONED))
    return Subquery(rows.annotate(said=JSONObject(checks=Count("pk"), doubts=doubts)).values("said"))


def desk_people(user: Any) -> QuerySet[User]:
    """The people of this person's own district desk."""
    people = User.objects.filter(organisation=user.organisation_id, organisation__isnull=False, is_active=True)
    return people.filter(groups__name__in=DISTRICT_ROLES).only("name").distinct().order_by("name", "pk")


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
