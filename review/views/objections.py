"""Objections for the bureau and supervision alone: who objected is seen nowhere else."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core import moves
from core.calendar import today
from core.files import file_response
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from review import queries
from review.clocks import term_clock
from review.forms import AnswerForm
from review.services.objections import answer_objection
from review.states import ObjectionState
from review.views.attempts import attempt


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def queue(request: HttpRequest) -> HttpResponse:
    """All objections, those to be answered first, by their clock."""
    on = today(timezone.now())
    rows = queries.objections_visible_to(request.user)
    asked = request.GET.get("state")
    if asked in ObjectionState.values:
        rows = rows.filter(state=asked)
    page = page_of(request, rows.order_by("answered_at", "due_on", "pk"))
    for row in page.object_list:
        row.clock = term_clock(row.due_on, row.entry.notice.call.objection_days, on)
    tabs = [{"label": "全部", "url": "?", "current": asked not in ObjectionState.values}]
    tabs += [{"label": label, "url": f"?state={key}", "current": asked == key} for key, label in ObjectionState.choices]
    return render(request, "review/objections.html", {"page_obj": page, "on": on, "tabs": tabs})


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and its answer."""
    one = get_object_or_404(queries.objections_visible_to(request.user), pk=pk)
    at = timezone.now()
    form = AnswerForm(request.POST or None, initial={"seen_version": one.version})
    if request.method == "POST":
        moves.require(one, "dismiss", request.user, at=at)
        if form.is_valid() and attempt(form, answer_objection, one, **form.cleaned_data, actor=request.user, at=at):
            messages.success(request, "异议已答复，暂停已解除。")
            return redirect("objections")
    context = {
        "objection": one, "entry": one.entry, "form": form, "may_answer": moves.may(one, "dismiss", request.user, at=at),
        "clock": term_clock(one.due_on, one.entry.notice.call.objection_days, today(at)),
    }  # fmt: skip
    return render(request, "review/objection.html", context)


@roles(*BUREAU_ROLES, Role.SUPERVISOR)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence of an objection."""
    one = get_object_or_404(queries.objections_visible_to(request.user), pk=pk)
    if one.evidence is None:
        raise Http404("没有证据材料。")
    return file_response(one.evidence, as_attachment=False)
