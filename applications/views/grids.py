"""The two grids of a filing: investment lines with the live ceiling, and indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.facts import amounts, completeness, sections
from applications.forms.grids import BLANK_ROWS, LineForm, LineFormSet, with_more_rows
from applications.forms.indicators import IndicatorsForm
from applications.models import Category
from applications.queries.unsaved import unsaved_text
from applications.views.typed import own_project, save_typed, typing_context
from core.guards import roles
from core.models import ENTERPRISE_ROLES


@roles(*ENTERPRISE_ROLES)
def filing_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The investment lines; after each save the totals and the ceiling with its steps."""
    project, now = own_project(request, pk), timezone.now()
    services.require_open(project, request.user)
    seen, theirs = request.POST.get("seen"), None
    formset = _line_formset(request, project)
    if request.method == "POST" and formset.is_valid():
        try:
            services.save_lines(project, lines=formset.rows, actor=request.user, at=now, seen=seen)
        except services.Conflict as conflict:
            formset.non_form_errors().append(str(conflict))
            seen, theirs = conflict.fingerprint, conflict.current
        except services.DraftRefused as refused:
            formset.non_form_errors().append(str(refused))
        else:
            return _after_lines(request, project)
    return render(request, "applications/filing_lines.html", _lines_context(project, formset, seen, theirs, now))


def _line_formset(request: HttpRequest, project: Any) -> LineFormSet:
    if request.method == "POST":
        more = request.POST.get("action") == "more"
        return LineFormSet(with_more_rows(request.POST, "lines", LineForm) if more else request.POST, prefix="lines")
    formset = LineFormSet(initial=sections.lines_of(project.draft), prefix="lines")
    formset.extra = BLANK_ROWS * (2 if "more" in request.GET else 1)
    return formset


def _after_lines(request: HttpRequest, project: Any) -> HttpResponse:
    messages.success(request, "投资明细已保存，测算上限已更新。")
    if request.POST.get("action") == "back":
        return redirect("filing", project.pk)
    more = "?more=1" if request.POST.get("action") == "more" else ""
    return redirect(reverse("filing-lines", args=[project.pk]) + more)


def _lines_context(project: Any, formset: Any, seen: str | None, theirs: Any, now: Any) -> dict[str, Any]:
    draft = project.draft
    totals = amounts.totals_of(draft)
    result = completeness.verdict_of(draft, at=now)
    return {
        "project": project,
        "draft": draft,
        "formset": formset,
        "seen": seen or sections.fingerprint_of(draft, "lines"),
        "theirs": [{**line, "label": Category(line["category"]).label} for line in theirs or []],
        "totals": totals,
        "ceiling": result,
        "wan_hint": completeness.wan_hint(totals) if totals.looks_like_wan else "",
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
