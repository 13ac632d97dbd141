"""The enterprise fills in its filing: task list, sections, answers to a defect list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications import services
from applications.facts import amounts, completeness, defects, sections
from applications.facts.task_list import deadline_of, task_list
from applications.forms.drafts import SECTION_FORMS, SECTION_TITLES, AnswersForm, StartForm
from applications.models import Call, Project
from applications.queries.filings import groups_to_file_in, last_submission, own_projects
from core import moves
from core.guards import roles
from core.models import ENTERPRISE_ROLES

MOVE_PAGES = {"recall": "filing-recall", "withdraw": "project-withdraw"}


def own_project(request: HttpRequest, pk: int) -> Project:
    """The project of the person's own enterprise, or 404."""
    return get_object_or_404(own_projects(request.user), pk=pk)


@roles(*ENTERPRISE_ROLES)
def filing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a project in a call."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    groups = groups_to_file_in(request.user, call)
    last = last_submission(request.user)
    form = StartForm(request.POST or None, call=call, groups=groups, last=last, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            project = services.start_project(
                call=call, enterprise=request.user.organisation, actor=request.user, at=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except services.DraftRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("filing", project.pk)
    takes_filings = call.accepts_at(timezone.now())
    return render(request, "applications/filing_new.html", {"form": form, "call": call, "takes_filings": takes_filings})


@roles(*ENTERPRISE_ROLES)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """The task list: what is done, what is missing, until when, and the ceiling so far."""
    project, now = own_project(request, pk), timezone.now()
    tasks = task_list(project.draft, at=now)
    open_moves = [move for move in moves.open_moves(project, request.user, at=now) if move.name in MOVE_PAGES]
    context = {
        "project": project,
        "draft": project.draft,
        "tasks": tasks,
        "editable": sections.may_be_edited(project),
        "clock": deadline_of(project, at=now),
        "defects": defects.defects_of(project) if sections.may_be_edited(project) and project.returns else [],
        "ceiling": completeness.verdict_of(project.draft, at=now),
        "open_moves": [(move, MOVE_PAGES[move.name]) for move in open_moves],
    }
    return render(request, "applications/filing.html", context)


@roles(*ENTERPRISE_ROLES)
def section(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One section of the text; both texts where another person saved it meanwhile."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    form = SECTION_FORMS[name](request.POST or None, draft=project.draft)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_section(
                project, name, values=form.values, actor=request.user, at=timezone.now(),
                seen=form.cleaned_data["seen"] or None,
            )  # fmt: skip
        except services.Conflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, f"“{SECTION_TITLES[name]}”已保存。")
            return redirect("filing", project.pk)
    context = {
        "project": project,
        "draft": project.draft,
        "form": form,
        "title": SECTION_TITLES[name],
        "totals": amounts.totals_of(project.draft),
        "section": name,
    }
    return render(request, "applications/filing_section.html", context)


@roles(*ENTERPRISE_ROLES)
def filing_defects(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a defect list entry by entry."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    ground = defects.latest_list(project)
    form = AnswersForm(request.POST or None, defects=defects.defects_of(project, ground))
    if request.method == "POST" and form.is_valid():
        services.answer_defects(project, ground, answers=form.answers, actor=request.user, at=timezone.now())
        messages.success(request, "答复已保存。")
        return redirect("filing", project.pk)
    context = {"project": project, "form": form, "ground": ground, "defects": form.defects}
    return render(request, "applications/filing_defects.html", context)
