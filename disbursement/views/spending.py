"""Pages of spending that is no project: 培训、宣传、评审费, booked against its pool by two persons (第五条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.audit import timeline_of
from core.files import store
from core.filetypes import PAPERS
from core.guards import roles
from core.listing import ordered, page_of
from core.models import Role
from core.people import has_role
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.pools import ReceiptForm, SpendingForm
from disbursement.models import MONEY_READERS, Pool, Source, Spending
from disbursement.services import spending as services
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed
from disbursement.views.tables import spending_flow

ENTER = (Role.BUREAU_OFFICER, Role.FINANCE_OFFICER)
ACT = (Role.BUREAU_OFFICER, Role.FINANCE_OFFICER, Role.FINANCE_LEAD)
COLUMNS = {"entered": "entered_at", "title": "title", "amount": "amount", "state": "state"}
STEPS = {
    "confirm": Step("confirm", "confirm_spending", services.confirm_spending, SeenForm, "复核列支",
                    "核对合同或审批件。复核后从资金池列支。", "已复核列支。"),
    "pay": Step("pay", "pay_spending", services.pay_spending, ReceiptForm, "登记支付",
                "银行付出后登记回单号。", "已登记支付。"),
    "return": Step("return", "return_spending", services.return_spending, ReasonForm, "登记退回",
                   "款项退回后，资金池可重新安排这笔钱。", "已登记退回。", "btn-secondary"),
    "cancel": Step("cancel", "cancel_spending", services.cancel_spending, ReasonForm, "撤销支出",
                   "没有支付的可以撤销。", "已撤销。", "btn-secondary"),
}  # fmt: skip


@roles(*MONEY_READERS)
@require_safe
def spendings(request: HttpRequest) -> HttpResponse:
    """All spending beside projects, newest first."""
    rows = Spending.objects.visible_to(request.user).select_related("pool__district", "entered_by")
    context = {
        "page_obj": page_of(request, ordered(request, rows, COLUMNS, "-entered")),
        "may_enter": has_role(request.user, *ENTER),
    }
    return render(request, "disbursement/spendings.html", context)


@roles(*ENTER)
def spending_new(request: HttpRequest) -> HttpResponse:
    """Enter a spending."""
    local = Pool.objects.visible_to(request.user).exclude(source=Source.CENTRAL).select_related("district")
    form = SpendingForm(typed(request), request.FILES or None, pools=local)
    if request.method == "POST" and form.is_valid() and (done := _entered(form, request.user, timezone.now())):
        messages.success(request, "已登记，由市财政局负责人复核后列支。")
        return redirect(done.result)
    return render(request, "disbursement/spending_new.html", {"form": form})


@roles(*MONEY_READERS)
@require_safe
def spending(request: HttpRequest, pk: int) -> HttpResponse:
    """One spending: who did what, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*ACT)
@require_POST
def spending_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Confirm, pay, return or cancel."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    found, at = _found(request, pk), timezone.now()
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


# --- parts ------------------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> Spending:
    rows = Spending.objects.visible_to(request.user)
    people = ("pool__district", "entered_by", "confirmed_by", "paid_by", "file")
    return get_object_or_404(rows.select_related(*people), pk=pk)


def _entered(form: SpendingForm, user: Any, at: datetime) -> Any:
    said = dict(form.cleaned_data)
    pool, upload = said.pop("pool"), said.pop("file")

    def deed() -> Spending:
        paper = store(upload, kind="spending", by=user, at=at, allowed=PAPERS) if upload else None
        return services.enter_spending(pool, file=paper, **said, actor=user, at=at)

    return attempt(form, deed)


def _page(request: HttpRequest, found: Spending, *, at: datetime, bound: Any = None) -> HttpResponse:
    context = {
        "spending": found, "flow": spending_flow(found, request.user, at),
        "steps": open_steps(STEPS, found, request.user, at=at, bound=bound),
        "forms": list((bound or {}).values()), "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/spending.html", context)
