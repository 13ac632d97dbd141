"""Pages of settlement, recovery, termination and disqualification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Project
from core import moves
from core.files import FileRefused, store
from core.guards import roles, signed_in
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES
from disbursement.forms.closing import PAPERS, DecisionForm, DemandForm, ReceiptForm, ReferForm
from disbursement.models import Recovery, Settlement
from disbursement.queries import closing as queries
from disbursement.services import ending, recoveries, settlements
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
    recoveries.demand(found, number=form.cleaned_data["number"], actor=request.user, at=timezone.now())
    messages.success(request, "追回通知已发出。")
    return redirect(found)


@roles(*BUREAU_ROLES)
@require_POST
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an overdue recovery on."""
    found, form = _recovery(request, pk), ReferForm(request.POST)
    if not form.is_valid():
        return _recovery_page(request, found, refer=form)
    recoveries.refer(found, **form.cleaned_data, actor=request.user, at=timezone.now())
    messages.success(request, "已记录移送。")
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


def _recovery_page(request: HttpRequest, found: Recovery, **bound: Any) -> HttpResponse:
    open_now = {move.name for move in moves.open_moves(found, request.user, at=timezone.now())}
    shown = {name: bound.get(name) or form() for name, form in RECOVERY_FORMS.items() if name in open_now}
    if "complete_recovery" in open_now:
        shown["receipt"] = bound.get("receipt") or ReceiptForm()
    context = {
        "recovery": found,
        "project": found.project,
        "lines": found.lines.select_related("pool__district"),
        "receipts": found.receipts.all(),
        "forms": shown,
        "bound": next(iter(bound.values()), None),
    }
    return render(request, "disbursement/recovery.html", context, status=422 if bound else 200)


# --- the ways out ---------------------------------------------------------------------------------------------------


@roles(*BUREAU_ROLES)
def terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """终止 by decision."""
    return _end(request, pk, "terminate", ending.terminate)


@roles(*BUREAU_ROLES)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """取消资格 for false materials (第十三条)."""
    return _end(request, pk, "revoke", ending.revoke)


def _end(request: HttpRequest, pk: int, name: str, service: Callable[..., Project]) -> HttpResponse:
    """A page that shows what will happen, then does it once."""
    project = _project(request, pk)
    form = DecisionForm(request.POST or None, request.FILES or None, initial={"version": project.version})
    if request.method == "POST" and form.is_valid() and (file := _paper(request, form)) is not False:
        typed = form.cleaned_data
        service(
            project, reason=typed["reason"], number=typed["number"], actor=request.user, at=timezone.now(),
            file=file, seen_version=typed["version"],
        )  # fmt: skip
        messages.success(request, "决定已记录，企业和区县已收到通知。")
        return redirect(project)
    moves.require(project, name, request.user, at=timezone.now())
    context = {"project": project, "form": form, "award": queries.award_with_lines(project)}
    return render(request, f"disbursement/{name}.html", context, status=422 if form.is_bound else 200)


def _paper(request: HttpRequest, form: DecisionForm) -> Any:
    upload = form.cleaned_data.get("file")
    if not upload:
        return None
    try:
        return store(upload, kind="decision", by=request.user, at=timezone.now(), allowed=PAPERS)
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return False


def _project(request: HttpRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).select_related("enterprise", "district", "call")
    return get_object_or_404(rows, pk=pk)


def _recovery(request: HttpRequest, pk: int) -> Recovery:
    return get_object_or_404(queries.recoveries_visible_to(request.user), pk=pk)
