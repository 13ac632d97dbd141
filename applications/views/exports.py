"""Everything an enterprise typed and uploaded, to take home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.views.typed import own_project
from core.guards import roles
from core.models import ENTERPRISE_ROLES


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the draft as a zip; the job's page hands it out."""
    job = services.ask_for_export(own_project(request, pk), actor=request.user, at=timezone.now())
    return redirect("job", pk=job.pk)
