"""The page on which a district's lead lets a stop of the automatic checks pass."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Project
from applications.queries.checks import open_stops
from core import moves
from core.guards import roles
from core.models import Role
from review.forms import WaiveForm
from review.services import district as deeds
from review.views.attempts import attempt, posted


@roles(Role.DISTRICT_LEAD)
def waive(request: HttpRequest, pk: int, rule: str) -> HttpResponse:
    """One stop, what was found, and the reason to let it pass."""
    project, at = get_object_or_404(Project.objects.visible_to(request.user), pk=pk), timezone.now()
    result = get_object_or_404(open_stops(project.current_submission_id), rule=rule)
    moves.require(project, "recommend", request.user, at=at, conditions=False)
    form = WaiveForm(request.POST or None)
    if posted(request, form) and attempt(
        form, deeds.waive_check, project, rule, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"已放行“{result.label}”，理由已记入办理记录。")
        return redirect("district-review", pk=pk)
    return render(request, "review/check_waive.html", {"project": project, "result": result, "form": form})
