"""The bureau's pages: board, one project's review, assigning, concluding, sending back, publishing a notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Call, Determination, Project
from core import moves
from core.calendar import today
from core.files import file_response
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from review import bureau_queries as board_queries
from review import moderation_queries, queries
from review.clocks import clock_of, with_clocks
from review.forms import AssignForm, ConcludeForm, NoticeForm, ProlongForm, QueueFilter, SeenForm, SendBackForm
from review.models import Opinion, ReportEntry, ReviewReport
from review.scores import Table
from review.services import assignments, conclusions, decisions, notices, rounds
from review.views.attempts import attempt, deeds_of, posted

COLUMNS = {"due": "due_on", "total": "current_submission__investment", "limit": "limit"}


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def board(request: HttpRequest) -> HttpResponse:
    """What the city's review has in hand, by stage and clock."""
    on, rows = today(timezone.now()), Project.objects.visible_to(request.user)
    tab = request.GET.get("tab") if request.GET.get("tab") in board_queries.TABS else "scoring"
    form = QueueFilter(request.GET, calls=Call.objects.visible_to(request.user))
    said = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    found, counts = board_queries.under_tab(rows, tab), board_queries.counts_of_the_board(rows)
    found = queries.matching(found, **said)
    if request.GET.get("sort", "").lstrip("-") == "limit":
        found = board_queries.with_limits(found)
    found, total = ordered(request, found, COLUMNS, "due"), None if said else counts[tab]
    page = page_of(request, found.values_list("pk", flat=True), total=total)
    page.object_list = with_clocks(board_queries.rows_of(list(page.object_list), on), on)
    context = {
        "page_obj": page, "form": form, "tab": tab, "on": on,
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts[key], "current": key == tab}
            for key, label in board_queries.TABS.items()
        ],
        "may_publish": counts["to_publish"] and has_role(request.user, Role.BUREAU_LEAD),
    }  # fmt: skip
    return render(request, "review/board.html", context)


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related(
        "call", "district", "enterprise", "current_submission", "group"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project under review: experts, scores side by side once all are in, what can be done."""
    one, at = _project(request, pk), timezone.now()
    sheets = list(queries.sheets_visible_to(request.user, one))
    deeds = deeds_of(one, request.user, at=at)
    context = {
        "project": one, "clock": clock_of(one, today(at)), "assignments": list(queries.assignments_of(one)),
        "table": Table.of(list(one.call.rubric.all()), sheets) if sheets else None, "deeds": deeds,
        "may_assign": any(deed.name == "send_back" for deed in deeds),
        "second_round": rounds.why_not(one) if sheets else "评分未齐", "rounds": one.second_rounds.exists(),
        "visits": moderation_queries.visits_of(one, request.user),
        "asked_now": one.assignments.current().exists(),
        "determination": Determination.objects.filter(project=one, is_current=True).first(),
        "opinion": Opinion.objects.visible_to(request.user).filter(project=one, ground__isnull=False).first(),
        "reports": ReportEntry.objects.visible_to(request.user).filter(project=one).select_related("report"),
        "prolong_form": ProlongForm(),
        "form_check": board_queries.form_check_of(one, request.user),
        "consulted": _consulted(one, request.user, today(at)),
    }  # fmt: skip
    return render(request, "review/project.html", context)


def _consulted(project: Project, user: Any, on: date) -> list[Any]:
    """What departments were asked about a project, each saying whether its answer is late."""
    rows = list(board_queries.consultations_visible_to(user).filter(project=project))
    for row in rows:
        row.is_late = row.is_overdue(on)
    return rows


@roles(*BUREAU_ROLES)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask experts; those with a conflict are not on the list."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "send_back", request.user, at=at)
    form = AssignForm(request.POST or None, experts=queries.experts_for(one, request.user, today(at)))
    if posted(request, form):
        chosen, due_on = list(form.cleaned_data["experts"]), form.cleaned_data["due_on"]
        done = attempt(form, assignments.assign_experts, one, chosen, actor=request.user, at=at, due_on=due_on)
        if done:
            messages.success(request, f"已指派 {len(done.result)} 名专家，评分通知已送达。")
            return redirect("review-project", pk=pk)
    asked = queries.assignments_of(one).filter(declined_at=None).count()
    return render(request, "review/assign.html", {"project": one, "form": form, "asked": asked})


@roles(*BUREAU_ROLES)
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for those who have not handed in."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "send_back", request.user, at=at)
    form = ProlongForm(request.POST or None)
    if posted(request, form):
        day = form.cleaned_data["due_on"]
        done = attempt(form, assignments.prolong_scoring, one, due_on=day, actor=request.user, at=at)
        if done:
            messages.success(request, f"已为 {done.result} 名专家延长评分时间。")
            return redirect("review-project", pk=pk)
    return render(request, "review/prolong.html", {"project": one, "form": form})


@roles(*BUREAU_ROLES)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """The review report; the project goes to public notice."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "conclude", request.user, at=at)
    form = ConcludeForm(request.POST or None, initial={"seen_version": one.version})
    if posted(request, form):
        said = form.cleaned_data
        done = attempt(
            form, conclusions.conclude, [one], number=said["number"], text=said["text"],
            remarks={one.pk: said["remark"]}, actor=request.user, at=at,
        )  # fmt: skip
        if done:
            messages.success(request, f"评审报告 {done.result.number} 已出具，项目转入公示。")
            return redirect("review-project", pk=pk)
    sheets = list(queries.sheets_visible_to(request.user, one))
    table = Table.of(list(one.call.rubric.all()), sheets) if sheets else None
    return render(request, "review/conclude.html", {"project": one, "form": form, "table": table})


@roles(*BUREAU_ROLES)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the district, with reasons."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "send_back", request.user, at=at)
    form = SendBackForm(request.POST or None, initial={"seen_version": one.version})
    if posted(request, form) and attempt(
        form, decisions.send_back, one, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"已退回{one.district.bureau_name}。")
        return redirect("review-board")
    return render(request, "review/send_back.html", {"project": one, "form": form})


@roles(*BUREAU_ROLES)
def close_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """End the notice for one project whose period is over; the clock does the same by itself."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "close_notice", request.user, at=at)
    form = SeenForm(request.POST or None, initial={"seen_version": one.version})
    if posted(request, form) and attempt(form, notices.close_notice, one, actor=request.user, at=at):
        messages.success(request, f"“{one.title}”公示无异议，报市政府审定。")
        return redirect("review-board")
    return render(request, "review/close_notice.html", {"project": one, "form": form})


@roles(Role.BUREAU_LEAD)
def publish_notice(request: HttpRequest) -> HttpResponse:
    """One public document over the projects that wait for it."""
    form = NoticeForm(request.POST or None, projects=queries.waiting_for_notice(request.user))
    if posted(request, form):
        said: dict[str, Any] = form.cleaned_data
        chosen = list(said["projects"])
        done = attempt(
            form, notices.publish_notice, chosen, number=said["number"], title=said["title"], days=said["days"],
            shows_amounts=said["shows_amounts"], actor=request.user, at=timezone.now(),
        )  # fmt: skip
        if done:
            messages.success(request, f"{done.result.number} 已发布，公示 {len(chosen)} 个项目。")
            return redirect("notice", pk=done.result.pk)
    return render(request, "review/notice_new.html", {"form": form})


@roles(*BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR)
def report_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The review report as PDF: not for a district, for it tells of the projects of all districts."""
    report = get_object_or_404(ReviewReport.objects.visible_to(request.user), pk=pk)
    if report.file is None:
        raise Http404("文件还在生成。")
    return file_response(report.file, as_attachment=False)
