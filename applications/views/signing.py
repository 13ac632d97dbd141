"""Acts that bind the enterprise: check and submit, confirmation, receipt, recall, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications import checks, services
from applications.facts import amounts, completeness, industries, reference, sections
from applications.facts.task_list import task_list
from applications.facts.windows import deadline_of
from applications.forms.signing import DeclarationForm, ReasonForm, WithdrawForm
from applications.models import Category, CheckOutcome, Project, Submission
from applications.queries.filings import own_projects
from applications.views.typed import left_unsaved, own_project
from core import moves
from core.files import FileRefused
from core.guards import roles
from core.models import ENTERPRISE_ROLES

LINES_ON_A_PAGE = 50


@roles(*ENTERPRISE_ROLES)
def filing_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the answers; the approver signs the declaration and files."""
    project, now = own_project(request, pk), timezone.now()
    if request.method != "POST":  # the deed itself asks again
        services.require_open(project, request.user)
    form = DeclarationForm(request.POST or None, user=request.user, initial={"draft": project.draft.version})
    findings: list[Any] = []
    if request.method == "POST":
        moves.require(project, sections.filing_move(project), request.user, at=now)
        if form.is_valid():
            try:
                seen = form.cleaned_data["draft"]
                services.file_application(project, actor=request.user, at=now, seen_draft=seen)
            except services.Incomplete as incomplete:
                findings = incomplete.findings
            else:
                return redirect("filing-submitted", project.pk)
    context = _answers(project, now, request.GET.get("page")) | {
        "left_unsaved": left_unsaved(request, project),
        "form": form,
        "refused": findings,
        "declaration": services.declaration_of(project.enterprise),
    }
    context["may_sign"] = moves.may(project, sections.filing_move(project), request.user, at=now)
    return render(request, "applications/filing_submit.html", context)


def _line_rows(page: Page[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of one page with their numbers and the words of their category."""
    labels = dict(Category.choices)
    numbered = enumerate(page.object_list, start=page.start_index())
    return [{**line, "number": number, "category": labels[line["category"]]} for number, line in numbered]


def _answers(project: Project, now: Any, wanted: str | None) -> dict[str, Any]:
    """Everything the person is about to sign, in the order of the form."""
    draft = project.draft
    tasks = task_list(draft, at=now)
    page = Paginator(tasks.reading.lines, LINES_ON_A_PAGE).get_page(wanted)
    answers = checks.findings_of(tasks.reading.sheet)
    found = [one for one in answers if one.outcome != CheckOutcome.OK]
    return {
        "project": project,
        "draft": draft,
        "tasks": tasks,
        "lines": page,
        "rows": _line_rows(page),
        "materials": tasks.reading.files,
        "industry": industries.label_of(draft.industry),
        "task": reference.task_name(draft.task),
        "ceiling": tasks.reading.verdict,
        "checks": [(one, completeness.link_of(one.section, project.pk)) for one in found],
        "rules": len(answers),
        "deadline": deadline_of(project, now),
    }


@roles(*ENTERPRISE_ROLES)
def filing_submitted(request: HttpRequest, pk: int) -> HttpResponse:
    """After the deed: the number, who has it, until when."""
    project = get_object_or_404(own_projects(request.user), pk=pk, number__isnull=False)
    submission = project.submissions.order_by("-sequence").first()
    may_recall = moves.may(project, "recall", request.user, at=timezone.now())
    context = {"project": project, "submission": submission, "may_recall": may_recall}
    return render(request, "applications/filing_submitted.html", context)


@roles(*ENTERPRISE_ROLES)
def filing_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of the latest submission, made for print."""
    project = own_project(request, pk)
    filed = Submission.objects.visible_to(request.user).filter(project=project).select_related("submitted_by")
    wanted = {"sequence": request.GET["n"]} if request.GET.get("n", "").isdigit() else {}
    submission = filed.filter(**wanted).order_by("-sequence").first()
    submission = submission or get_object_or_404(filed, pk=None)
    materials = submission.materials.select_related("file", "requirement")
    context = {"project": project, "submission": submission, "materials": materials, "filed": filed}
    context["totals"] = amounts.totals_of(submission)
    return render(request, "applications/filing_receipt.html", context)


@roles(*ENTERPRISE_ROLES)
def filing_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the filing back to change it; the number stays."""
    project, now = own_project(request, pk), timezone.now()
    moves.require(project, "recall", request.user, at=now)
    form = ReasonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.recall(project, reason=form.cleaned_data["reason"], actor=request.user, at=now)
        messages.success(request, "已撤回，可以修改后重新提交，编号不变。")
        return redirect("filing", project.pk)
    return render(request, "applications/filing_recall.html", {"project": project, "form": form})


@roles(*ENTERPRISE_ROLES)
def project_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the project up, signed."""
    project, now = own_project(request, pk), timezone.now()
    moves.require(project, "withdraw", request.user, at=now)
    form = WithdrawForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                project, reason=form.cleaned_data["reason"], upload=form.cleaned_data["file"], actor=request.user,
                at=now,
            )  # fmt: skip
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"“{project.title}”已撤回，不再办理。")
            return redirect("filing", project.pk)
    return render(request, "applications/project_withdraw.html", {"project": project, "form": form})
