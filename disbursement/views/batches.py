"""Pages of payment batches: the bureau prepares, checks and pays; finance reviews and releases (第十二条)."""

from __future__ import annotations

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
from core.files import file_response
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from disbursement.agreement_text import PAYER
from disbursement.forms.money import InstalmentsForm, PasswordForm, ReasonForm, SeenForm
from disbursement.funds import by_pool
from disbursement.models import MONEY_READERS, Instalment, PaymentBatch
from disbursement.queries import payments as queries
from disbursement.queries.pools import figures_of, pool_figures
from disbursement.services import batches as services
from disbursement.states import PaymentState
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed
from disbursement.views.tables import batch_flow, batch_table

COLUMNS = {"prepared": "prepared_at", "number": "number", "total": "total", "state": "state"}
STEPS = {
    "check": Step("check", "check_batch", services.check_batch, SeenForm, "复核批次",
                  "您没有编制本批，可以复核。复核后送市财政局审核。", "已复核，送市财政局审核。"),
    "review": Step("review", "review_batch", services.review_batch, SeenForm, "审核批次",
                   "核对资金来源与到位情况，审核后由市财政局负责人放行。", "已审核，等待市财政局负责人放行。"),
    "release": Step("release", "release", services.release, PasswordForm, "放行",
                    "您没有参与本批的编制、复核与审核，可以放行。放行后由市工业和信息化局直接拨付企业。",
                    "已放行，由市工业和信息化局拨付。"),
    "send": Step("send", "send_to_bank", services.send_to_bank, SeenForm, "送银行并生成银行文件",
                 "送出前再核对一次暂停、失信名单和收款账户。送出后等待银行结果。", "已送银行，正在生成银行文件。"),
    "cancel": Step("cancel", "cancel_batch", services.cancel_batch, ReasonForm, "退回作废批次",
                   "作废后，其中的款项回到待拨付。", "批次已作废，款项回到待拨付。", "btn-danger"),
}  # fmt: skip


@roles(*MONEY_READERS)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first."""
    rows = queries.batches_with_totals(PaymentBatch.objects.visible_to(request.user))
    may_prepare = has_role(request.user, Role.BUREAU_OFFICER)
    context = {
        "page_obj": page_of(request, ordered(request, rows, COLUMNS, "-prepared")),
        "may_prepare": may_prepare,
        "payable": queries.payable_instalments(timezone.now()).count() if may_prepare else None,
    }
    return render(request, "disbursement/batches.html", context)


@roles(Role.BUREAU_OFFICER)
def batch_new(request: HttpRequest) -> HttpResponse:
    """Choose what to pay; what cannot be paid now stands below with the reason."""
    at = timezone.now()
    met = queries.with_money(queries.met_instalments(at).filter(award__project__in=_projects(request)))
    form = InstalmentsForm(typed(request), payable=queries.payable_instalments(at))
    if request.method == "POST" and form.is_valid():
        done = attempt(form, services.prepare_batch, form.cleaned_data["instalments"], actor=request.user, at=at)
        if done:
            messages.success(request, f"已编制拨付批次 {done.result.number}，送市工信局负责人复核。")
            return redirect(done.result)
    page = page_of(request, met.filter(queries.PAYABLE).order_by("award__project__number", "position"), per_page=100)
    blocked = met.exclude(queries.PAYABLE).order_by("award__project__number", "position")[:100]
    context = {
        "form": form, "page_obj": page, "chosen": set(request.POST.getlist("instalments")),
        "blocked": [(one, queries.kept_back_by(one)) for one in blocked], "pools": pool_figures(_year(at)),
    }  # fmt: skip
    return render(request, "disbursement/batch_new.html", context)


@roles(*MONEY_READERS)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: who had it, what is in it, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
@require_POST
def batch_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Check, review, release, send to the bank or cancel."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    found, at = _found(request, pk), timezone.now()
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
def take_out(request: HttpRequest, pk: int, instalment_pk: int) -> HttpResponse:
    """Take one instalment out of a batch, with the reason."""
    found, at = _found(request, pk), timezone.now()
    moves.require(found, "cancel_batch", request.user, at=at)
    rows = Instalment.objects.visible_to(request.user).filter(lines__payments__batch=found).distinct()
    instalment = get_object_or_404(rows.select_related("award__project"), pk=instalment_pk)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, services.take_out, found, instalment, reason, actor=request.user, at=at):
            messages.success(request, f"已把“{instalment.award.project.title}”移出本批，回到待拨付。")
            return redirect(found)
    return render(request, "disbursement/take_out.html", {"batch": found, "instalment": instalment, "form": form})


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
@require_safe
def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank file, with whole account numbers: only to those who pay and who released."""
    found = get_object_or_404(PaymentBatch.objects.visible_to(request.user), pk=pk, bank_file__isnull=False)
    return file_response(found.bank_file)


# --- parts ------------------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> PaymentBatch:
    rows = queries.batches_with_totals(PaymentBatch.objects.visible_to(request.user))
    people = ("checked_by", "reviewed_by", "released_by", "sent_by", "bank_file", "ground")
    return get_object_or_404(rows.select_related(*people), pk=pk)


def _projects(request: HttpRequest) -> Any:
    return Project.objects.visible_to(request.user)


def _year(at: datetime) -> int:
    return timezone.localtime(at).year


def _page(
    request: HttpRequest, found: PaymentBatch, *, at: datetime, bound: dict[str, SeenForm] | None = None
) -> HttpResponse:
    payments = list(queries.payments_for_page(found))
    shown = [payment for payment in payments if payment.state != PaymentState.CANCELLED] or payments
    table = batch_table(shown, queries.findings_of(found, at), request.user)
    live = [payment for payment in payments if payment.state in (PaymentState.PREPARED, PaymentState.SENT)]
    steps = open_steps(STEPS, found, request.user, at=at, bound=bound)
    may_take_out = any(one.step.slug == "cancel" for one in steps)
    context = {
        "batch": found, "heading": f"拨付批次 {found.number}", "table": table, "steps": steps, "payer": PAYER,
        "flow": batch_flow(found, request.user, at),
        "pools": figures_of(table.pools, this_batch=by_pool(live)), "taken_out": [p for p in payments if p not in shown],
        "may_take_out": may_take_out, "checks": "、".join(words for words in queries.CHECK_NAMES),
        "waits_for_bank": any(payment.state == PaymentState.SENT for payment in payments),
        "may_record": found.sent_at is not None and has_role(request.user, *BUREAU_ROLES),
        "may_download": found.bank_file_id and has_role(request.user, *BUREAU_ROLES, *FINANCE_ROLES),
        "forms": list((bound or {}).values()), "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/batch.html", context)
