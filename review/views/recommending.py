"""The lead's pages: sign one or many, send an opinion back, letters of recommendation and their papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Project
from core import moves
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, DISTRICT_ROLES, Role
from review import district_queries as queries
from review.checklist import checklist_of, checklists_of
from review.district_forms import RecommendForm, RecommendManyForm, RefuseOpinionForm, seen_of
from review.models import Opinion, RecommendationLetter, RuleCheck
from review.services import district, recommending
from review.views.attempts import attempt, posted
from review.views.district import project_at_desk

READERS = (*DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR)


@roles(*DISTRICT_ROLES)
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead reads the opinion once more and signs."""
    project, at = project_at_desk(request, pk), timezone.now()
    moves.require(project, "recommend", request.user, at=at)
    form = RecommendForm(request.POST or None, user=request.user, initial={"seen_version": project.version})
    if posted(request, form):
        said = {name: form.cleaned_data[name] for name in ("number", "seen_version")}
        if attempt(form, district.countersign_and_recommend, project, **said, actor=request.user, at=at):
            messages.success(request, f"已推荐“{project.title}”，现在由市工业和信息化局评审。")
            return redirect("district-queue")
    opinion = Opinion.objects.visible_to(request.user).in_hand().filter(submission=project.current_submission)
    context = {
        "project": project, "form": form, "opinion": opinion.select_related("written_by").first(),
        "stops": checklist_of(project).what_stops_a_recommendation(),
    }  # fmt: skip
    return render(request, "review/recommend.html", context)


@roles(Role.DISTRICT_LEAD)
def recommend_many(request: HttpRequest) -> HttpResponse:
    """A preview of the ticked projects with their sums, and one signature under all of them."""
    at, keys = timezone.now(), [key for key in request.GET.getlist("project") if key.isdigit()]
    waiting = queries.under_tab(Project.objects.visible_to(request.user), "to_sign", request.user)
    chosen = list(
        queries.with_limits(waiting.filter(pk__in=keys[: recommending.MOST + 1]))
        .select_related("enterprise", "current_submission", "call").order_by("number")
    )  # fmt: skip
    form = RecommendManyForm(request.POST or None, user=request.user, initial={"seen": seen_of(chosen)})
    if posted(request, form):
        said = {"number": form.cleaned_data["number"], "seen": form.versions()}
        done = attempt(form, recommending.recommend_all, chosen, **said, actor=request.user, at=at)
        if done:
            messages.success(request, f"已签批推荐 {len(chosen)} 个项目，推荐函和汇总表正在生成。")
            return redirect("recommendation", pk=done.result.pk)
    return render(request, "review/recommend_many.html", {"form": form, **_preview(chosen, request.user)})


def _preview(chosen: list[Project], user: Any) -> dict[str, Any]:
    """Rows with the opinion and what keeps each from being signed; the sums (元)."""
    lists = checklists_of(chosen)
    rows = Opinion.objects.visible_to(user).in_hand().filter(project__in=chosen).select_related("written_by")
    opinions = {row.project_id: row for row in rows}
    for one in chosen:
        one.opinion = opinions.get(one.pk)
        one.stops = lists[one.pk].what_stops_a_recommendation() or _why_not_signed(one.opinion, user)
    return {
        "rows": chosen, "blocked": [one for one in chosen if one.stops],
        "investment": sum(one.current_submission.investment for one in chosen),
        "limit": sum(one.limit or 0 for one in chosen),
    }  # fmt: skip


def _why_not_signed(opinion: Opinion | None, user: Any) -> str:
    if opinion is None:
        return "还没有初审意见。"
    if opinion.conclusion != "recommend":
        return "初审意见是不予推荐。"
    return "初审意见是您填写的，须由另一位负责人签批。" if opinion.written_by_id == user.pk else ""


@roles(Role.DISTRICT_LEAD)
def refuse_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead does not sign: back to the writer, with the reason."""
    project, at = project_at_desk(request, pk), timezone.now()
    moves.require(project, "recommend", request.user, at=at, conditions=False)
    opinion = Opinion.objects.visible_to(request.user).in_hand().filter(submission=project.current_submission)
    row = get_object_or_404(opinion.select_related("written_by"))
    form = RefuseOpinionForm(request.POST or None)
    if posted(request, form) and attempt(
        form, recommending.refuse_opinion, project, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"初审意见已退回{row.written_by}，对方已收到理由。")
        return redirect("district-review", pk=pk)
    return render(request, "review/refuse_opinion.html", {"project": project, "form": form, "opinion": row})


@roles(*READERS)
def letters(request: HttpRequest) -> HttpResponse:
    """推荐函 this person may read, newest first."""
    return render(
        request, "review/recommendations.html", {"page_obj": page_of(request, queries.letters_visible_to(request.user))}
    )


@roles(*READERS)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One 推荐函: its projects, sums and papers."""
    row = get_object_or_404(queries.letters_visible_to(request.user), pk=pk)
    opinions = list(queries.opinions_of_letter(row))
    context = {
        "letter": row, "opinions": opinions, "investment": sum(one.submission.investment for one in opinions),
        "limit": sum(one.limit or 0 for one in opinions),
    }  # fmt: skip
    return render(request, "review/recommendation.html", context)


@roles(*READERS)
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of recommendation as PDF."""
    row = get_object_or_404(RecommendationLetter.objects.visible_to(request.user), pk=pk)
    if row.file is None:
        raise Http404("文件还在生成。")
    return file_response(row.file, as_attachment=False)


@roles(*READERS)
def letter_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Its summary list (汇总表) as Excel."""
    row = get_object_or_404(RecommendationLetter.objects.visible_to(request.user), pk=pk)
    if row.table is None:
        raise Http404("文件还在生成。")
    return file_response(row.table)


@roles(*READERS)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The file the desk put to a judgement of a rule."""
    row = get_object_or_404(RuleCheck.objects.visible_to(request.user).exclude(file=None), pk=pk)
    return file_response(row.file, as_attachment=False)
