"""The bank's answers to a batch: typed one by one, or imported from a workbook with a report row by row (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from core.files import file_response
from core.guards import roles
from core.models import BUREAU_ROLES
from disbursement.forms.money import ResultFileForm, ResultsForm
from disbursement.models import MONEY_READERS, PaymentBatch, ResultImport
from disbursement.queries import payments as queries
from disbursement.result_sheet import template_of
from disbursement.services import results
from disbursement.services.result_import import import_results
from disbursement.sheet_cells import TableRefused
from disbursement.states import PaymentState
from disbursement.views.deeds import attempt, typed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FAULTS = 300
MOST_TYPED = 100  # beyond so many a workbook is the way


@roles(*BUREAU_ROLES)
def batch_results(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank's answers, payment by payment; the same answers twice change nothing."""
    found, at = _found(request, pk), timezone.now()
    form = ResultsForm(typed(request), payments=_waiting(found)[:MOST_TYPED])
    if request.method == "POST" and form.is_valid():
        given = _results(form)
        key = f"{found.number} 逐笔登记 {at:%Y%m%d%H%M%S}"
        done = attempt(form, results.record_results, found, given, key=key, actor=request.user, at=at)
        if done:
            messages.success(request, f"已登记 {len(given)} 笔银行结果。")
            return redirect(found)
    return _page(request, found, form, ResultFileForm())


@roles(*BUREAU_ROLES)
@require_POST
def results_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Import a workbook of answers: whole, or not at all with what is wrong in each row."""
    found, at = _found(request, pk), timezone.now()
    form = ResultFileForm(request.POST, request.FILES)
    faults: Sequence[Any] = ()
    if form.is_valid():
        try:
            if _imported(request, found, form, at):
                return redirect(found)
        except TableRefused as refused:
            faults = refused.faults
            form.add_error("file", str(refused))
    return _page(request, found, ResultsForm(payments=_waiting(found)[:MOST_TYPED]), form, faults)


@roles(*BUREAU_ROLES)
@require_safe
def results_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook to fill in, with the payments that have no answer yet."""
    found = _found(request, pk)
    name = content_disposition_header(True, f"银行结果 {found.number}.xlsx")
    rows = _waiting(found).select_related("batch")
    return HttpResponse(template_of(rows), content_type=XLSX, headers={"Content-Disposition": name})


@roles(*MONEY_READERS)
@require_safe
def results_file(request: HttpRequest, pk: int, import_pk: int) -> HttpResponse:
    """A workbook as it was imported."""
    rows = ResultImport.objects.visible_to(request.user).filter(batch=pk).select_related("file")
    return file_response(get_object_or_404(rows, pk=import_pk).file)


def _found(request: HttpRequest, pk: int) -> PaymentBatch:
    return get_object_or_404(PaymentBatch.objects.visible_to(request.user), pk=pk)


def _waiting(found: PaymentBatch) -> Any:
    return queries.payments_for_page(found).filter(state=PaymentState.SENT)


def _imported(request: HttpRequest, found: PaymentBatch, form: ResultFileForm, at: datetime) -> bool:
    done = attempt(form, import_results, found, form.cleaned_data["file"], actor=request.user, at=at)
    if done is None:
        return False
    made = done.result
    words = f"已导入：到账 {made.paid} 笔，失败 {made.failed} 笔，退票 {made.returned} 笔"
    messages.success(request, words + (f"；{made.known} 笔以前登记过，没有变化。" if made.known else "。"))
    return True


def _results(form: ResultsForm) -> dict[int, results.Result]:
    given: dict[int, results.Result] = {}
    for payment in form.payments:
        outcome = form.cleaned_data[f"outcome-{payment.pk}"]
        if outcome == "paid":
            given[payment.pk] = results.Paid(form.cleaned_data[f"receipt-{payment.pk}"].strip())
        elif outcome == "failed":
            given[payment.pk] = results.Failed(form.cleaned_data[f"reason-{payment.pk}"].strip())
    return given


def _page(
    request: HttpRequest, found: PaymentBatch, form: ResultsForm, file_form: ResultFileForm, faults: Sequence[Any] = ()
) -> HttpResponse:
    context = {
        "batch": found, "form": form, "rows": form.rows(), "file_form": file_form, "faults": faults[:SHOWN_FAULTS],
        "fault_count": len(faults), "waiting": _waiting(found).count(), "most_typed": MOST_TYPED,
        "imports": found.result_imports.select_related("imported_by"),
    }  # fmt: skip
    return render(request, "disbursement/batch_results.html", context)
