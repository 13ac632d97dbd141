"""The panel's pages: the ranking of a call, convening, the table of conclusions, the report (第九条三)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Call
from core import moves
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from core.people import has_role
from review import panel_queries as queries
from review.models import PanelMeeting
from review.panel_forms import ConveneForm, ReportForm, TableForm
from review.services import panels, papers
from review.views.attempts import attempt, posted

READERS = (*BUREAU_ROLES, Role.SUPERVISOR)


@roles(*READERS)
def panel_list(request: HttpRequest) -> HttpResponse:
    """All meetings, newest first, and the calls whose ranking can be looked at."""
    page = page_of(request, queries.panels_visible_to(request.user))
    calls = Call.objects.visible_to(request.user).published().order_by("-opens_at")
    context = {"page_obj": page, "calls": calls, "may_convene": has_role(request.user, *BUREAU_ROLES)}
    return render(request, "review/panels.html", context)


@roles(*READERS)
def ranking(request: HttpRequest, call_pk: int) -> HttpResponse:
    """The scored projects of a call by their means, best first."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_pk)
    page = page_of(request, queries.ranking(request.user, call).values_list("pk", "rank"))
    page.object_list = queries.in_points(queries.rows_of(page.object_list), call.pass_mark)
    context = {"call": call, "page_obj": page, "may_convene": has_role(request.user, *BUREAU_ROLES)}
    return render(request, "review/ranking.html", context)


@roles(*READERS)
@require_POST
def ranking_file(request: HttpRequest, call_pk: int) -> HttpResponse:
    """The ranking as Excel, by a job."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_pk)
    return redirect("job", pk=papers.ask_for_ranking(call, by=request.user, at=timezone.now()).pk)


@roles(*BUREAU_ROLES)
def convene(request: HttpRequest, call_pk: int) -> HttpResponse:
    """Lay scored projects of a call on a table."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_pk)
    ready, people = queries.waiting_for_panel(request.user, call), queries.who_may_sit()
    form = ConveneForm(request.POST or None, projects=ready, people=people)
    if posted(request, form):
        said: dict[str, Any] = form.cleaned_data
        done = attempt(
            form, panels.convene, list(said["projects"]), list(said["members"]), said["chair"], held_on=said["held_on"],
            place=said["place"], others=said["others"], actor=request.user, at=timezone.now(),
        )  # fmt: skip
        if done:
            messages.success(request, f"评审会已建立，{len(said['projects'])} 个项目上会。")
            return redirect("panel", pk=done.result.pk)
    return render(request, "review/panel_new.html", {"call": call, "form": form, "ready": ready[:1]})


def _meeting(request: HttpRequest, pk: int) -> PanelMeeting:
    return get_object_or_404(queries.panels_visible_to(request.user), pk=pk)


@roles(*READERS)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: minutes and the table; saved as often as wanted until the report is out."""
    meeting, at = _meeting(request, pk), timezone.now()
    items = queries.items_of(meeting)
    may_save = meeting.report_id is None and has_role(request.user, *BUREAU_ROLES)
    initial = {"minutes": meeting.minutes, "seen_version": meeting.version}
    form = TableForm(request.POST or None, request.FILES or None, items=items, initial=initial)
    if may_save and posted(request, form):
        said = form.cleaned_data
        done = attempt(
            form, panels.save_table, meeting, form.said(), minutes=said["minutes"], minutes_file=said["minutes_file"],
            seen_version=said["seen_version"], actor=request.user, at=at,
        )  # fmt: skip
        if done:
            messages.success(request, "评审会记录已保存。")
            return redirect("panel", pk=pk)
    context = {
        "meeting": meeting, "form": form, "items": items, "members": meeting.members.select_related("user__organisation"),
        "may_save": may_save, "undecided": sum(not item.conclusion for item in items),
        "may_report": may_save and any(moves.may(item.project, "conclude", request.user, at=at) for item in items[:1]),
    }  # fmt: skip
    return render(request, "review/panel.html", context)


@roles(*BUREAU_ROLES)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead issues the report; what it concludes is done at once."""
    meeting, at = _meeting(request, pk), timezone.now()
    items = queries.items_of(meeting)
    for item in items[:1]:
        moves.require(item.project, "conclude", request.user, at=at, conditions=False)
    form = ReportForm(request.POST or None, initial={"seen_version": meeting.version})
    if posted(request, form):
        done = attempt(form, panels.issue_report, meeting, **form.cleaned_data, actor=request.user, at=at)
        if done:
            messages.success(request, f"评审报告 {done.result.number} 已出具，结论已送达企业。")
            return redirect("panel", pk=pk)
    return render(request, "review/panel_report.html", {"meeting": meeting, "form": form, "items": items})


@roles(*READERS)
def minutes_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of the minutes."""
    meeting = _meeting(request, pk)
    if meeting.minutes_file is None:
        raise Http404
    return file_response(meeting.minutes_file, as_attachment=False)
