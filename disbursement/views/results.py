"""The public result: 支持项目名单 of each approval, as published (第四条 公开透明)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.guards import public, roles
from core.listing import page_of
from core.models import Role
from disbursement.models import Approval, ResultNotice
from disbursement.services import publication
from disbursement.services.refusal import Refused

PER_PAGE = 100


@public
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """All published lists, newest first."""
    rows = ResultNotice.objects.visible_to(request.user).select_related("approval")
    rows = rows.annotate(projects=Count("results"), total=Sum("results__amount")).order_by("-published_at", "-pk")
    return render(request, "disbursement/results.html", {"page_obj": page_of(request, rows)})


@public
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: which projects of which enterprises are supported with how much, by which approval."""
    found = get_object_or_404(ResultNotice.objects.visible_to(request.user).select_related("approval"), pk=pk)
    totals = found.results.aggregate(amount=Sum("amount"), central=Sum("central"), local=Sum("local"))
    totals["pending"] = totals["amount"] - totals["central"] - totals["local"]
    context = {"notice": found, "totals": totals, "page_obj": page_of(request, found.results.all(), per_page=PER_PAGE)}
    return render(request, "disbursement/result.html", context)


@roles(Role.BUREAU_LEAD)
@require_POST
def publish(request: HttpRequest, approval_pk: int) -> HttpResponse:
    """Publish the supported projects of an approval."""
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=approval_pk)
    try:
        notice = publication.publish_results(approval, actor=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("approvals")
    messages.success(request, "支持项目名单已公布。")
    return redirect(notice)
