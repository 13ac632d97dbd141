"""The page of one payment: its facts, the enterprise's receipt, the bank's return, its notice (第十二条)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import moves
from core.audit import timeline_of
from core.files import file_response
from core.guards import roles, signed_in
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES
from disbursement.agreement_text import PAYER
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.models import Payment
from disbursement.queries.payments import may_confirm
from disbursement.services import results
from disbursement.views.deeds import attempt
from disbursement.views.tables import account_shown


@signed_in
@require_safe
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment, to its enterprise and to those who run the money."""
    found = _found(request, pk)
    return _page(request, found, ReasonForm(), SeenForm())


@roles(*ENTERPRISE_ROLES)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise confirms the money is there."""
    found, form = _found(request, pk), SeenForm(request.POST)
    if form.is_valid() and attempt(form, results.confirm_receipt, found, actor=request.user, at=timezone.now()):
        messages.success(request, "已确认到账。请专账核算。")
        return redirect(found)
    return _page(request, found, ReasonForm(), form)


@roles(*BUREAU_ROLES)
@require_POST
def record_return(request: HttpRequest, pk: int) -> HttpResponse:
    """退票: the bank sent the money back."""
    found, form = _found(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, results.record_return, found, reason, actor=request.user, at=timezone.now()):
            messages.success(request, "已登记退票，款项回到待拨付。")
            return redirect(found)
    return _page(request, found, form, SeenForm())


@signed_in
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """拨付通知 as PDF."""
    found = _found(request, pk)
    if found.notice is None:
        messages.info(request, "拨付通知正在生成，请稍后再试。")
        return redirect(found)
    return file_response(found.notice, as_attachment=False)


def _found(request: HttpRequest, pk: int) -> Payment:
    rows = Payment.objects.visible_to(request.user).select_related(
        "project__enterprise", "pool__district", "batch", "line__instalment", "confirmed_by", "notice"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, found: Payment, form: ReasonForm, confirm_form: SeenForm) -> HttpResponse:
    context = {
        "payment": found, "account": account_shown(found.account_number, request.user), "payer": PAYER, "form": form,
        "may_return": moves.may(found, "return_payment", request.user, at=timezone.now()),
        "may_confirm": may_confirm(found, request.user), "confirm_form": confirm_form,
        "has_notice": found.paid_at is not None, "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/payment.html", context)
