"""The bank's answers to a batch: typed one by one, or imported from a workbook with a report row by row (第十二条)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.files import file_response
from core.guards import roles
from core.models import BUREAU_ROLES
from disbursement.forms.money import ResultFileForm, ResultsForm
from disbursement.models import MONEY_READERS, PaymentBatch, ResultImport
from disbursement.queries import payments as queries
from disbursement.services import result_import as services
from disbursement.services import results
from disbursement.states import PaymentState
from disbursement.views.deeds import attempt, typed

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
    """Ask for the import of a workbook of answers: whole, or not at all with what is wrong in each row."""
    found, at = _found(request, pk), timezone.now()
    form = ResultFileForm(request.POST, request.FILES)
    if form.is_valid():
        asked = attempt(form, services.ask_import, found, form.cleaned_data["file"], actor=request.user, at=at)
        if asked:
            return redirect("job", pk=asked.result.pk)
    return _page(request, found, ResultsForm(payments=_waiting(found)[:MOST_TYPED]), form)


@roles(*BUREAU_ROLES)
@require_POST
def results_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the workbook to fill in, with the payments that have no answer yet."""
    job = services.ask_template(_found(request, pk), actor=request.user, at=timezone.now())
    return redirect("job", pk=job.pk)


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


def _results(form: ResultsForm) -> dict[int, results.Result]:
    given: dict[int, results.Result] = {}
    for payment in form.payments:
        outcome = form.cleaned_data[f"outcome-{payment.pk}"]
        if outcome == "paid":
            given[payment.pk] = results.Paid(form.cleaned_data[f"receipt-{payment.pk}"].strip())
        elif outcome == "failed":
            given[payment.pk] = results.Failed(form.cleaned_data[f"reason-{payment.pk}"].strip())
    return given


def _page(request: HttpRequest, found: PaymentBatch, form: ResultsForm, file_form: ResultFileForm) -> HttpResponse:
    """What was refused last is told row by row, until another file is imported."""
    imports = list(found.result_imports.select_related("imported_by"))
    context = {
        "batch": found, "form": form, "rows": form.rows(), "file_form": file_form,
        "faults": imports[0].faults if imports else [], "fault_count": imports[0].fault_count if imports else 0,
        "waiting": _waiting(found).count(), "most_typed": MOST_TYPED, "imports": imports,
    }  # fmt: skip
    return render(request, "disbursement/batch_results.html", context)
