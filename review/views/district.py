"""The district's desk: queue, split view, the one-time notice, the opinion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.models import Call, CheckOutcome, Determination, Project
from core import moves
from core.calendar import today
from core.guards import roles
from core.listing import page_of
from core.models import DISTRICT_ROLES, Role
from core.people import has_role
from review import district_queries as queries
from review.checklist import Checklist, checklist_of, with_files
from review.clocks import district_clock
from review.district_forms import ChecklistForm, DistrictFilter
from review.forms import DefectFormSet, OpinionForm, SeenForm
from review.models import Opinion
from review.services import district as deeds
from review.services import queue_tables
from review.views.attempts import attempt, deeds_of, posted
from review.views.materials import viewer_context


@roles(*DISTRICT_ROLES)
def queue(request: HttpRequest) -> HttpResponse:
    """What the district has in hand, by its clock."""
    on, user = today(timezone.now()), request.user
    bands = queries.due_bands(on)
    form, tab, said = _asked(request, bands)
    counts = queries.counts_of_the_queue(Project.objects.visible_to(user), user, bands)
    found = queries.in_order(queries.queue_of(user, tab, on, **said), request.GET.get("sort", ""))
    total = None if said else counts[tab]
    page = page_of(request, found.values_list("pk", flat=True), total=total)
    page.object_list = queries.rows_of(list(page.object_list))
    for row in page.object_list:
        row.clock = district_clock(row, on)
    context = {
        "page_obj": page, "form": form, "tab": tab, "on": on, "query": request.GET.urlencode(),
        "may_sign": tab == "to_sign" and _is_lead(user),
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": counts[key], "current": key == tab}
            for key, label in queries.TABS.items()
        ],
        "stats": [
            {"label": band.label, "value": counts[f"due_{key}"], "unit": "项", "url": f"?due={key}"}
            for key, band in bands.items()
        ],
    }  # fmt: skip
    return render(request, "review/district_queue.html", context)


def _is_lead(user: Any) -> bool:
    return has_role(user, Role.DISTRICT_LEAD)


def _asked(request: HttpRequest, bands: dict[str, queries.Band]) -> tuple[DistrictFilter, str, dict[str, Any]]:
    """The filter form of the address, the tab, and what else was asked and could be understood."""
    user = request.user
    form = DistrictFilter(
        request.GET, calls=Call.objects.visible_to(user), bands=bands, holders=queries.desk_people(user)
    )
    said = form.wanted()
    tab = said.pop("tab", "")
    return form, tab if tab in queries.TABS else "in_hand", said


@roles(*DISTRICT_ROLES)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The queue as Excel, filtered as the address says, by a job."""
    at = timezone.now()
    _, tab, said = _asked(request, queries.due_bands(today(at)))
    job = queue_tables.ask_for(tab, said, sort=request.GET.get("sort", ""), by=request.user, at=at)
    return redirect("job", pk=job.pk)


def project_at_desk(request: HttpRequest, pk: int) -> Project:
    """A project this person sees, with what the desk's pages read of it; 404 otherwise."""
    rows = Project.objects.visible_to(request.user).select_related(
        "call", "district", "enterprise", "current_submission", "taken_by", "group"
    )
    return get_object_or_404(rows, pk=pk)


@roles(*DISTRICT_ROLES)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Evidence left, judgement right. Posting keeps the verdicts; nothing moves."""
    project = project_at_desk(request, pk)
    checklist = checklist_of(project)
    form = ChecklistForm(request.POST or None, request.FILES or None, checklist=checklist)
    if posted(request, form):
        judged, rules, at = form.judged(), form.judged_rules(), timezone.now()
        done = attempt(form, deeds.check_materials, project, judged, rules=rules, actor=request.user, at=at)
        if done:
            messages.success(request, f"已保存 {done.result} 项核验结果。")
            return redirect(request.get_full_path())
    return render(request, "review/district_review.html", _split_context(request, project, checklist, form))


def _split_context(request: Any, project: Project, checklist: Checklist, form: ChecklistForm) -> dict[str, Any]:
    at, user = timezone.now(), request.user
    viewer = viewer_context(request, project.current_submission)
    deeds_open = {deed.name: deed for deed in deeds_of(project, user, at=at)}
    opinions = Opinion.objects.visible_to(user).filter(submission=project.current_submission)
    opinion = opinions.select_related("written_by", "countersigned_by", "letter", "refused_by").first()
    may_check = "return_for_correction" in deeds_open
    leads = "recommend" in deeds_open and _is_lead(user)
    in_hand = opinion is not None and not opinion.ground_id and not opinion.refused_at
    return {
        **viewer, "project": project, "form": form, "clock": district_clock(project, today(at)), "opinion": opinion,
        "rows": _material_rows(form, checklist, viewer), "rules": _rule_rows(form, checklist, leads),
        "in_order": [row for row in checklist.results if row.outcome == CheckOutcome.OK],
        "checked_at": checklist.results[0].checked_at if checklist.results else None,
        "determination": Determination.objects.filter(project=project, is_current=True).first(),
        "judged": checklist.judged, "size": checklist.size, "doubts": checklist.doubts,
        "percent": checklist.judged * 100 // max(checklist.size, 1),
        "defect_lists": queries.defect_lists_of(project, user),
        "deeds": [deed for name, deed in deeds_open.items() if name != "recommend"],
        "recommend": deeds_open.get("recommend"), "may_check": may_check,
        "unjudged": checklist.what_stops_an_opinion(), "stops": checklist.what_stops_a_recommendation(),
        "may_take": may_check and project.taken_by_id is None,
        "may_hand_over": may_check and (project.taken_by_id is not None or _is_lead(user)),
        "may_refuse": leads and in_hand, "why_not": _why_not(project, user, at) if not may_check else "",
    }  # fmt: skip


def _why_not(project: Project, user: Any, at: Any) -> str:
    """Why this person does not judge this filing, though it is on the desk: a colleague has it, or he has an interest."""
    try:
        moves.require(project, "return_for_correction", user, at=at, conditions=False)
    except moves.NotYours as refused:
        return str(refused).partition("。")[2]
    except moves.Overtaken:
        return ""
    return ""


def _material_rows(form: ChecklistForm, checklist: Checklist, viewer: dict[str, Any]) -> list[dict[str, Any]]:
    files, shown = with_files(checklist.materials, viewer["files"]), viewer["shown"]
    return [
        {
            "material": entry, "files": files[entry.pk], "is_needed": entry.is_owed,
            "verdict": form[f"verdict_{entry.pk}"], "note": form[f"note_{entry.pk}"],
            "here": bool(shown) and shown.requirement_id == entry.pk,
        }
        for entry in checklist.materials
    ]  # fmt: skip


def _rule_rows(form: ChecklistForm, checklist: Checklist, may_waive: bool) -> list[dict[str, Any]]:
    rows = []
    for result in checklist.rules:
        fields = {
            part: form[f"{part}_rule_{result.rule}"] for part in ("verdict", "note", "material", "page", "upload")
        }
        stopped = result.outcome == CheckOutcome.STOP and not result.waived
        rows.append(
            {
                **fields,
                "result": result,
                "check": checklist.judgement_of(result),
                "may_be_waived": may_waive and stopped,
            }
        )
    return rows


@roles(*DISTRICT_ROLES)
def return_for_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-time notice: every defect at once, prefilled from the doubts."""
    project, at = project_at_desk(request, pk), timezone.now()
    moves.require(project, "return_for_correction", request.user, at=at)
    doubts = checklist_of(project).doubts
    initial = [{"about": about, "what": what, "todo": todo} for about, what, todo in doubts]
    formset = DefectFormSet(request.POST or None, initial=initial, prefix="defects")
    form = SeenForm(request.POST or None, initial={"seen_version": project.version})
    if request.method == "POST" and formset.is_valid() and form.is_valid():
        listed = [row for row in formset.cleaned_data if row]
        seen = form.cleaned_data["seen_version"]
        done = attempt(form, deeds.return_for_correction, project, listed, actor=request.user, at=at, seen_version=seen)
        if done:
            messages.success(request, f"已退回补正（{done.result.defects.count()} 条），企业已收到通知。")
            return redirect("district-queue")
    context = {
        "project": project, "formset": formset, "form": form, "returns": project.returns + 1,
        "clock": district_clock(project, today(at)),
    }  # fmt: skip
    return render(request, "review/return_for_correction.html", context)


@roles(*DISTRICT_ROLES)
def write_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion, once every entry is judged and until a lead countersigns it."""
    project, at = project_at_desk(request, pk), timezone.now()
    moves.require(project, "return_for_correction", request.user, at=at, conditions=False)
    opinions = Opinion.objects.visible_to(request.user).filter(submission=project.current_submission, ground=None)
    last = opinions.select_related("refused_by").first()
    initial = {"conclusion": last.conclusion, "text": last.text} if last else {}
    form = OpinionForm(request.POST or None, initial=initial)
    if posted(request, form) and attempt(
        form, deeds.write_opinion, project, **form.cleaned_data, actor=request.user, at=at
    ):
        messages.success(request, "初审意见已保存，等待负责人签批。")
        return redirect("district-review", pk=pk)
    checklist = checklist_of(project)
    stops = checklist.what_stops_an_opinion() or checklist.what_stops_a_recommendation()
    context = {"project": project, "form": form, "stops": stops, "last": last}
    return render(request, "review/opinion.html", context)
