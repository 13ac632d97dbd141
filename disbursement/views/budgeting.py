"""The page of 预算编制: what next year's budget must bear, and the workbook of it (第三条三)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.guards import roles
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from disbursement.queries.budgeting import Outlook, outlook
from disbursement.services import exports

READERS = (*BUREAU_ROLES, *FINANCE_ROLES, Role.SUPERVISOR)


@roles(*READERS)
@require_safe
def budgeting(request: HttpRequest) -> HttpResponse:
    """Promised and unpaid by pool, 待安排 by year, and what running calls will ask."""
    found: Outlook = outlook(request.user)
    next_year = timezone.localdate().year + 1
    return render(request, "disbursement/budgeting.html", {"outlook": found, "next_year": next_year})


@roles(*READERS)
@require_POST
def budgeting_export(request: HttpRequest) -> HttpResponse:
    """The same as Excel, by a job."""
    job = exports.export_budgeting(actor=request.user, at=timezone.now())
    return redirect("job", pk=job.pk)
