"""The page of a project's 一事一议 decision: entered by one, confirmed by another (第七条三)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Project
from core.files import store
from core.filetypes import PAPERS
from core.guards import roles
from core.models import BUREAU_ROLES, Role
from core.people import has_role
from disbursement.forms.approvals import DecisionForm
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.models import SpecialDecision
from disbursement.services import special as services
from disbursement.states import EntryState
from disbursement.views.deeds import OpenStep, Step, attempt, form_of, open_steps, take, typed

STEPS = {
    "confirm": Step("confirm", "confirm_decision", services.confirm_decision, SeenForm, "复核一事一议决定",
                    "核对决定文件。复核后，决定的金额就是这个项目的支持上限，其后各环节与其他项目相同。", "已复核，支持上限已更新。"),
    "refuse": Step("refuse", "refuse_decision", services.refuse_decision, ReasonForm, "退回登记",
                   "登记有误时退回。", "已退回登记人。", "btn-secondary"),
}  # fmt: skip


@roles(*BUREAU_ROLES)
def special_decision(request: HttpRequest, project_pk: int) -> HttpResponse:
    """A project's decisions, the form of a new one, and the second person's step."""
    project, at = get_object_or_404(Project.objects.visible_to(request.user), pk=project_pk), timezone.now()
    form = DecisionForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _entered(form, project, request.user, at):
        messages.success(request, "已登记，由市工信局负责人复核。")
        return redirect("special-decision", project_pk=project.pk)
    return _page(request, project, at=at, form=form)


@roles(*BUREAU_ROLES)
@require_POST
def special_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Confirm or refuse."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    rows = SpecialDecision.objects.visible_to(request.user).select_related("project", "entered_by")
    found, at = get_object_or_404(rows, pk=pk), timezone.now()
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found.project, at=at, bound={found.pk: {slug: form}})


def _entered(form: DecisionForm, project: Project, user: Any, at: datetime) -> Any:
    said = dict(form.cleaned_data)
    upload = said.pop("file")

    def deed() -> SpecialDecision:
        paper = store(upload, kind="special_decision", by=user, at=at, allowed=PAPERS) if upload else None
        return services.enter_decision(project, file=paper, **said, actor=user, at=at)

    return attempt(form, deed)


def _page(
    request: HttpRequest, project: Project, *, at: datetime, form: DecisionForm | None = None, bound: Any = None
) -> HttpResponse:
    rows = list(SpecialDecision.objects.visible_to(request.user).filter(project=project).select_related(
        "entered_by", "confirmed_by", "file"
    ))  # fmt: skip
    waiting: list[tuple[SpecialDecision, list[OpenStep]]] = [
        (row, open_steps(STEPS, row, request.user, at=at, bound=(bound or {}).get(row.pk)))
        for row in rows
        if row.state == EntryState.ENTERED
    ]
    context = {
        "project": project, "rows": rows, "waiting": waiting, "form": form or DecisionForm(),
        "forms": [one for each in (bound or {}).values() for one in each.values()],
        "determination": project.determinations.filter(is_current=True).first(),
        "may_enter": has_role(request.user, Role.BUREAU_OFFICER) and not waiting,
    }  # fmt: skip
    return render(request, "disbursement/special_decision.html", context)
