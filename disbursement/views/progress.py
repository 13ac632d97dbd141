"""Pages of 进度报告: reported by the enterprise, checked by its district or 市工信局 (第十二条、第十五条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core.audit import timeline_of
from core.files import file_response
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, Role
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.progress import ProgressForm
from disbursement.models import ProgressPaper, ProgressReport
from disbursement.queries.closing import instalments_of
from disbursement.queries.progress import COLUMNS, reports_visible_to
from disbursement.services import progress as services
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed

STEPS = {
    "confirm": Step("confirm", "confirm_progress", services.confirm_progress, SeenForm, "核对进度属实",
                    "对照材料核对进度和投资。核对后，以这一进度为条件的款项可以拨付。", "已核对。"),
    "return": Step("return", "return_progress", services.return_progress, ReasonForm, "退回进度报告",
                   "与实际不符或材料不足的，写明原因退回企业。", "已退回企业。", "btn-danger"),
}  # fmt: skip


@roles(*ENTERPRISE_ROLES, *DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """All reports in this person's sight, newest first."""
    rows = ordered(request, reports_visible_to(request.user), COLUMNS, "-reported")
    return render(request, "disbursement/progress_reports.html", {"page_obj": page_of(request, rows)})


@roles(*ENTERPRISE_ROLES)
def report_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Report the progress of one's project."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    if not services.may_report(project, request.user):
        messages.info(request, "进度在分批拨付环节报送，这个项目现在不需要。")
        return redirect(project)
    at = timezone.now()
    form = ProgressForm(typed(request), request.FILES or None, initial={"as_of": timezone.localdate(at)})
    if request.method == "POST" and form.is_valid():
        done = attempt(form, services.report_progress, project, **form.cleaned_data, actor=request.user, at=at)
        if done:
            messages.success(request, "进度报告已报送，由区县工信部门或市工信局核对。")
            return redirect(done.result)
    before = reports_visible_to(request.user).filter(project=project)[:12]
    context = {"project": project, "form": form, "before": before, "instalments": instalments_of(project)}
    return render(request, "disbursement/progress_new.html", context)


@signed_in
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, with its papers."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*DISTRICT_ROLES, *BUREAU_ROLES)
@require_POST
def report_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Confirm it or send it back."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    found, at = _found(request, pk), timezone.now()
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@signed_in
@require_safe
def paper(request: HttpRequest, pk: int, progress_paper_pk: int) -> HttpResponse:
    """One paper of a report."""
    rows = ProgressPaper.objects.visible_to(request.user).filter(report=pk).select_related("file")
    return file_response(get_object_or_404(rows, pk=progress_paper_pk).file, as_attachment=False)


def _found(request: HttpRequest, pk: int) -> ProgressReport:
    return get_object_or_404(reports_visible_to(request.user).select_related("ground"), pk=pk)


def _page(
    request: HttpRequest, found: ProgressReport, *, at: datetime, bound: dict[str, SeenForm] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "report": found, "project": found.project, "papers": found.papers.select_related("file"),
        "instalments": instalments_of(found.project), "events": timeline_of(found)[:20],
        "steps": open_steps(STEPS, found, request.user, at=at, bound=bound), "forms": list((bound or {}).values()),
        "planned": found.project.current_submission.investment if found.project.current_submission_id else None,
    }  # fmt: skip
    return render(request, "disbursement/progress_report.html", context)
