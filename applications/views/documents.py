"""The papers of a submission, asked for by those who see it; and the public page where a paper is verified."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications import services
from applications.forms.papers import PaperForm, VerifyForm
from applications.models import Submission
from core.guards import public, signed_in


@require_POST
@signed_in
def filing_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the 申报书, the receipt or the package; the job's page hands it out."""
    form = PaperForm(request.POST)
    if not form.is_valid():
        raise Http404("没有这种文件。")
    filed = Submission.objects.visible_to(request.user).select_related("project")
    submission = get_object_or_404(filed, project=pk, sequence=form.cleaned_data["sequence"])
    job = services.ask_for_paper(
        submission, kind=form.cleaned_data["kind"], actor=request.user, at=timezone.now()
    )  # fmt: skip
    return redirect("job", pk=job.pk)


@require_safe
@public
def verify(request: HttpRequest) -> HttpResponse:
    """Whether the portal issued a paper; its kind, number and date, no names and no amounts."""
    form = VerifyForm(request.GET if {"digest", "number"} & set(request.GET) else None)
    asked = form.is_bound and form.is_valid()
    context = {"form": form, "asked": asked, "issued": form.issued if asked else None}
    return render(request, "applications/verify.html", context)
