"""Objections for the bureau and supervision alone: who objected is seen nowhere else. Assign, investigate, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core import moves
from core.calendar import add_working_days, today
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from review import objection_queries as queries
from review.clocks import objection_flow, term_clock
from review.forms import AnswerForm
from review.models import Objection
from review.objection_forms import AskForm, AssignOfficerForm, FindingForm, NoteForm, ProlongAnswerForm
from review.services import investigations
from review.services.objections import answer_objection
from review.states import OPEN_OBJECTIONS, ObjectionState
from review.views.attempts import attempt, posted

READERS = (*BUREAU_ROLES, Role.SUPERVISOR)
TABS = {"open": "待办", "mine": "我核查的", "answered": "已答复"}


@roles(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """All objections, those to be answered first, by their clock."""
    on = today(timezone.now())
    asked = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    rows = queries.objections_visible_to(request.user)
    parts = {
        "open": rows.filter(state__in=OPEN_OBJECTIONS),
        "mine": rows.filter(assigned_to=request.user, state=ObjectionState.ASSIGNED),
        "answered": rows.exclude(state__in=OPEN_OBJECTIONS),
    }
    page = page_of(request, parts[asked].order_by("answered_at", "due_on", "pk"))
    for row in page.object_list:
        row.clock = term_clock(row.due_on, row.entry.notice.call.objection_days, on)
    tabs = [{"label": label, "url": f"?tab={key}", "current": asked == key} for key, label in TABS.items()]
    return render(request, "review/objections.html", {"page_obj": page, "on": on, "tabs": tabs})


def _objection(request: HttpRequest, pk: int) -> Objection:
    return get_object_or_404(queries.objections_visible_to(request.user), pk=pk)


@roles(*READERS)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: what was said, what was found, its answer."""
    one, at = _objection(request, pk), timezone.now()
    form = AnswerForm(request.POST or None, initial={"seen_version": one.version})
    if request.method == "POST":
        moves.require(one, "dismiss", request.user, at=at)
        if form.is_valid() and attempt(form, answer_objection, one, **form.cleaned_data, actor=request.user, at=at):
            messages.success(request, "异议已答复，暂停已解除。")
            return redirect("objections")
    open_now = {move.name: move for move in moves.open_moves(one, request.user, at=at)}
    context = {
        "objection": one, "entry": one.entry, "form": form, "may_answer": "dismiss" in open_now,
        "clock": term_clock(one.due_on, one.entry.notice.call.objection_days, today(at)), "flow": objection_flow(one),
        "files": list(one.files.select_related("file")), "notes": list(one.notes.select_related("written_by")),
        "statements": list(one.statements.select_related("file", "answered_by")), "open": open_now,
    }  # fmt: skip
    return render(request, "review/objection.html", context)


@roles(*READERS)
def evidence(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """One file of an objection."""
    one = get_object_or_404(queries.files_visible_to(request.user), objection=pk, pk=file_pk)
    return file_response(one.file, as_attachment=False)


def _deed(
    request: HttpRequest, one: Objection, move: str, form: Any, service: Callable[..., Any], said: str, **words: str
) -> HttpResponse:
    """One small page of the investigation: a form, one service, back to the objection."""
    at = timezone.now()
    moves.require(one, move, request.user, at=at, conditions=False)
    if posted(request, form) and attempt(form, service, one, **form.cleaned_data, actor=request.user, at=at):
        messages.success(request, said)
        return redirect("objection", pk=one.pk)
    context = {"objection": one, "entry": one.entry, "form": form, **words}
    return render(request, "review/objection_deed.html", context)


@roles(*BUREAU_ROLES)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody who has not acted on the project."""
    one = _objection(request, pk)
    people = queries.who_may_investigate(one)
    form = AssignOfficerForm(request.POST or None, people=people, initial={"seen_version": one.version})
    return _deed(
        request, one, "assign", form, investigations.assign, "核查人已指派，通知已送达。", title="指派核查人",
        button="指派核查人", hint="核查人不能答复自己核查的异议；指派后由本人核查、提交结论，再由负责人答复。",
    )  # fmt: skip


@roles(*BUREAU_ROLES)
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for the answer, once."""
    one = _objection(request, pk)
    latest = add_working_days(one.due_on, one.entry.notice.call.objection_days)
    form = ProlongAnswerForm(request.POST or None, initial={"due_on": latest})
    return _deed(
        request, one, "prolong", form, investigations.prolong, "答复期限已延长。", title="延长答复期限",
        button="延长答复期限", hint="期限只能延长一次，异议人会看到新的期限和理由。",
    )  # fmt: skip


@roles(*BUREAU_ROLES)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note of the investigation."""
    form = NoteForm(request.POST or None)
    return _deed(
        request, _objection(request, pk), "report", form, investigations.write_note, "核查记录已保存。",
        title="写核查记录", button="保存核查记录", hint="核查记录只有市工信局和监督可见。",
    )  # fmt: skip


@roles(*BUREAU_ROLES)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the enterprise or the district to explain."""
    form = AskForm(request.POST or None)
    return _deed(
        request, _objection(request, pk), "report", form, investigations.ask_for_statement, "已请对方说明情况。",
        title="要求说明情况", button="发出要求", hint="对方只看到您写的问题，看不到异议、异议人和证据。",
    )  # fmt: skip


@roles(*BUREAU_ROLES)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was found."""
    one = _objection(request, pk)
    form = FindingForm(request.POST or None, initial={"seen_version": one.version})
    return _deed(
        request, one, "report", form, investigations.report, "核查结论已提交，由负责人答复。", title="提交核查结论",
        button="提交核查结论", hint="提交后由负责人答复；需要补充核查的，由负责人重新指派。",
    )  # fmt: skip
