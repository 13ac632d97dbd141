"""The district's pages: queue, split view, defect list, opinion, recommendation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Call, CheckOutcome, Determination, Project
from applications.queries.checks import check_results
from core import moves
from core.calendar import today
from core.files import file_response
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, DISTRICT_ROLES, Role
from core.people import has_role
from review import queries
from review.clocks import clock_of, with_clocks
from review.forms import ChecksForm, DefectFormSet, OpinionForm, QueueFilter, RecommendForm, SeenForm
from review.models import MaterialCheck, Opinion, Verdict
from review.services import district as deeds
from review.views.attempts import attempt, deeds_of, posted
from review.views.materials import viewer_context

COLUMNS = {"due": "due_on", "total": "current_submission__investment", "limit": "limit"}


@roles(*DISTRICT_ROLES)
def queue(request: HttpRequest) -> HttpResponse:
    """What the district has in hand, by its clock."""
    on = today(timezone.now())
    rows, parts = queries.district_projects(request.user), queries.district_tabs(request.user)
    tab = request.GET.get("tab") if request.GET.get("tab") in parts else "in_hand"
    bands = queries.due_bands(on)
    form = QueueFilter(request.GET, calls=Call.objects.visible_to(request.user))
    found = queries.matching(rows.filter(parts[tab]), **(form.cleaned_data if form.is_valid() else {}))
    if request.GET.get("due") in bands:
        found = found.filter(bands[request.GET["due"]][1])
    page = page_of(request, ordered(request, queries.with_district_figures(found), COLUMNS, "due"))
    with_clocks(page.object_list, on)
    counts = queries.counts_of(rows, parts | {f"due_{key}": parts["in_hand"] & q for key, (_, q) in bands.items()})
    context = {
        "page_obj": page, "form": form, "tab": tab, "on": on, "counts": counts,
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts[key], "current": key == tab}
            for key, label in queries.DISTRICT_TABS.items()
        ],
        "stats": [
            {"label": label, "value": counts[f"due_{key}"], "unit": "项", "url": f"?due={key}"}
            for key, (label, _) in bands.items()
        ],
    }  # fmt: skip
    return render(request, "review/district_queue.html", context)


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related(
        "call", "district", "enterprise", "current_submission", "taken_by", "group"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*DISTRICT_ROLES)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Evidence left, judgement right. Posting keeps the verdicts; nothing moves."""
    project = _project(request, pk)
    materials = queries.materials_to_check(project)
    checks = {row.requirement_id: row for row in MaterialCheck.objects.filter(submission=project.current_submission)}
    form = ChecksForm(request.POST or None, materials=materials, checks=checks)
    if posted(request, form):
        judged, at = form.judged(), timezone.now()
        if attempt(form, deeds.check_materials, project, judged, actor=request.user, at=at):
            messages.success(request, f"已保存 {len(judged)} 项核验结果。")
            return redirect(request.get_full_path())
    return render(request, "review/district_review.html", _split_context(request, project, materials, checks, form))


def _split_context(request: Any, project: Project, materials: Any, checks: Any, form: ChecksForm) -> dict[str, Any]:
    at = timezone.now()
    viewer = viewer_context(request, project.current_submission)
    verdicts = [check.verdict for check in checks.values()]
    deeds_open = deeds_of(project, request.user, at=at)
    names = {deed.name for deed in deeds_open}
    return {
        **viewer, "project": project, "form": form, "clock": clock_of(project, today(at)),
        "rows": _check_rows(form, materials, project.track, viewer),
        "determination": Determination.objects.filter(project=project, is_current=True).first(),
        "judged": len(verdicts), "verified": verdicts.count(Verdict.VERIFIED),
        "doubted": [check for check in checks.values() if check.verdict == Verdict.QUESTIONED],
        "opinion": Opinion.objects.visible_to(request.user).filter(submission=project.current_submission).first(),
        "defect_lists": queries.defect_lists_of(project, request.user),
        "deeds": [deed for deed in deeds_open if deed.name != "recommend"],
        "recommend": next((deed for deed in deeds_open if deed.name == "recommend"), None),
        "may_check": "return_for_correction" in names, "stops": queries.what_stops_a_recommendation(project),
        "returns_left": project.call.max_returns - project.returns,
        "results": _results(project, "recommend" in names and has_role(request.user, Role.DISTRICT_LEAD)),
    }  # fmt: skip


def _results(project: Project, may_waive: bool) -> list[Any]:
    """The answers of the automatic checks, each saying whether this person may let it pass."""
    rows = list(check_results(project.current_submission_id))
    for row in rows:
        row.may_be_waived = may_waive and row.outcome == CheckOutcome.STOP and not row.waived
    return rows


def _check_rows(form: ChecksForm, materials: Any, track: str, viewer: dict[str, Any]) -> list[dict[str, Any]]:
    by_entry: dict[int, list[Any]] = {}
    shown = viewer["shown"]
    for file in viewer["files"]:
        by_entry.setdefault(file.requirement_id, []).append(file)
    return [
        {
            "material": material, "files": by_entry.get(material.pk, []), "is_needed": material.is_needed_for(track),
            "verdict": form[f"verdict_{material.pk}"], "note": form[f"note_{material.pk}"],
            "here": bool(shown) and shown.requirement_id == material.pk,
        }
        for material in materials
    ]  # fmt: skip


@roles(*DISTRICT_ROLES)
def return_for_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-time notice: every defect at once, prefilled from the doubts."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "return_for_correction", request.user, at=at)
    doubts = MaterialCheck.objects.filter(submission=project.current_submission, verdict=Verdict.QUESTIONED)
    initial = [{"about": row.requirement.name, "what": row.note} for row in doubts.select_related("requirement")]
    formset = DefectFormSet(request.POST or None, initial=initial, prefix="defects")
    form = SeenForm(request.POST or None, initial={"seen_version": project.version})
    if request.method == "POST" and formset.is_valid() and form.is_valid():
        listed = [row for row in formset.cleaned_data if row]
        seen = form.cleaned_data["seen_version"]
        done = attempt(form, deeds.return_for_correction, project, listed, actor=request.user, at=at, seen_version=seen)
        if done:
            messages.success(request, f"已退回补正（{done.result.defects.count()} 条），企业已收到通知。")
            return redirect("district-queue")
    context = {"project": project, "formset": formset, "form": form, "returns": project.returns + 1}
    return render(request, "review/return_for_correction.html", context)


@roles(*DISTRICT_ROLES)
def write_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion, until a lead countersigns it."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "return_for_correction", request.user, at=at, conditions=False)
    opinion = Opinion.objects.filter(submission=project.current_submission, ground=None).first()
    initial = {"conclusion": opinion.conclusion, "text": opinion.text} if opinion else {}
    form = OpinionForm(request.POST or None, initial=initial)
    if posted(request, form) and attempt(
        form, deeds.write_opinion, project, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, "初审意见已保存，等待负责人签批。")
        return redirect("district-review", pk=pk)
    context = {"project": project, "form": form, "stops": queries.what_stops_a_recommendation(project)}
    return render(request, "review/opinion.html", context)


@roles(*DISTRICT_ROLES)
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead reads the opinion once more and signs."""
    project, at = _project(request, pk), timezone.now()
    moves.require(project, "recommend", request.user, at=at)
    form = RecommendForm(request.POST or None, initial={"seen_version": project.version})
    if posted(request, form) and attempt(
        form, deeds.countersign_and_recommend, project, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, f"已推荐“{project.title}”，现在由市工业和信息化局评审。")
        return redirect("district-queue")
    opinion = Opinion.objects.visible_to(request.user).filter(submission=project.current_submission, ground=None)
    context = {
        "project": project, "form": form, "opinion": opinion.select_related("written_by").first(),
        "stops": queries.what_stops_a_recommendation(project),
    }  # fmt: skip
    return render(request, "review/recommend.html", context)


@roles(*DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR)
def opinion_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of recommendation as PDF."""
    opinion = get_object_or_404(Opinion.objects.visible_to(request.user), pk=pk)
    if opinion.file is None:
        raise Http404("文件还在生成。")
    return file_response(opinion.file, as_attachment=False)
