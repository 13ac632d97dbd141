"""The expert's pages: his assignments, the scoring sheet, stepping aside. Only his own, only while open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Determination
from core.calendar import today
from core.guards import roles
from core.listing import page_of
from core.models import Role
from core.templatetags.text_tags import cn_datetime
from review import queries
from review.clocks import term_clock
from review.forms import InterestForm, ScoreForm, SeenForm, StepAsideForm
from review.models import Assignment, Conflict, Expert, ScoreSheet
from review.services import assignments, scoring
from review.states import SheetState
from review.views.attempts import attempt, posted
from review.views.materials import viewer_context


@roles(Role.EXPERT)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this expert's judgement."""
    on = today(timezone.now())
    page = page_of(request, queries.assignments_visible_to(request.user))
    for row in page.object_list:
        row.clock = term_clock(row.due_on, row.project.call.review_days, on)
        row.is_in = row.sheet.state == SheetState.SUBMITTED
    return render(request, "review/expert_desk.html", {"page_obj": page, "on": on})


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    return get_object_or_404(queries.assignments_visible_to(request.user), pk=pk)


def _sheet(assignment: Assignment) -> ScoreSheet:
    return ScoreSheet.objects.prefetch_related("scores").get(assignment=assignment)


@roles(Role.EXPERT)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The rubric beside the materials. Saving keeps what is judged so far; handing in has its own page."""
    assignment = _assignment(request, pk)
    sheet = _sheet(assignment)
    rubric = list(assignment.project.call.rubric.all())
    scores = {row.item_id: row for row in sheet.scores.all()}
    form = ScoreForm(request.POST or None, rubric=rubric, scores=scores, initial={"comment": sheet.comment})
    if posted(request, form):
        said, at = form.cleaned_data["comment"], timezone.now()
        if attempt(form, scoring.save_scores, assignment, form.scores(), comment=said, actor=request.user, at=at):
            if "submit" in request.POST:
                return redirect("expert-submit", pk=pk)
            messages.success(request, "评分已保存，可以稍后继续。")
            return redirect("expert-score", pk=pk)
    return render(request, "review/expert_score.html", _sheet_context(request, assignment, sheet, form))


def _sheet_context(request: HttpRequest, assignment: Assignment, sheet: Any, form: ScoreForm) -> dict[str, Any]:
    project = assignment.project
    scores = list(sheet.scores.all())
    return {
        **viewer_context(request, project.current_submission),
        "assignment": assignment, "project": project, "sheet": sheet, "form": form,
        "clock": term_clock(assignment.due_on, project.call.review_days, today(timezone.now())),
        "submission": project.current_submission, "determination": _amounts(project),
        "judged": sum(score.half_points is not None for score in scores), "items": len(form.rubric),
        "saved_words": f"{cn_datetime(sheet.saved_at)} 保存" if sheet.saved_at else "",
        "total": sheet.total, "is_in": sheet.state == SheetState.SUBMITTED,
    }  # fmt: skip


def _amounts(project: Any) -> Determination | None:
    return Determination.objects.filter(project=project, is_current=True).first()


@roles(Role.EXPERT)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the sheet once more and hand it in; it is locked afterwards."""
    assignment = _assignment(request, pk)
    sheet = _sheet(assignment)
    form = SeenForm(request.POST or None, initial={"seen_version": sheet.version})
    if posted(request, form):
        at = timezone.now()
        if attempt(form, scoring.submit_scores, assignment, **form.cleaned_data, actor=request.user, at=at):
            messages.success(request, "评分已提交并锁定。")
            return redirect("expert-desk")
    points = {score.item_id: score for score in sheet.scores.all()}
    rows = [(item, points.get(item.pk)) for item in assignment.project.call.rubric.all()]
    context = {"assignment": assignment, "project": assignment.project, "sheet": sheet, "form": form, "rows": rows}
    return render(request, "review/expert_submit.html", context)


@roles(Role.EXPERT)
def interests(request: HttpRequest) -> HttpResponse:
    """What this expert has declared, and a form for one more (第十六条)."""
    expert = get_object_or_404(Expert.objects.visible_to(request.user), user=request.user)
    form = InterestForm(request.POST or None)
    if posted(request, form):
        said, at = form.cleaned_data, timezone.now()
        if attempt(form, assignments.declare_own_interest, expert, **said, actor=request.user, at=at):
            messages.success(request, "利益关系已申报，今后不会指派您评审这家企业的项目。")
            return redirect("expert-interests")
    declared = Conflict.objects.visible_to(request.user).filter(expert=expert).select_related("organisation")
    return render(request, "review/interests.html", {"form": form, "page_obj": page_of(request, declared)})


@roles(Role.EXPERT)
def step_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """An expert who has an interest, or cannot judge, says so."""
    assignment = _assignment(request, pk)
    form = StepAsideForm(request.POST or None)
    if posted(request, form):
        said = form.cleaned_data["because"]
        done = attempt(
            form, assignments.decline_assignment, assignment, because=said, actor=request.user, at=timezone.now()
        )
        if done:
            messages.success(request, "已申请回避，市工信局会另行指派专家。")
            return redirect("expert-desk")
    return render(request, "review/step_aside.html", {"assignment": assignment, "form": form})
