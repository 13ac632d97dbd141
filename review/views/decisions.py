"""The page of a refusal: reasons, clause, where to turn; for whoever decides the step a project stands at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Project
from core import moves
from core.guards import roles
from core.models import Role
from review.forms import DeclineForm
from review.models import Conclusion, Opinion
from review.services import decisions as deeds
from review.views.attempts import attempt, posted


@roles(Role.DISTRICT_LEAD, Role.BUREAU_LEAD, Role.GOVERNMENT_OFFICE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide not to support; the district's own opinion is the first draft of the reasons."""
    rows = Project.objects.visible_to(request.user).select_related("call", "district", "enterprise")
    project, at = get_object_or_404(rows, pk=pk), timezone.now()
    moves.require(project, "decline", request.user, at=at)
    opinion = Opinion.objects.visible_to(request.user).filter(
        submission=project.current_submission_id, ground=None, refused_at=None, conclusion=Conclusion.DECLINE
    )
    draft = opinion.first()
    initial = {"seen_version": project.version, "turn_to": deeds.TURN_TO, "reasons": draft.text if draft else ""}
    form = DeclineForm(request.POST or None, initial=initial)
    if posted(request, form) and attempt(form, deeds.decline, project, **form.cleaned_data, actor=request.user, at=at):
        messages.success(request, f"已决定不予支持“{project.title}”，理由和依据已送达企业。")
        return redirect("desk")
    return render(request, "review/decline.html", {"project": project, "form": form, "opinion": draft})
