"""The pool of experts for its pages: lists with their history, and one expert's past; a fixed number of questions each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Avg,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from review.models import Assignment, Expert, InterestDeclaration, ReportEntry, ScoreSheet
from review.states import SheetState


def listed(user: Any, on: date, *, q: str = "", field: str = "", district: Any = None, declared: str = "",
           place: str = "") -> QuerySet[Expert]:  # fmt: skip
    """Experts as the filters ask, with `declared_to`, `asked`, `said_no` and `in_hand`."""
    rows = Expert.objects.visible_to(user).select_related("user", "employer", "district")
    if place != "all":
        rows = rows.filter(is_active=place != "out")
    if q:
        mine = Q(user__name__icontains=q) | Q(employer__name__icontains=q)
        rows = rows.filter(mine | Q(pk=int(q[1:])) if q[:1] in "Zz" and q[1:].isdigit() and len(q) < 12 else mine)
    if field:
        rows = rows.filter(pk__in=_of_field(field))
    if district:
        rows = rows.filter(district=district)
    if declared:
        valid = Expert.objects.declared(on).values("pk")
        rows = rows.filter(pk__in=valid) if declared == "yes" else rows.exclude(pk__in=valid)
    return with_history(rows)


def _of_field(field: str) -> list[int]:
    """Keys of experts of a field; asked in Python, since SQLite finds nothing inside a JSON list. A pool has hundreds."""
    return [key for key, fields in Expert.objects.values_list("pk", "fields") if field in fields]


def with_history(rows: QuerySet[Expert]) -> QuerySet[Expert]:
    """Adds what stands of each expert: until when declared, how often asked and how often he said no, what is in hand."""
    declared = InterestDeclaration.objects.filter(expert=OuterRef("pk")).order_by()
    mine = Assignment.objects.filter(expert=OuterRef("pk")).order_by()
    open_now = mine.filter(declined_at=None, retired_at=None).exclude(sheet__state=SheetState.SUBMITTED)
    return rows.annotate(
        declared_to=Subquery(declared.values("expert").annotate(last=Max("valid_to")).values("last")),
        asked=_count(mine),
        said_no=_count(mine.exclude(declined_at=None)),
        in_hand=_count(open_now),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("expert").annotate(n=Count("pk")).values("n")), 0)


def deviation_of(expert: Expert) -> Any:
    """How far this expert's totals lay from the mean of concluded projects, on average, in hundredths; None without any."""
    concluded = ReportEntry.objects.filter(project=OuterRef("assignment__project")).order_by("-pk")
    sheets = ScoreSheet.objects.filter(
        assignment__expert=expert, state=SheetState.SUBMITTED, assignment__retired_at=None
    )
    apart = ExpressionWrapper(F("total_half_points") * 50 - F("mean"), output_field=IntegerField())
    with_mean = sheets.annotate(mean=Subquery(concluded.values("mean_hundredths")[:1])).exclude(mean=None)
    return with_mean.annotate(apart=apart).aggregate(found=Avg("apart"))["found"]


def past_of(expert: Expert) -> QuerySet[Assignment]:
    """Everything an expert was asked, newest first."""
    return expert.assignments.select_related("project", "sheet").order_by("-assigned_at", "-pk")
