"""Pages of acceptance: the enterprise's completion report, the third party's assessment, the bureau's conclusion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from applications.states import State
from core import moves
from core.files import FileRefused, file_response, store
from core.filetypes import PAPERS
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, Role
from core.people import has_role
from disbursement.forms.closing import AssignForm, CompletionForm, ConcludeForm, ReportForm
from disbursement.models import Acceptance
from disbursement.queries import closing as queries
from disbursement.queries.hearings import open_hearing_of
from disbursement.services import closing

READERS = (*BUREAU_ROLES, *ENTERPRISE_ROLES, Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD, Role.ASSESSOR,
           Role.FINANCE_OFFICER, Role.FINANCE_LEAD, Role.SUPERVISOR)  # fmt: skip
FORMS = {"assign": AssignForm, "report": ReportForm, "pass_acceptance": ConcludeForm}


@roles(*ENTERPRISE_ROLES)
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """竣工报告 and the application for acceptance."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    name = "reapply" if project.state == State.RECTIFICATION else "apply_for_acceptance"
    form = CompletionForm(request.POST or None, request.FILES or None, initial={"version": project.version})
    if request.method == "POST" and form.is_valid() and (file := _stored(request, form)) is not False:
        acceptance = closing.apply_for_acceptance(
            project,
            completed_on=form.cleaned_data["completed_on"],
            summary=form.cleaned_data["summary"],
            claimed_investment=form.cleaned_data["claimed_investment"],
            actor=request.user,
            at=timezone.now(),
            file=file,
            seen_version=form.cleaned_data["version"],
        )
        messages.success(request, "已申请验收。市工业和信息化局将委托第三方机构评估。")
        return redirect(acceptance)
    moves.require(project, name, request.user, at=timezone.now())
    return render(request, "disbursement/completion.html", {"project": project, "form": form})


@roles(*READERS)
@require_safe
def acceptances(request: HttpRequest) -> HttpResponse:
    """Acceptances this person works on or reads."""
    rows = ordered(request, queries.acceptances_visible_to(request.user), queries.ACCEPTANCE_COLUMNS, "-requested")
    context = {"page_obj": page_of(request, rows), "leads_on": has_role(request.user, *BUREAU_ROLES)}
    return render(request, "disbursement/acceptances.html", context)


@roles(*READERS)
@require_safe
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """One acceptance: the report, and what this person does next."""
    found = get_object_or_404(queries.acceptances_visible_to(request.user), pk=pk)
    return _page(request, found)


@signed_in
@require_safe
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The sealed report, to whoever sees the acceptance."""
    found = get_object_or_404(Acceptance.objects.visible_to(request.user), pk=pk, report_file__isnull=False)
    return file_response(found.report_file, as_attachment=True)


@roles(*BUREAU_ROLES)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Commission a third party."""
    found = get_object_or_404(queries.acceptances_visible_to(request.user), pk=pk)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _page(request, found, assign=form)
    closing.assign_assessor(found, **form.cleaned_data, actor=request.user, at=timezone.now())
    messages.success(request, "已委托第三方机构。")
    return redirect(found)


@roles(Role.ASSESSOR)
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The third party hands in its report."""
    found = get_object_or_404(queries.acceptances_visible_to(request.user), pk=pk)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid() or (file := _stored(request, form)) is False:
        return _page(request, found, report=form)
    typed = form.cleaned_data
    closing.report(
        found,
        texts={part: typed[part] for part in closing.REPORT_PARTS},
        audited_eligible=typed["audited_eligible"],
        opinion=typed["opinion"],
        actor=request.user,
        at=timezone.now(),
        file=file,
    )
    messages.success(request, "评估报告已提交市工业和信息化局。")
    return redirect(found)


@roles(*BUREAU_ROLES)
@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """通过 or 整改; 不通过 begins with a notice to the enterprise."""
    found = get_object_or_404(queries.acceptances_visible_to(request.user), pk=pk)
    form = ConcludeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, pass_acceptance=form)
    _conclude(found, form.cleaned_data, request.user)
    messages.success(request, "验收结论已作出，企业已收到通知。")
    return redirect(found)


def _conclude(found: Acceptance, typed: dict[str, Any], actor: Any) -> None:
    at = timezone.now()
    if typed["conclusion"] == "accept":
        closing.accept(found, text=typed["text"], actor=actor, at=at)
    else:
        closing.require_rectification(found, text=typed["text"], actor=actor, at=at)


def _page(request: HttpRequest, found: Acceptance, **bound: Any) -> HttpResponse:
    """The page of an acceptance with the forms of the moves open to this person; a bound form keeps what was typed."""
    open_now = {one.name for one in moves.open_moves(found, request.user, at=timezone.now()) if not one.blocked_by}
    shown = {name: bound.get(name) or form() for name, form in FORMS.items() if name in open_now}
    context = {
        "acceptance": found, "project": found.project, "forms": shown, "bound": next(iter(bound.values()), None),
        "hearing": open_hearing_of(found.project, request.user), "may_announce": _may_announce(found, request.user),
    }  # fmt: skip
    return render(request, "disbursement/acceptance.html", context, status=200 if not bound else 422)


def _may_announce(found: Acceptance, user: Any) -> bool:
    """True where the bureau could tell the enterprise now that the acceptance is to fail."""
    return has_role(user, *BUREAU_ROLES) and queries.failable(found.project, timezone.localdate()) == found


def _stored(request: HttpRequest, form: Any) -> Any:
    """The uploaded paper as a stored file, None where there is none, False where it was refused (said at its field)."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return None
    try:
        return store(upload, kind="acceptance", by=request.user, at=timezone.now(), allowed=PAPERS)
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return False
