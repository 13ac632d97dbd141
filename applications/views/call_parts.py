"""The editor of a call, one page a part; what somebody else saved meanwhile is never overwritten unseen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import call_parts
from applications.forms.calls import (
    AttachmentForm,
    MaterialRowFormSet,
    ReviewForm,
    RubricRowFormSet,
    TermsForm,
    TextForm,
    WindowForm,
)
from applications.forms.conditions import ConditionForms
from applications.models import Call, CallAttachment
from applications.views.bureau import own_call
from core.files import FileRefused, file_response
from core.guards import public, roles
from core.models import BUREAU_ROLES


@roles(*BUREAU_ROLES)
def call_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, text, tracks and tasks."""
    call = _open(request, pk)
    form = TextForm(request.POST or None, local=call.is_local, initial=_initial(call, "text"))
    return _page(request, call, "text", form) or _saved(request, call, "text", form, values=form.values)


@roles(*BUREAU_ROLES)
def call_window(request: HttpRequest, pk: int) -> HttpResponse:
    """From when to when filings are taken."""
    call = _open(request, pk)
    form = WindowForm(request.POST or None, initial=_initial(call, "window"))
    return _page(request, call, "window", form) or _saved(request, call, "window", form, values=form.values)


@roles(*BUREAU_ROLES)
def call_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Policy version and the days of each step."""
    call = _open(request, pk)
    form = TermsForm(request.POST or None, initial=_initial(call, "terms"))
    return _page(request, call, "terms", form) or _saved(request, call, "terms", form, values=form.values)


@roles(*BUREAU_ROLES)
def call_materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The material list as a grid."""
    call = _open(request, pk)
    rows = [{**row, "order": place} for place, row in enumerate(call_parts.rows_of(call, "materials"), start=1)]
    grid = MaterialRowFormSet(request.POST or None, initial=rows, prefix="materials")
    return _grid_page(request, call, "materials", grid)


@roles(*BUREAU_ROLES)
def call_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The conditions: ticked, weighed, with their thresholds."""
    call = _open(request, pk)
    grid = ConditionForms(request.POST or None, rows=call_parts.rows_of(call, "rules"))
    return _grid_page(request, call, "rules", grid)


@roles(*BUREAU_ROLES)
def call_rubric(request: HttpRequest, pk: int) -> HttpResponse:
    """How experts score: terms of the review, and the rubric as a grid."""
    call = _open(request, pk)
    form = ReviewForm(request.POST or None, initial=_initial(call, "rubric"))
    rows = [{**row, "step": str(row["step"])} for row in call_parts.rows_of(call, "rubric")]
    grid = RubricRowFormSet(request.POST or None, initial=rows, prefix="rubric")
    if request.method == "POST" and all([form.is_valid(), grid.is_valid()]):
        return _saved(request, call, "rubric", form, values=form.values, rubric=grid.rows, grid=grid)
    return _render(request, call, "rubric", form=form, grid=grid)


@roles(*BUREAU_ROLES)
def call_attachments(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers beside the text; one upload at a time."""
    call = _open(request, pk)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.attach(
                call, title=given["title"], upload=given["file"], actor=request.user, at=timezone.now()
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"附件“{made.title}”已添加。")
            return redirect("call-attachments", call.pk)
    papers = call.attachments.select_related("file", "added_by")
    return _render(request, call, "attachments", form=form, attachments=papers)


@roles(*BUREAU_ROLES)
@require_POST
def call_attachment_remove(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a paper off."""
    found = get_object_or_404(CallAttachment.objects.visible_to(request.user), pk=attachment, call=pk)
    services.detach(found, actor=request.user, at=timezone.now())
    messages.success(request, f"附件“{found.title}”已移除。")
    return redirect("call-attachments", pk)


@public
def call_attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """A paper of a call, to everybody who sees the call."""
    rows = CallAttachment.objects.visible_to(request.user).select_related("file")
    return file_response(get_object_or_404(rows, pk=attachment, call=pk).file)


def _open(request: HttpRequest, pk: int) -> Call:
    call = own_call(request, pk)
    services.require_unpublished(call)
    return call


def _initial(call: Call, part: str) -> dict[str, Any]:
    return {**call_parts.values_of(call, part), "seen": call_parts.fingerprint_of(call, part)}


def _page(request: HttpRequest, call: Call, part: str, form: Any) -> HttpResponse | None:
    """The page of a part with one form; None once it may be saved."""
    if request.method == "POST" and form.is_valid():
        return None
    return _render(request, call, part, form=form)


def _grid_page(request: HttpRequest, call: Call, part: str, grid: Any) -> HttpResponse:
    if request.method == "POST" and grid.is_valid():
        return _saved(request, call, part, None, grid=grid, **{part: grid.rows})
    return _render(request, call, part, grid=grid)


def _saved(request: HttpRequest, call: Call, part: str, form: Any, *, grid: Any = None, **given: Any) -> HttpResponse:
    """Save a part and go back to the list; where somebody was faster, the page again with what was typed."""
    seen = form.cleaned_data["seen"] if form is not None else request.POST.get("seen", "")
    try:
        services.save_call(call, **given, part=part, seen=seen, actor=request.user, at=timezone.now())
    except services.CallConflict as conflict:
        if form is not None:
            form.keep_after(conflict, call_parts.fingerprint_of(own_call(request, call.pk), part))
        said = {} if form is not None else {"conflict": str(conflict)}
        return _render(request, call, part, form=form, grid=grid, **said)
    messages.success(request, f"“{call_parts.TITLES[part]}”已保存。")
    return redirect("call-edit", call.pk)


def _render(request: HttpRequest, call: Call, part: str, **context: Any) -> HttpResponse:
    seen = call_parts.fingerprint_of(own_call(request, call.pk), part) if part != "attachments" else ""
    if "conflict" not in context and request.method == "POST":
        seen = request.POST.get("seen", "")
    context["conflicts"] = [context["conflict"]] if "conflict" in context else []
    context |= {"call": call, "part": part, "title": call_parts.TITLES[part], "seen": seen}
    return render(request, f"applications/call_{part}.html", context)
