"""The bureau's moderation: ranking of a call, rounds beside each other, a second round, visits on site, groups together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.models import Call, Project, ProjectGroup
from core import moves
from core.files import file_response
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, DISTRICT_ROLES, Role
from review import moderation_queries
from review.models import ScoreResult, SitePhoto, SiteVisit
from review.moderation_forms import RankingFilter, SecondRoundForm, VisitForm, VisitReportForm
from review.services import rounds, visits
from review.views.attempts import attempt, posted

READERS = (*BUREAU_ROLES, Role.SUPERVISOR)
SORTED = {"mean": "mean_first", "spread": "spread_first"}


@roles(*READERS)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far the scoring of a call is, by mean; no mean stands before all sheets of a project are in."""
    form = RankingFilter(request.GET, calls=Call.objects.visible_to(request.user))
    call = form.call()
    rows = moderation_queries.ranked(request.user, call, **form.wanted())
    page = page_of(request, ordered(request, rows, SORTED, "-mean"))
    context = {"page_obj": page, "form": form, "call": call, "shown_first": page.start_index()}
    return render(request, "review/scoring_progress.html", context)


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related("call", "enterprise", "district")
    return get_object_or_404(rows, pk=pk)


@roles(*READERS)
@require_safe
def compared(request: HttpRequest, pk: int) -> HttpResponse:
    """The rounds of a project beside each other, and every change of every sheet that may be read."""
    one = _project(request, pk)
    context = {
        "project": one, "tables": moderation_queries.tables_by_round(one, request.user),
        "rounds": list(one.second_rounds.select_related("opened_by")),
        "page_obj": page_of(request, moderation_queries.changes_of(one, request.user)),
    }  # fmt: skip
    return render(request, "review/rounds.html", context)


@roles(*BUREAU_ROLES)
def second_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the same experts score anew, with a reason."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "conclude", request.user, at=at, conditions=False)
    form = SecondRoundForm(request.POST or None, initial={"due_on": one.due_on})
    if posted(request, form):
        done = attempt(form, rounds.open_second_round, one, **form.cleaned_data, actor=request.user, at=at)
        if done:
            messages.success(request, "复评已启动，专家会收到通知；上一轮的评分表保留可查。")
            return redirect("review-project", pk=pk)
    context = {
        "project": one,
        "form": form,
        "stopped": rounds.why_not(one),
        "result": ScoreResult.objects.visible_to(request.user).filter(project=one).first(),
    }
    return render(request, "review/second_round.html", context)


# --- visits on site -------------------------------------------------------------------------------------------------


@roles(*BUREAU_ROLES)
def plan_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a visit on site with those who go."""
    one, at = _project(request, pk), timezone.now()
    moves.require(one, "send_back", request.user, at=at)
    form = VisitForm(request.POST or None, people=moderation_queries.may_visit(one))
    if posted(request, form):
        done = attempt(form, visits.plan_visit, one, **form.said(), actor=request.user, at=at)
        if done:
            messages.success(request, "现场核查已安排，核查人员会收到通知。")
            return redirect("site-visit", pk=done.result.pk)
    return render(request, "review/visit_new.html", {"project": one, "form": form})


def _visit(request: HttpRequest, pk: int) -> SiteVisit:
    rows = SiteVisit.objects.visible_to(request.user).select_related(
        "project__call", "project__enterprise", "planned_by"
    )
    return get_object_or_404(rows.prefetch_related("visitors__person", "photos__file"), pk=pk)


@signed_in
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: who went, what was found; those who went tell it here, once."""
    one, at = _visit(request, pk), timezone.now()
    going = {row.person_id for row in one.visitors.all()} | {one.planned_by_id}
    form = None
    if one.reported_at is None and request.user.pk in going:
        form = VisitReportForm(request.POST or None, request.FILES or None, blind=one.project.call.blind_review)
        if posted(request, form):
            done = attempt(form, visits.report_visit, one, **form.cleaned_data, actor=request.user, at=at)
            if done:
                messages.success(request, "现场核查情况已填报。")
                return redirect("site-visit", pk=pk)
    return render(request, "review/visit.html", {"visit": one, "project": one.project, "form": form})


@roles(*READERS, *DISTRICT_ROLES, Role.EXPERT)
@require_safe
def photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """A picture taken on site: for those who see the visit, and the scorers of a call that is not blind."""
    rows = moderation_queries.photos_visible_to(request.user).filter(visit=pk).select_related("file")
    found: SitePhoto = get_object_or_404(rows, pk=photo_pk)
    return file_response(found.file, as_attachment=False)


# --- groups ---------------------------------------------------------------------------------------------------------


@roles(*READERS, Role.EXPERT)
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The members of a 线 or 面 beside each other: facts, amounts, scores where they may be seen."""
    found = get_object_or_404(ProjectGroup.objects.visible_to(request.user).select_related("lead", "call"), pk=pk)
    rows: list[Any] = moderation_queries.members_of(found, request.user)
    context = {"group": found, "rows": rows, "total": sum(row.current_submission.investment for row in rows)}
    return render(request, "review/group.html", context)
