"""Awards that wait for money (待安排), and later allocations for their pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from applications.models import Hold
from applications.states import AFTER_AWARD, State
from core.money import ZERO, YuanField
from disbursement.models import Approval, Award, AwardLine, Supplement, SupplementItem

# From the signed 任务书 to the settlement: before, the 任务书 says the sources; after, the final amount is fixed.
ARRANGEABLE = (State.DISBURSEMENT, State.ACCEPTANCE, State.RECTIFICATION)


def _sum_of(rows: QuerySet[Any], by: str, name: str) -> Coalesce:
    sums = rows.order_by().values(by).annotate(total=Sum(name)).values("total")
    return Coalesce(Subquery(sums, output_field=YuanField()), ZERO, output_field=YuanField())


def pending_awards(states: Any = AFTER_AWARD) -> QuerySet[Award]:
    """Awards of running projects of which a part is 待安排, with `arranged` and `pending` in 元."""
    arranged = _sum_of(AwardLine.objects.filter(award=OuterRef("pk")), "award", "entitled")
    rows = Award.objects.filter(project__state__in=states)
    return rows.annotate(arranged=arranged, pending=F("entitlement") - arranged).filter(pending__gt=0)


def arrangeable_awards(approval: Approval) -> QuerySet[Award]:
    """Awards of an approval that can be given money now."""
    held = Hold.objects.open().filter(project=OuterRef("project"))
    return pending_awards(ARRANGEABLE).filter(~Exists(held), approval=approval).order_by("project__number")


def approvals_with_pending(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    """Approvals of which something can be arranged now."""
    return approvals.filter(pk__in=pending_awards(ARRANGEABLE).values("approval"))


def supplements_with_totals(supplements: QuerySet[Supplement]) -> QuerySet[Supplement]:
    """With `project_count` and `total` (元)."""
    return supplements.annotate(
        project_count=Count("items__award", distinct=True), total=Sum("items__amount")
    ).select_related("approval", "drafted_by")


def items_for_page(supplement: Supplement) -> QuerySet[SupplementItem]:
    return supplement.items.select_related(
        "award__project__enterprise", "award__project__district", "pool__district"
    ).order_by("award__project__number", "pk")
