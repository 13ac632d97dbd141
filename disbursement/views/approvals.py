"""Pages of 市政府审定: what waits, recording the 批复, and what was decided (第九条三)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import moves
from core.files import store
from core.filetypes import PAPERS
from core.guards import roles
from core.listing import page_of
from core.models import Role
from core.people import has_role
from disbursement.forms.approvals import RequestForm
from disbursement.forms.money import ApprovalForm
from disbursement.models import MONEY_READERS, Approval, Pool, Proposal
from disbursement.queries import proposals as queries
from disbursement.services import approvals as services
from disbursement.services import exports
from disbursement.services.approvals import Declined
from disbursement.views.deeds import attempt, typed
from disbursement.views.tables import proposal_table


@roles(*MONEY_READERS)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What both bureaux have agreed and the city decides; below, what it decided."""
    seen = Proposal.objects.visible_to(request.user)
    waiting = queries.proposals_with_totals(queries.waiting_for_the_city(seen))
    done = queries.approvals_with_totals(Approval.objects.visible_to(request.user))
    context = {
        "waiting": waiting.select_related("agreed_by").order_by("agreed_at")[:25],
        "page_obj": page_of(request, done),
        "may_publish": has_role(request.user, Role.BUREAU_LEAD),
    }
    return render(request, "disbursement/approvals.html", context)


@roles(*MONEY_READERS)
@require_POST
def request_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The 请示 of an agreed proposal as PDF, by a job."""
    found = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    form = RequestForm(request.POST)
    if form.is_valid():
        done = attempt(
            form, exports.write_request, found, form.cleaned_data["number"], actor=request.user, at=timezone.now()
        )
        if done:
            return redirect("job", pk=done.result.pk)
    for said in form.errors.values():
        messages.error(request, " ".join(said))
    return redirect(found)


@roles(*MONEY_READERS)
@require_POST
def request_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The projects and amounts of an agreed proposal as Excel, by a job."""
    found = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    form = RequestForm({})
    done = attempt(form, exports.write_request_list, found, actor=request.user, at=timezone.now())
    if done:
        return redirect("job", pk=done.result.pk)
    for said in form.errors.values():
        messages.error(request, " ".join(said))
    return redirect(found)


@roles(Role.GOVERNMENT_OFFICE)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the 批复 with a decision on each project; all of it or nothing."""
    rows = Proposal.objects.visible_to(request.user).select_related("call", "drafted_by", "agreed_by")
    found, at = get_object_or_404(rows, pk=pk), timezone.now()
    moves.require(found, "record_approval", request.user, at=at)
    items = list(queries.items_for_page(found))
    form = ApprovalForm(typed(request), request.FILES or None, items=items, initial={"seen_version": found.version})
    if request.method == "POST" and form.is_valid() and (done := _recorded(form, found, request.user, at)):
        messages.success(request, f"已记录{done.result.number}，任务书已生成，等待双方签署。")
        return redirect("approvals")
    pools = Pool.objects.filter(year=found.call.year).select_related("district").order_by("pk")
    context = {"proposal": found, "form": form, "rows": form.rows(), "table": proposal_table(items, list(pools))}
    return render(request, "disbursement/approval_record.html", context)


def _recorded(form: ApprovalForm, found: Proposal, user: Any, at: Any) -> Any:
    said = form.cleaned_data
    decisions = {
        item.pk: Declined(said[f"reason-{item.pk}"]) if said[f"decline-{item.pk}"] else said[f"amount-{item.pk}"]
        for item in form.items
    }

    def deed() -> Approval:
        upload = said["file"]
        paper = store(upload, kind="approval", by=user, at=at, allowed=PAPERS) if upload else None
        return services.record_approval(
            found, number=said["number"], on=said["on"], file=paper, decisions=decisions, actor=user, at=at,
            seen_version=said["seen_version"],
        )  # fmt: skip

    return attempt(form, deed)
