"""Whose work a filing is: taking it, handing it over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import moves
from core.guards import roles
from core.models import DISTRICT_ROLES
from review.district_forms import HandOverForm
from review.district_queries import who_may_be_given
from review.services import handling as deeds
from review.views.attempts import attempt, posted
from review.views.district import project_at_desk


@require_POST
@roles(*DISTRICT_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a filing nobody has on one's own desk."""
    project = deeds.take(project_at_desk(request, pk), actor=request.user, at=timezone.now())
    messages.success(request, f"已领取“{project.title}”，由您经办。核验第一份材料之前，企业仍可撤回修改。")
    return redirect("district-review", pk=pk)


@roles(*DISTRICT_ROLES)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a colleague, with the reason."""
    project, at = project_at_desk(request, pk), timezone.now()
    moves.require(project, "return_for_correction", request.user, at=at, conditions=False)
    form = HandOverForm(request.POST or None, colleagues=who_may_be_given(project, project.taken_by_id))
    if posted(request, form) and attempt(
        form, deeds.hand_over, project, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"已移交给{form.cleaned_data['to']}，对方已收到消息。")
        return redirect("district-review", pk=pk)
    return render(request, "review/hand_over.html", {"project": project, "form": form})
