"""Awards that wait for money (待安排), and later allocations for their pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from applications.models import Hold
from applications.states import AFTER_AWARD, State
from core.money import ZERO, YuanField
from disbursement.models import Approval, Award, AwardLine, Supplement, SupplementItem

# From the signed 任务书 until the settlement is prepared: before, the 任务书 says the sources; after, the final amount is
# worked out from what was arranged.
ARRANGEABLE = (State.DISBURSEMENT, State.ACCEPTANCE, State.RECTIFICATION, State.SETTLEMENT)


def _sum_of(rows: QuerySet[Any], by: str, name: str) -> Coalesce:
    sums = rows.order_by().values(by).annotate(total=Sum(name)).values("total")
    return Coalesce(Subquery(sums, output_field=YuanField()), ZERO, output_field=YuanField())


def pending_awards(states: Any = AFTER_AWARD) -> QuerySet[Award]:
    """Awards of running projects of which a part is 待安排, with `arranged` and `pending` in 元."""
    arranged = _sum_of(AwardLine.objects.filter(award=OuterRef("pk")), "award", "entitled")
    rows = Award.objects.filter(project__state__in=states)
    return rows.annotate(arranged=arranged, pending=F("entitlement") - arranged).filter(pending__gt=0)


def _open_now(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Of these awards those without a hold and without a settlement statement."""
    held = Hold.objects.open().filter(project=OuterRef("project"))
    return awards.filter(~Exists(held), project__settlement=None)


def arrangeable_awards(approval: Approval) -> QuerySet[Award]:
    """Awards of an approval that can be given money now."""
    return _open_now(pending_awards(ARRANGEABLE)).filter(approval=approval).order_by("project__number")


def not_yet_arrangeable(approval: Approval) -> list[tuple[Award, str]]:
    """The other awards of an approval that still wait for money, each with what stands in the way now."""
    held = Hold.objects.open().filter(project=OuterRef("project"))
    rows = pending_awards().filter(approval=approval).annotate(is_held=Exists(held))
    rows = rows.exclude(pk__in=arrangeable_awards(approval).values("pk"))
    rows = rows.select_related("project__enterprise", "project__settlement").order_by("project__number")
    return [(award, _why_not_yet(award)) for award in rows]


def _why_not_yet(award: Any) -> str:
    if award.project.state == State.AGREEMENT:
        return "任务书待签。任务书写明资金来源，签署生效后即可补充安排。"
    if award.is_held:
        return "有未解除的暂停，解除后即可补充安排。"
    return "终核清算单已编制。作废清算单后可以补充安排，再重新编制。"


def approvals_with_pending(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    """Approvals of which something still waits for money."""
    return approvals.filter(pk__in=pending_awards().values("approval"))


def supplements_with_totals(supplements: QuerySet[Supplement]) -> QuerySet[Supplement]:
    """With `project_count` and `total` (元)."""
    return supplements.annotate(
        project_count=Count("items__award", distinct=True), total=Sum("items__amount")
    ).select_related("approval", "drafted_by")


def items_for_page(supplement: Supplement) -> QuerySet[SupplementItem]:
    return supplement.items.select_related(
        "award__project__enterprise", "award__project__district", "pool__district"
    ).order_by("award__project__number", "pk")
