"""更正: proposing to put a paper's slip right, countersigning it, and the record anybody who reads the paper may read."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import moves
from core.guards import public, roles, signed_in
from core.listing import page_of
from core.models import BUREAU_ROLES, DISTRICT_ROLES, FINANCE_ROLES, Correction, Role
from core.services import corrections as deeds
from portal.correction_forms import CorrectForm, DecideCorrectionForm
from portal.queries.papers import corrections_visible_to, grounds_visible_to

OFFICIALS = (*DISTRICT_ROLES, *BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE)


@roles(*OFFICIALS, Role.SUPERVISOR)
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The own body's corrections, those that wait first; supervision reads all."""
    rows = Correction.objects.visible_to(request.user).select_related("ground", "organisation", "proposed_by")
    page = page_of(request, rows.order_by("decided_at", "-pk"))
    return render(request, "portal/corrections.html", {"page_obj": page})


@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to correct a paper of one's own body."""
    paper = get_object_or_404(grounds_visible_to(request.user), pk=pk)
    if not deeds.may_propose(paper, request.user):
        raise PermissionDenied("只有出具这份文件的单位可以提出更正。")
    form = CorrectForm(request.POST or None, ground=paper)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.propose(paper, **form.cleaned_data, actor=request.user, at=timezone.now())
        except deeds.CorrectionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, "更正已提出，由本单位另一名负责人复核。")
            return redirect("correction", pk=made.pk)
    return render(request, "portal/correct.html", {"ground": paper, "form": form})


@public
@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: as it was, as it reads now, why. The public reads those of public papers."""
    one = get_object_or_404(corrections_visible_to(request.user), pk=pk)
    return _page(request, one, DecideCorrectionForm())


def _page(request: HttpRequest, one: Correction, form: DecideCorrectionForm) -> HttpResponse:
    context = {
        "correction": one, "form": form, "may_decide": moves.may(one, "countersign", request.user, at=timezone.now()),
        "may_name": request.user.is_authenticated,
    }  # fmt: skip
    return render(request, "portal/correction.html", context)


@roles(*OFFICIALS)
@require_POST
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it in force."""
    one = get_object_or_404(Correction.objects.visible_to(request.user).select_related("ground"), pk=pk)
    deeds.countersign(one, actor=request.user, at=timezone.now())
    messages.success(request, "更正已生效，文件旁标明“更正”。")
    return redirect("correction", pk=pk)


@roles(*OFFICIALS)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the paper as it was, with the reason."""
    one = get_object_or_404(Correction.objects.visible_to(request.user).select_related("ground"), pk=pk)
    form = DecideCorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form)
    deeds.refuse(one, **form.cleaned_data, actor=request.user, at=timezone.now())
    messages.success(request, "已说明理由，文件不变。")
    return redirect("correction", pk=pk)
