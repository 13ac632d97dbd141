"""Proposals and the projects that may stand in them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from applications.models import Determination, Hold, Project
from applications.states import State
from disbursement.models import Approval, Proposal, ProposalItem
from disbursement.states import ProposalState


def projects_ready_for_proposal(call: Any | None = None) -> QuerySet[Project]:
    """Projects whose notice is closed, that nothing holds, whose amount is determined, and that stand in no live proposal."""
    rows = Project.objects.filter(
        ~Exists(Hold.objects.open().filter(project=OuterRef("pk"))),
        ~Exists(ProposalItem.objects.filter(project=OuterRef("pk"), live=True)),
        Exists(Determination.objects.filter(project=OuterRef("pk"), is_current=True, limit__gt=0)),
        state=State.GOVERNMENT_APPROVAL,
        notice_closed_at__isnull=False,
    )
    return rows.filter(call=call) if call is not None else rows


def proposals_with_totals(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With `item_count` and `award_total` (元) of their live items."""
    live = Q(items__live=True)
    return proposals.annotate(
        item_count=Count("items", filter=live), award_total=Sum("items__award", filter=live)
    ).select_related("call", "drafted_by")


def items_for_page(proposal: Proposal) -> QuerySet[ProposalItem]:
    """A proposal's live items with all that its table shows."""
    return (
        proposal.items.filter(live=True)
        .select_related("project__enterprise", "project__district", "determination")
        .prefetch_related("splits__pool")
        .order_by("pk")
    )


def items_out_of_date(proposal: Proposal) -> QuerySet[ProposalItem]:
    """Live items that cannot be approved as they stand: the project moved on, is held, or was determined anew."""
    return proposal.items.filter(live=True).filter(
        ~Q(project__state=State.GOVERNMENT_APPROVAL)
        | Q(determination__is_current=False)
        | ~Q(limit=F("determination__limit"))
        | Exists(Hold.objects.open().filter(project=OuterRef("project")))
    )


def with_limits(projects: QuerySet[Project]) -> QuerySet[Project]:
    """With the `limit` (元) of the current determination."""
    current = Determination.objects.filter(project=OuterRef("pk"), is_current=True)
    return projects.annotate(limit=Subquery(current.values("limit")[:1]))


def waiting_for_the_city(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Agreed by both bureaux, not yet decided."""
    return proposals.filter(state=ProposalState.AGREED)


def approvals_with_totals(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    """With `award_count` and `award_total` (元)."""
    counted = approvals.annotate(award_count=Count("awards"), award_total=Sum("awards__amount"))
    return counted.select_related("proposal", "recorded_by", "ground", "result_notice").order_by("-on", "-pk")
