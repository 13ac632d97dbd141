"""The expert's pages: his assignments, the scoring sheet, stepping aside. Only his own, only while open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.calendar import today
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import Role
from core.templatetags.text_tags import cn_date, cn_datetime
from review import queries
from review.blind import is_blind, name_for_experts, reference_for_experts
from review.clocks import term_clock
from review.draw_forms import AnswerForm
from review.fields import fields_for
from review.forms import InterestForm, ScoreForm, SeenForm, StepAsideForm
from review.models import Assignment, Conflict, Expert, ScoreSheet
from review.services import assignments, invitations, pool, scoring
from review.states import SheetState
from review.views.attempts import attempt, posted
from review.views.materials import blind_name, blind_viewer_context, viewer_context


@roles(Role.EXPERT)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this expert's judgement."""
    on = today(timezone.now())
    page = page_of(request, queries.assignments_visible_to(request.user))
    for row in page.object_list:
        row.clock = term_clock(row.due_on, row.project.call.review_days, on)
        row.is_in = row.sheet.state == SheetState.SUBMITTED
        row.blind, row.name = is_blind(row.project), name_for_experts(row.project)
    asked = [
        {"label": name_for_experts(row.project), "url": reverse("expert-invitation", args=[row.pk]),
         "note": f"请在 {cn_date(row.answer_due_on)}前答复"}
        for row in queries.invitations_visible_to(request.user)[:25]
    ]  # fmt: skip
    return render(request, "review/expert_desk.html", {"page_obj": page, "on": on, "asked": asked})


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    return get_object_or_404(queries.with_eligible(queries.assignments_visible_to(request.user)), pk=pk)


def _sheet(assignment: Assignment) -> ScoreSheet:
    """The sheet that came with the assignment, its scores fetched."""
    prefetch_related_objects([assignment.sheet], "scores")
    return assignment.sheet


@roles(Role.EXPERT)
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The rubric beside the materials. Saving keeps what is judged so far; handing in has its own page."""
    assignment = _assignment(request, pk)
    sheet = _sheet(assignment)
    form = _score_form(request, assignment, {row.item_id: row for row in sheet.scores.all()}, sheet.comment)
    if posted(request, form):
        said, at = form.cleaned_data["comment"], timezone.now()
        if attempt(form, scoring.save_scores, assignment, form.scores(), comment=said, actor=request.user, at=at):
            if "submit" in request.POST:
                return redirect("expert-submit", pk=pk)
            messages.success(request, "评分已保存，可以稍后继续。")
            return redirect("expert-score", pk=pk)
    return render(request, "review/expert_score.html", _sheet_context(request, assignment, sheet, form))


def _score_form(request: HttpRequest, assignment: Assignment, scores: dict[int, Any], comment: str = "") -> ScoreForm:
    call = assignment.project.call
    rubric = list(call.rubric.all())
    return ScoreForm(request.POST or None, call=call, rubric=rubric, scores=scores, initial={"comment": comment})


@roles(Role.EXPERT)
@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what reads of the sheet while it is being filled in; what does not is told at its field and left as it stands."""
    assignment = _assignment(request, pk)
    form, at = _score_form(request, assignment, {}), timezone.now()
    form.is_valid()
    comment = form.cleaned_data.get("comment") if "comment" in request.POST else None
    said = {"comment": comment, "actor": request.user, "at": at}
    kept = attempt(form, scoring.save_scores, assignment, form.readable(), **said)
    faults = {name: str(errors[0]) for name, errors in form.errors.items()}
    words = "没有保存，请改正标出的分数。"
    if kept:
        words = f"已自动保存 {timezone.localtime(at):%H:%M}，合计 {kept.result.total:f} 分"
    if kept and faults:
        words += f"，有 {len(faults)} 处还不能识别"
    return JsonResponse({"said": words, "faults": faults})


def _sheet_context(request: HttpRequest, assignment: Assignment, sheet: Any, form: ScoreForm) -> dict[str, Any]:
    project, blind = assignment.project, is_blind(assignment.project)
    scores = list(sheet.scores.all())
    shown = blind_viewer_context(request, assignment) if blind else viewer_context(request, project.current_submission)
    return {
        **shown, "assignment": assignment, "sheet": sheet, "form": form, "call": project.call, "blind": blind,
        "track": project.track, "name": name_for_experts(project), "reference": reference_for_experts(project),
        "fields": fields_for(project.current_submission.industry),
        "clock": term_clock(assignment.due_on, project.call.review_days, today(timezone.now())),
        "judged": sum(score.half_points is not None for score in scores), "items": len(form.rubric),
        "saved_words": f"{cn_datetime(sheet.saved_at)} 保存" if sheet.saved_at else "",
        "total": sheet.total, "is_in": sheet.state == SheetState.SUBMITTED, "round": assignment.round,
        "visits": queries.visits_for_scorers(project),
        **({} if blind else {"project": project, "submission": project.current_submission,
                             "eligible": assignment.eligible}),
    }  # fmt: skip


@roles(Role.EXPERT)
@require_safe
def material(request: HttpRequest, pk: int, material_pk: int) -> HttpResponse:
    """A 匿名稿 of a blind call, under a name that tells nothing."""
    assignment = _assignment(request, pk)
    if not is_blind(assignment.project):
        raise Http404("这个批次不是匿名评审。")
    rows = assignment.project.current_submission.materials.filter(requirement__blind=True)
    found = get_object_or_404(rows.select_related("file", "requirement"), pk=material_pk)
    if not found.file.is_fit_for_others:
        raise Http404("文件还没有通过查毒。")
    return file_response(found.file, as_attachment=False, name=blind_name(found))


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
    context = {
        "assignment": assignment, "name": name_for_experts(assignment.project), "sheet": sheet, "form": form,
        "reference": reference_for_experts(assignment.project), "rows": rows,
    }  # fmt: skip
    return render(request, "review/expert_submit.html", context)


@roles(Role.EXPERT)
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Drawn by lot: take the project on, or decline with a reason. What it is about is told as far as the call allows."""
    asked = get_object_or_404(queries.invitations_visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST or None, declines="decline" in request.POST)
    if posted(request, form):
        said = {"actor": request.user, "at": timezone.now()}
        if "decline" not in request.POST:
            invitations.accept_invitation(asked, **said)
            messages.success(request, "已接受评审，可以开始评分。")
            return redirect("expert-score", pk=pk)
        if attempt(form, invitations.decline_invitation, asked, because=form.cleaned_data["because"], **said):
            messages.success(request, "已答复不能评审，由候补专家递补。")
            return redirect("expert-desk")
    context = {
        "asked": asked, "project": asked.project, "form": form, "blind": is_blind(asked.project),
        "name": name_for_experts(asked.project), "fields": fields_for(asked.project.current_submission.industry),
        "clock": term_clock(asked.answer_due_on, 2, today(timezone.now())),
    }  # fmt: skip
    return render(request, "review/expert_invitation.html", context)


@roles(Role.EXPERT)
def interests(request: HttpRequest) -> HttpResponse:
    """What this expert has declared, and a form for one more (第十六条)."""
    expert = get_object_or_404(Expert.objects.visible_to(request.user), user=request.user)
    form = InterestForm(request.POST or None)
    if posted(request, form):
        said, at = form.cleaned_data, timezone.now()
        if attempt(form, assignments.declare_own_interest, expert, **said, actor=request.user, at=at):
            messages.success(request, "利益关系已申报，今后不会指派您评审有关的项目。")
            return redirect("expert-interests")
    declared = Conflict.objects.visible_to(request.user).filter(expert=expert)
    on, word = today(timezone.now()), expert.declarations.order_by("-valid_to").first()
    context = {
        "form": form, "page_obj": page_of(request, declared.select_related("organisation", "district")), "word": word,
        "in_force": bool(word and word.valid_to >= on), "ends_soon": bool(word and (word.valid_to - on).days <= 30),
    }  # fmt: skip
    return render(request, "review/interests.html", context)


@roles(Role.EXPERT)
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """This expert's word that everything is declared, for a year."""
    expert = get_object_or_404(Expert.objects.visible_to(request.user), user=request.user)
    made = pool.declare_all(expert, actor=request.user, at=timezone.now())
    messages.success(request, f"已声明利益关系如实、完整，有效期至 {cn_date(made.valid_to)}。")
    return redirect("expert-interests")


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
    context = {
        "assignment": assignment, "form": form, "name": name_for_experts(assignment.project),
        "reference": reference_for_experts(assignment.project),
    }  # fmt: skip
    return render(request, "review/step_aside.html", context)
