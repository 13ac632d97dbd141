"""The two grids of a filing: investment lines with the live ceiling, and indicators."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import amounts, sections
from applications.facts.reading import Reading
from applications.facts.tickets import ticket_for
from applications.facts.windows import deadline_of
from applications.forms.grids import with_more_rows
from applications.forms.indicators import IndicatorsForm
from applications.forms.lines import LineForm, LineFormSet, LinesPage, PapersFormSet, posted_rows
from applications.models import Draft, Project
from applications.queries.unsaved import unsaved_text
from applications.views.typed import own_project, save_typed, saved_at, saved_words, typing_context
from core.guards import roles
from core.models import ENTERPRISE_ROLES

LINES = "lines"


@roles(*ENTERPRISE_ROLES)
def filing_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The investment lines, a page at a time; after each save the totals and the ceiling with its steps."""
    project, now = own_project(request, pk), timezone.now()
    services.require_open(project, request.user)
    kept = unsaved_text(request.user, project, LINES)
    if request.method == "POST":
        answer = _post_lines(request, project, kept, now)
        if isinstance(answer, HttpResponse):
            return answer
    opened = LinesPage(
        project.draft, kept=kept, page=request.GET.get("page"), more="more" in request.GET, papers=_papers(request)
    )
    formset = answer if request.method == "POST" else opened.formset
    return render(request, "applications/filing_lines.html", _lines_context(request, project, opened, formset, now))


def _post_lines(request: HttpRequest, project: Project, kept: Any, at: Any) -> HttpResponse | LineFormSet:
    """Save the page; the grid itself where a row cannot be read."""
    action = request.POST.get("action", "")
    if action == "discard":
        services.forget_typed(project, LINES, actor=request.user)
        return redirect("filing-lines", project.pk)
    if action == "choose":
        return _choose(request, project, kept, at)
    more = action == "more"
    kind = PapersFormSet if _papers(request) else LineFormSet
    formset = kind(with_more_rows(request.POST, LINES, LineForm) if more else request.POST, prefix=LINES)
    readable = formset.is_valid()
    rows = [row for form in formset.forms if (row := form.as_row())]
    try:
        saved = services.save_line_rows(
            project, rows if readable else [replace(row, values=None, goes=False) for row in rows],
            actor=request.user, at=at,
        )  # fmt: skip
    except services.DraftRefused as refused:
        formset.non_form_errors().append(str(refused))
        return formset
    return _after_lines(request, project, saved) if readable else formset


def _papers(request: HttpRequest) -> bool:
    """Which columns of the grid are open: those of contract, invoice and payment, or the first ones."""
    return request.GET.get("columns") == "papers"


def _columns(request: HttpRequest, page: int) -> list[dict[str, Any]]:
    """The two sets of columns as tabs; each opens the same rows."""
    papers = _papers(request)
    return [
        {"label": "设备与金额", "url": f"?page={page}", "current": not papers},
        {"label": "合同、发票与付款", "url": f"?columns=papers&page={page}", "current": papers},
    ]


def _choose(request: HttpRequest, project: Project, kept: Any, at: Any) -> HttpResponse:
    rows, given_up = LinesPage(project.draft, kept=kept).chosen(request.POST)
    services.forget_rows(project, given_up, actor=request.user, at=at)
    services.save_line_rows(project, rows, actor=request.user, at=at, insist=True)
    messages.success(request, "已按所选保存。")
    return redirect("filing-lines", project.pk)


def _after_lines(request: HttpRequest, project: Project, saved: services.SavedRows) -> HttpResponse:
    here = request.get_full_path()
    if saved.disputed:
        by = sections.last_save(Draft.objects.get(project=project), LINES).by
        messages.warning(
            request, f"有 {len(saved.disputed)} 行另一人（{by}）也改了，没有覆盖，请在下面逐行选择。其余已保存。"
        )
        return redirect(here)
    messages.success(request, "投资明细已保存，测算上限已更新。" + _joined_by(request, project))
    if request.POST.get("action") == "back":
        return redirect("filing", project.pk)
    more = reverse("filing-lines", args=[project.pk]) + "?more=1"
    return redirect(more if request.POST.get("action") == "more" else here)


def _joined_by(request: HttpRequest, project: Project) -> str:
    """That somebody else saved other rows meanwhile: nothing collided, and both people's rows stand."""
    before = sections.last_save(project.draft, LINES)
    opened = request.POST.get("seen", "")
    if not opened or opened == before.at.isoformat() or before.by == str(request.user):
        return ""
    return f"您打开这一页之后，{before.by}保存了新的内容；两人改的不是同一行，都在下面。"


@require_POST
@roles(*ENTERPRISE_ROLES)
def lines_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the changed rows in the background: row by row, what reads is saved, the rest kept as typed."""
    project, at = own_project(request, pk), timezone.now()
    forms = posted_rows(request.POST)
    rows = {place: row for place, form in forms.items() if (row := form.as_row())}
    try:
        saved = services.save_line_rows(project, list(rows.values()), actor=request.user, at=at)
    except services.DraftRefused as refused:
        return JsonResponse({"said": str(refused)}, status=422)
    told = {
        place: {
            "standing": saved.standing.get(row.key), "fault": forms[place].fault, "disputed": row.key in saved.disputed,
        }
        for place, row in rows.items()
    }  # fmt: skip
    waiting = [one for one in told.values() if one["fault"] or one["disputed"]]
    said = saved_at(at, waiting)
    if saved.disputed:
        said = f"{said}；有 {len(saved.disputed)} 行另一人也改了，没有覆盖，重新打开本页逐行选择"
    return JsonResponse({"said": said, "rows": told})


def _lines_context(request: HttpRequest, project: Project, opened: LinesPage, formset: Any, now: Any) -> dict[str, Any]:
    draft = project.draft
    reading = Reading(draft, now)
    totals = reading.totals
    save = sections.last_save(draft, LINES)
    return {
        "project": project,
        "draft": draft,
        "formset": formset,
        "papers": _papers(request),
        "columns": _columns(request, opened.page.number),
        "form": opened,
        "page_obj": opened.page,
        "kept": opened.kept if request.method != "POST" else None,
        "save": save,
        "saved_words": saved_words(draft, LINES),
        "seen": save.at.isoformat(),
        "deadline": deadline_of(project, now),
        "autosave": reverse("lines-autosave", args=[project.pk]),
        "ticket": ticket_for(request.user, project, LINES),
        "totals": totals,
        "ceiling": reading.verdict,
        "wan_hint": amounts.wan_hint(totals) if totals.looks_like_wan else "",
    }


@roles(*ENTERPRISE_ROLES)
def filing_indicators(request: HttpRequest, pk: int) -> HttpResponse:
    """The performance targets; a new list starts from the library."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    kept = unsaved_text(request.user, project, "indicators")
    form = IndicatorsForm(request.POST or None, draft=project.draft, kept=kept)
    if request.method == "POST":
        saved = save_typed(request, project, form)
        if saved:
            messages.success(request, "绩效目标已保存。")
        if saved is not None:
            return redirect("filing" if saved else "filing-indicators", project.pk)
    context = typing_context(request, project, form) | {"formset": form.formset, "seen": form.seen}
    return render(request, "applications/filing_indicators.html", context)
