"""Pages of settlement and of recovery (第十二至十四条)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core import moves
from core.audit import timeline_of
from core.calendar import Clock, clock
from core.files import file_response
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, StoredFile
from disbursement.forms.closing import DemandForm, ReceiptForm, ReferForm
from disbursement.models import Hearing, HearingKind, Recovery, Settlement
from disbursement.queries import closing as queries
from disbursement.queries.hearings import open_hearings
from disbursement.services import recoveries, settlements
from disbursement.services.recoveries import ReceiptRefused
from disbursement.services.settlements import SettlementRefused

RECOVERY_FORMS = {"demand": DemandForm, "refer": ReferForm}


# --- settlement -----------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """终核清算 of a project: the formula's steps, the statement, what is still open."""
    return _settlement_page(request, _project(request, pk))


@roles(*BUREAU_ROLES)
@require_POST
def settlement_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Prepare, confirm or discard the statement, or close the project."""
    project = _project(request, pk)
    actor, at = request.user, timezone.now()
    made = Settlement.objects.filter(project=project).first()
    steps: dict[str, Callable[[], Any]] = {
        "prepare": lambda: settlements.prepare_settlement(project, actor=actor, at=at),
        "close": lambda: settlements.close(project, actor=actor, at=at),
    }
    if made:
        steps["confirm"] = lambda: settlements.confirm_settlement(made, actor=actor, at=at)
        steps["discard"] = lambda: settlements.discard_settlement(made, actor=actor, at=at)
    try:
        steps.get(step, steps["prepare"])()
    except SettlementRefused as refused:
        return _settlement_page(request, project, refused=str(refused))
    return redirect("settlement", pk=pk)


def _settlement_page(request: HttpRequest, project: Project, refused: str = "") -> HttpResponse:
    made = Settlement.objects.filter(project=project).select_related("made_by", "confirmed_by", "ground").first()
    award = queries.award_with_lines(project)
    context = {
        "project": project,
        "settlement": made,
        "award": award,
        "steps": made.result.get("steps", []) if made else [],
        "instalments": queries.instalments_of(project),
        "recoveries": project.recoveries.all(),
        "hearing": open_hearings(request.user).filter(project=project, kind=HearingKind.SETTLE).first(),
        "works_here": {*BUREAU_ROLES} & {str(role) for role in request.user.groups.values_list("name", flat=True)},
        "may_close": moves.may(project, "close", request.user, at=timezone.now()),
        "refused": refused,
    }
    return render(request, "disbursement/settlement.html", context, status=409 if refused else 200)


# --- recovery -------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def recoveries_list(request: HttpRequest) -> HttpResponse:
    """追回 this person works on, answers, or supervises."""
    rows = ordered(request, queries.recoveries_visible_to(request.user), queries.RECOVERY_COLUMNS, "-raised")
    return render(request, "disbursement/recoveries.html", {"page_obj": page_of(request, rows)})


@signed_in
@require_safe
def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """One recovery: why, how much, from which pools, what has come back."""
    return _recovery_page(request, _recovery(request, pk))


@roles(*BUREAU_ROLES)
@require_POST
def demand(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the notice."""
    found, form = _recovery(request, pk), DemandForm(request.POST)
    if not form.is_valid():
        return _recovery_page(request, found, demand=form)
    recoveries.demand(found, **form.cleaned_data, actor=request.user, at=timezone.now())
    messages.success(request, "追回通知已发出，通知文件正在生成。")
    return redirect(found)


@roles(*BUREAU_ROLES)
@require_POST
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an overdue recovery on."""
    found, form = _recovery(request, pk), ReferForm(request.POST)
    if not form.is_valid():
        return _recovery_page(request, found, refer=form)
    recoveries.refer(found, **form.cleaned_data, actor=request.user, at=timezone.now())
    messages.success(request, "已记录移送，移送函正在生成。")
    return redirect(found)


@roles(*FINANCE_ROLES)
@require_POST
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Book money that came back."""
    found, form = _recovery(request, pk), ReceiptForm(request.POST)
    if form.is_valid():
        try:
            recoveries.record_receipt(found, **form.cleaned_data, actor=request.user, at=timezone.now())
        except ReceiptRefused as refused:
            form.add_error("amount", str(refused))
        else:
            messages.success(request, "到账已登记，资金已退回来源。")
            return redirect(found)
    return _recovery_page(request, found, receipt=form)


@signed_in
@require_safe
def notice_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """追回通知 as PDF."""
    found = _recovery(request, pk)
    return _paper(request, found, found.notice, "追回通知")


@signed_in
@require_safe
def referral_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """移送函 as PDF."""
    found = _recovery(request, pk)
    if found.referral_id is None:
        raise Http404
    return _paper(request, found, found.referral_paper, "移送函")


def _paper(request: HttpRequest, found: Recovery, paper: StoredFile | None, name: str) -> HttpResponse:
    if paper is None:
        messages.info(request, f"{name}正在生成，请稍后再试。")
        return redirect(found)
    return file_response(paper, as_attachment=False)


def _recovery_page(request: HttpRequest, found: Recovery, **bound: Any) -> HttpResponse:
    at = timezone.now()
    open_now = {move.name: move for move in moves.open_moves(found, request.user, at=at)}
    shown = {
        name: bound.get(name) or form()
        for name, form in RECOVERY_FORMS.items()
        if name in open_now and not open_now[name].blocked_by
    }
    if "complete_recovery" in open_now:
        shown["receipt"] = bound.get("receipt") or ReceiptForm()
    context = {
        "recovery": found,
        "project": found.project,
        "lines": found.lines.select_related("pool__district"),
        "receipts": found.receipts.select_related("recorded_by"),
        "hearing": Hearing.objects.visible_to(request.user).filter(decision=found.ground_id).first(),
        "clock": _clock(found, at),
        "events": timeline_of(found)[:20],
        "forms": shown,
        "bound": next(iter(bound.values()), None),
    }
    return render(request, "disbursement/recovery.html", context, status=422 if bound else 200)


# --- parts ------------------------------------------------------------------------------------------------------------


def _clock(found: Recovery, at: datetime) -> Clock | None:
    """The term of the notice, while money is outstanding."""
    if found.due_on is None or found.completed_at:
        return None
    return clock(timezone.localdate(found.demanded_at), found.due_on, on=timezone.localdate(at))


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related("enterprise", "district", "call")
    return get_object_or_404(rows, pk=pk)


def _recovery(request: HttpRequest, pk: int) -> Recovery:
    return get_object_or_404(queries.recoveries_visible_to(request.user), pk=pk)
