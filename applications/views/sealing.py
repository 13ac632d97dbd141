"""The 申报书 that is printed, sealed and scanned: asked for by the enterprise, and its scan told by hand where unread."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.forms.signing import SealForm
from applications.queries.filings import draft_materials
from applications.views.filing import own_project
from core.guards import roles
from core.models import ENTERPRISE_ROLES


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the 申报书 as the draft stands; the job's page hands it out."""
    project = own_project(request, pk)
    back = reverse("filing-materials", args=[pk])
    job = services.print_sheet(project, actor=request.user, at=timezone.now(), back=back)
    return redirect("job", pk=job.pk)


@require_POST
@roles(*ENTERPRISE_ROLES)
def material_seal(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Say which printed 申报书 a scan shows, by the code under its QR code."""
    found = get_object_or_404(draft_materials(request.user), pk=material, draft__project=pk)
    form = SealForm(request.POST)
    try:
        code = form.cleaned_data["code"] if form.is_valid() else ""
        services.tell_seal(found, code=code, actor=request.user, at=timezone.now())
    except services.DraftRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已认出盖章件的版本。")
    return redirect("filing-materials", pk)
