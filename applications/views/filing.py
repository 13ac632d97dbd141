"""The enterprise fills in its filing: task list, sections, answers to a defect list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications import services
from applications.facts import defects, sections, windows
from applications.facts.reading import Reading
from applications.facts.task_list import clock_of_filing, task_list
from applications.forms.drafts import SECTION_FORMS, SECTION_TITLES, AnswersForm, StartForm
from applications.models import Call
from applications.queries.filings import groups_to_file_in, last_submission
from applications.queries.unsaved import unsaved_text
from applications.views.typed import left_unsaved, own_project, save_typed, typing_context
from core import moves
from core.guards import roles
from core.models import ENTERPRISE_ROLES

BEARS_ON_THE_CEILING = ("basics", "funding")  # by the industry, and by what was received elsewhere
MOVE_PAGES = {"recall": "filing-recall", "withdraw": "project-withdraw"}


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
        "clock": clock_of_filing(project, at=now),
        "deadline": windows.deadline_of(project, now),
        "left_unsaved": left_unsaved(request, project),
        "left_over": project.is_ended and not project.number,
        "exportable": not project.current_submission_id,
        "defects": defects.defects_of(project) if sections.may_be_edited(project) and project.returns else [],
        "ceiling": tasks.reading.verdict,
        "open_moves": [(move, MOVE_PAGES[move.name]) for move in open_moves],
    }
    return render(request, "applications/filing.html", context)


@roles(*ENTERPRISE_ROLES)
def section(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One section of the text; both texts where another person saved it meanwhile."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    kept = unsaved_text(request.user, project, name)
    form = SECTION_FORMS[name](request.POST or None, draft=project.draft, kept=kept)
    if request.method == "POST":
        saved = save_typed(request, project, form)
        if saved:
            messages.success(request, f"“{SECTION_TITLES[name]}”已保存。")
        if saved is not None:
            return redirect("filing" if saved else f"filing-{name}", project.pk)
    reading = Reading(project.draft, timezone.now())
    context = typing_context(request, project, form) | {
        "title": SECTION_TITLES[name],
        "totals": reading.totals,
        "ceiling_shown": name in BEARS_ON_THE_CEILING,
        "ceiling": reading.verdict if name in BEARS_ON_THE_CEILING else None,
    }
    return render(request, "applications/filing_section.html", context)


@roles(*ENTERPRISE_ROLES)
def filing_defects(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a defect list entry by entry."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    ground = defects.latest_list(project)
    kept = unsaved_text(request.user, project, "defects")
    form = AnswersForm(request.POST or None, defects=defects.defects_of(project, ground), kept=kept)
    if request.method == "POST":
        saved = save_typed(request, project, form)
        if saved:
            messages.success(request, "答复已保存。")
        if saved is not None:
            return redirect("filing" if saved else "filing-defects", project.pk)
    context = typing_context(request, project, form) | {"ground": ground, "defects": form.defects}
    return render(request, "applications/filing_defects.html", context)
