"""What the sandbox reads: the chosen projects' facts in one question, the pools' budgets, scenarios with their results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from applications.models import Determination, Project
from applications.states import ENDED, State
from disbursement.models import Pool
from policy import versions
from policy.rules import Facts, FactsError
from portal.queries.project_list import states_of
from portal.sandbox.compute import Case
from portal.sandbox.models import Scenario
from review.models import ReportEntry

LEFT = sorted(ENDED - {State.SETTLED})
LIMITLESS = {"approved": None, "central_pool": None, "local_pool": None}


def scenarios(user: Any) -> QuerySet[Scenario]:
    """The scenarios this person may read, without the rows of their results."""
    rows = Scenario.objects.visible_to(user).select_related("created_by", "organisation", "result", "job")
    return rows.defer("result__rows")


def chosen(user: Any, asked: Mapping[str, Any]) -> QuerySet[Project]:
    """The projects a scenario covers, among those this person sees; those that left the road only when asked for."""
    rows = Project.objects.visible_to(user)
    step = asked.get("step", "")
    rows = rows.filter(state__in=states_of(step)) if step else rows.exclude(state__in=LEFT)
    for name, field in (("call", "call"), ("year", "call__year"), ("district", "district__slug"), ("track", "track")):
        if asked.get(name):
            rows = rows.filter(**{field: asked[name]})
    return rows.filter(_industries(asked.get("industry", ""), asked.get("base", "")))


def _industries(asked: str, base: str) -> Q:
    """A 大类 by its two digits, or the pilot industries of the base version, or all others."""
    if not asked:
        return Q()
    if asked not in ("pilot", "other"):
        return Q(current_submission__industry__startswith=asked)
    pilot = Q()
    for major in versions.load(base).pilot_majors:
        pilot |= Q(current_submission__industry__startswith=major)
    return pilot if asked == "pilot" else ~pilot


def counted(projects: QuerySet[Project]) -> int:
    """How many of these have a current determination, and so can be worked out."""
    return Determination.objects.filter(is_current=True, project__in=projects.order_by()).count()


def cases(projects: QuerySet[Project]) -> Iterator[Case | None]:
    """Each project's facts from its current determination, in the order of filing; None where they cannot be read.

    One question however many there are. The review score is that of the newest report.
    """
    entries = ReportEntry.objects.filter(project=OuterRef("project")).order_by("-report__concluded_at", "-pk")
    rows = (
        Determination.objects.filter(is_current=True, project__in=projects.order_by())
        .order_by("project__current_submission__submitted_at", "project_id")
        .annotate(score=Subquery(entries.values("mean_hundredths")[:1]))
        .values_list(
            "project_id", "project__number", "project__district__name", "project__enterprise_id", "facts", "score"
        )
    )
    for project, number, district, enterprise, facts, score in rows.iterator(chunk_size=1000):
        sheet = _sheet(facts, score)
        yield sheet and Case(project, number or "", district, enterprise, sheet)


def _sheet(facts: dict[str, Any], hundredths: int | None) -> Facts | None:
    score = None if hundredths is None else Decimal(hundredths).scaleb(-2)
    try:
        return Facts.from_dict({**facts, **LIMITLESS, "review_score": score})
    except (FactsError, TypeError, AttributeError):
        return None


def budgets(year: int | None) -> dict[str, Decimal | None]:
    """The budgets of the pools of a year (or of all), central and local, in 元; None where there is no pool."""
    pools = Pool.objects.filter(year=year) if year else Pool.objects.all()
    sums = pools.aggregate(
        central=Sum("budget", filter=Q(source="central")), local=Sum("budget", filter=~Q(source="central"))
    )
    return {"central": sums["central"], "local": sums["local"]}


def titles(user: Any, keys: list[int]) -> dict[int, Project]:
    """The projects of one page of a result, as far as this person sees them."""
    rows = Project.objects.visible_to(user).filter(pk__in=keys).select_related("enterprise", "district")
    return {row.pk: row for row in rows}
