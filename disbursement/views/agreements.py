"""The page of a 任务书: what it says, who signed, signing it, its PDF (第九条三)."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core.audit import timeline_of
from core.calendar import clock
from core.files import file_response
from core.guards import signed_in
from disbursement.forms.money import PasswordForm, SeenForm
from disbursement.models import Agreement
from disbursement.queries.closing import award_with_lines, instalments_of
from disbursement.services import agreements as services
from disbursement.views.deeds import Step, form_of, open_steps, take

SIGN_TEXT = "签署前请核对金额、批次与条件。签署后，您的姓名、单位和时间记入任务书。"
STEPS = {
    "first": Step("first", "sign_first", services.sign, PasswordForm, "签署任务书", SIGN_TEXT, "已签署，等待另一方签署。"),
    "second": Step("second", "sign_second", services.sign, PasswordForm, "签署任务书，即时生效", SIGN_TEXT,
                   "任务书已生效，第一笔可以拨付。"),
}  # fmt: skip


@signed_in
@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One 任务书, to whoever sees its project."""
    return _page(request, _found(request, pk), at=timezone.now())


@signed_in
@require_POST
def agreement_sign(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Sign for one's side; the password once more."""
    found, at, step = _found(request, pk), timezone.now(), STEPS[slug]
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@signed_in
@require_safe
def agreement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF."""
    found = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk, file__isnull=False)
    return file_response(found.file, as_attachment=False)


@signed_in
@require_safe
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest 任务书 of a project."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return redirect(get_object_or_404(Agreement.objects.visible_to(request.user).filter(project=project)[:1]))


def _found(request: HttpRequest, pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related(
        "project__enterprise", "project__district", "project__call", "bureau_signed_by", "enterprise_signed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, found: Agreement, *, at: datetime, bound: dict[str, SeenForm] | None = None
) -> HttpResponse:
    waits = found.bureau_signed_at is None or found.enterprise_signed_at is None
    today = timezone.localdate(at)
    context = {
        "agreement": found, "project": found.project, "text": found.text, "award": award_with_lines(found.project),
        "instalments": instalments_of(found.project), "steps": open_steps(STEPS, found, request.user, at=at, bound=bound),
        "clock": clock(timezone.localdate(found.drawn_at), found.sign_by, on=today) if waits else None,
        "forms": list((bound or {}).values()), "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/agreement.html", context)
