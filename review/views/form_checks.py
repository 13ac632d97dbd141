"""The bureau's form check and other departments' opinions: pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Project
from core import moves
from core.calendar import add_working_days, today
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from core.people import has_role
from review import bureau_queries as queries
from review.bureau_forms import AnswerOfDepartmentForm, ConsultForm, DepartmentForm, FormCheckForm
from review.clocks import clock_of, term_clock
from review.forms import SeenForm
from review.models import Consultation, Department, Opinion
from review.services import consultations, form_checks
from review.views.attempts import attempt, posted
from review.views.materials import viewer_context

ANSWER_DAYS = 5  # working days a department is given where nothing else is typed


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related(
        "call", "district", "enterprise", "current_submission"
    )
    return get_object_or_404(rows, pk=pk)


@require_POST
@roles(*BUREAU_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the form check on one's own desk."""
    form_checks.take(_project(request, pk), actor=request.user, at=timezone.now())
    messages.success(request, "已领取形式审查，由您经办。")
    return redirect("review-form-check", pk=pk)


@roles(*BUREAU_ROLES)
def form_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Materials left, points right. Posting keeps the answers; passing is a deed of its own."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "send_back", request.user, at=at)
    check = queries.form_check_of(project, request.user)
    form = FormCheckForm(request.POST or None, check=check)
    if posted(request, form) and attempt(form, form_checks.judge, project, form.answers(), actor=request.user, at=at):
        messages.success(request, "已保存形式审查。")
        return redirect(request.get_full_path())
    context = {
        **viewer_context(request, project.current_submission), "project": project, "form": form, "check": check,
        "stops": form_checks.what_stops(check), "clock": clock_of(project, today(at)),
        "opinion": Opinion.objects.visible_to(request.user).filter(project=project).exclude(ground=None).first(),
        "may_judge": check is None or (check.passed_at is None and check.taken_by_id == request.user.pk),
    }  # fmt: skip
    return render(request, "review/form_check.html", context)


@roles(*BUREAU_ROLES)
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything is in form: on to the experts."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "send_back", request.user, at=at)
    check = queries.form_check_of(project, request.user)
    form = SeenForm(request.POST if request.method == "POST" else None)
    if posted(request, form) and attempt(form, form_checks.pass_on, project, actor=request.user, at=at):
        messages.success(request, f"“{project.title}”形式审查通过，可以指派专家。")
        return redirect("review-project", pk=pk)
    context = {"project": project, "check": check, "stops": form_checks.what_stops(check), "form": form}
    return render(request, "review/form_check_pass.html", context)


@roles(*BUREAU_ROLES)
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask departments for their opinion, with a deadline."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "send_back", request.user, at=at)
    form = ConsultForm(request.POST or None, initial={"due_on": add_working_days(today(at), ANSWER_DAYS)})
    if posted(request, form):
        done = attempt(form, consultations.ask, project, **form.cleaned_data, actor=request.user, at=at)
        if done:
            messages.success(request, f"已登记征求 {len(done.result)} 个部门的意见。")
            return redirect("review-project", pk=pk)
    usual = Department.objects.asked_now().exclude(usual_question="")
    return render(request, "review/consult.html", {"project": project, "form": form, "usual": usual})


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def asked(request: HttpRequest) -> HttpResponse:
    """Everything departments were asked, the overdue first."""
    on = today(timezone.now())
    page = page_of(request, queries.consultations_visible_to(request.user))
    for row in page.object_list:
        row.clock = None if row.recorded_at else term_clock(row.due_on, ANSWER_DAYS, on)
    context = {"page_obj": page, "may_edit": has_role(request.user, *BUREAU_ROLES)}
    return render(request, "review/consultations.html", context)


@roles(*BUREAU_ROLES)
def departments(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The list of departments that are asked; a form adds one, or changes the one of the address."""
    rows = Department.objects.visible_to(request.user)
    department = get_object_or_404(rows, pk=pk) if pk else None
    form = DepartmentForm.of(department, request.POST or None)
    if posted(request, form) and attempt(
        form, consultations.keep_department, department, **form.cleaned_data, actor=request.user, at=timezone.now()
    ):
        messages.success(request, f"已保存{form.cleaned_data['name']}。")
        return redirect("departments")
    context = {"page_obj": page_of(request, rows), "form": form, "department": department}
    return render(request, "review/department_list.html", context)


def _consultation(request: HttpRequest, pk: int) -> Consultation:
    rows = Consultation.objects.visible_to(request.user).select_related("project__enterprise", "file", "department")
    return get_object_or_404(rows, pk=pk)


@roles(*BUREAU_ROLES)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a department's letter."""
    row, at = _consultation(request, pk), timezone.now()
    moves.require(row.project, "send_back", request.user, at=at)
    form = AnswerOfDepartmentForm(request.POST or None, request.FILES or None, initial={"answered_on": today(at)})
    if posted(request, form) and attempt(
        form, consultations.record_answer, row, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"已登记{row.department}的答复。")
        return redirect("review-project", pk=row.project_id)
    return render(request, "review/consultation_answer.html", {"row": row, "form": form})


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The scanned letter of a department."""
    row = _consultation(request, pk)
    if row.file is None:
        raise Http404("没有上传复函。")
    return file_response(row.file, as_attachment=False)
