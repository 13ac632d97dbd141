"""Pages of reconciliation: bank statements, differences both ways, 月结单 of a pool."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.audit import timeline_of
from core.files import file_response, store
from core.filetypes import PAPERS
from core.guards import roles
from core.hands import has_a_hand_in
from core.listing import page_of
from core.models import FINANCE_ROLES, Job
from core.people import has_role
from core.sheets import workbook_of
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.reconciliation import ExplanationForm, MonthForm, StatementForm
from disbursement.models import (
    MONEY_READERS,
    BankLine,
    BankStatement,
    Explanation,
    MonthStatement,
    Pool,
)
from disbursement.models.reconciliation import THINGS
from disbursement.queries import differences
from disbursement.queries import reconciliation as queries
from disbursement.queries.execution import WORDS_OF
from disbursement.services import differences as services
from disbursement.services.reconciliation import KEEPERS, close_month, import_statement
from disbursement.sheet_cells import TableRefused
from disbursement.statement_sheet import LAYOUT
from disbursement.views.deeds import attempt, typed
from disbursement.views.pools import pool_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FAULTS = 300


@roles(*MONEY_READERS)
def statements(request: HttpRequest) -> HttpResponse:
    """Imported statements, the form of the next one, and every difference that stands open."""
    may_keep, faults = has_role(request.user, *KEEPERS), []
    form = StatementForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if done := _imported(request, form):
                return redirect(done)
        except TableRefused as refused:
            faults = refused.faults
            form.add_error("file", str(refused))
    pending = differences.Pending.now(request.user)
    context = {
        "form": form, "may_keep": may_keep, "faults": faults[:SHOWN_FAULTS], "fault_count": len(faults),
        "page_obj": page_of(request, queries.statements_with_counts(BankStatement.objects.visible_to(request.user))),
        "sides": [
            ("银行有、台账对不上", "没有对不上的银行流水", "导入对账单后，没有勾对的会列在这里。",
             differences.in_the_bank(request.user, pending)),
            ("台账有、银行没有", "没有银行未反映的收付", "对账单期间内已登记的收付都在银行流水里。",
             differences.in_the_ledger(request.user, pending)),
        ],
        "closed": differences.closed_differences(request.user)[:20],
    }  # fmt: skip
    return render(request, "disbursement/statements.html", context)


@roles(*KEEPERS)
@require_safe
def statement_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook of a bank statement."""
    name = "attachment; filename*=UTF-8''" + "%E9%93%B6%E8%A1%8C%E6%B5%81%E6%B0%B4.xlsx"  # 银行流水.xlsx
    return HttpResponse(workbook_of([], LAYOUT), content_type=XLSX, headers={"Content-Disposition": name})


@roles(*MONEY_READERS)
@require_safe
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement: each line and what it was matched to."""
    rows = queries.statements_with_counts(BankStatement.objects.visible_to(request.user))
    found = get_object_or_404(rows, pk=pk)
    context = {"statement": found, "page_obj": page_of(request, queries.lines_for_page(found), per_page=100)}
    return render(request, "disbursement/statement.html", context)


@roles(*KEEPERS)
def explain(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Record how one difference came about; another person closes it."""
    model = THINGS.get(kind.replace("-", "_"))
    if model is None:
        raise Http404
    thing = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    form = ExplanationForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _explained(form, thing, request.user):
        messages.success(request, "已记录差异说明，由另一人复核后办结。")
        return redirect("bank-statements")
    return render(
        request, "disbursement/explain.html", {"thing": thing, "about": _named(thing), "kind": kind, "form": form}
    )


@roles(*MONEY_READERS)
@require_safe
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """One explained difference: what it is about, why, on what paper, who closed it."""
    return _difference_page(request, _explanation(request, pk))


@roles(*KEEPERS)
@require_POST
def difference_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person found the explanation right."""
    found, form = _explanation(request, pk), SeenForm(request.POST)
    if form.is_valid() and attempt(form, services.close_difference, found, actor=request.user, at=timezone.now()):
        messages.success(request, "差异已复核办结。")
        return redirect("bank-statements")
    return _difference_page(request, found, close=form)


@roles(*KEEPERS)
@require_POST
def difference_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person found that the explanation does not hold."""
    found, form = _explanation(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, services.refuse_explanation, found, reason, actor=request.user, at=timezone.now()):
            messages.success(request, "说明已退回，差异仍待说明。")
            return redirect("bank-statements")
    return _difference_page(request, found, refuse=form)


@roles(*MONEY_READERS)
@require_safe
def difference_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of an explanation."""
    found = get_object_or_404(Explanation.objects.visible_to(request.user), pk=pk, file__isnull=False)
    return file_response(found.file, as_attachment=True)


@roles(*FINANCE_ROLES)
@require_POST
def month_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up a pool's 月结单."""
    pool = get_object_or_404(Pool.objects.visible_to(request.user).select_related("district"), pk=pk)
    form, at = MonthForm(request.POST), timezone.now()
    if form.is_valid():
        done = attempt(form, close_month, pool, form.cleaned_data["month"], actor=request.user, at=at)
        if done:
            messages.success(request, "已编制月结单，PDF 和 Excel 正在生成。")
            return redirect(done.result)
    return pool_page(request, pool, at=at, month=form)


@roles(*MONEY_READERS)
@require_safe
def month_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One 月结单: its figures, the bank beside them, and its papers."""
    rows = MonthStatement.objects.visible_to(request.user).select_related("pool__district", "made_by")
    found = get_object_or_404(rows, pk=pk)
    papers = (
        Job.objects.filter(kind__in=["month.pdf", "month.excel"], key=str(found.pk))
        .select_related("result_file")
        .order_by("-kind")
    )
    context = {
        "statement": found, "rows": [(WORDS_OF[name], found.figures[name]) for name in queries.MONTH_ACCOUNTS],
        "papers": papers,
    }  # fmt: skip
    return render(request, "disbursement/month_statement.html", context)


@roles(*MONEY_READERS)
@require_safe
def month_file(request: HttpRequest, pk: int, form: str) -> Any:
    """The PDF or the workbook of a 月结单, once its job made it."""
    found = get_object_or_404(MonthStatement.objects.visible_to(request.user), pk=pk)
    job = get_object_or_404(Job, kind=f"month.{form}", key=str(found.pk), result_file__isnull=False)
    return file_response(job.result_file)


def _explanation(request: HttpRequest, pk: int) -> Explanation:
    rows = Explanation.objects.visible_to(request.user)
    people = ("explained_by", "verdict__by", "verdict__ground", "file", "line", "payment__project", "spending")
    return get_object_or_404(rows.select_related(*people), pk=pk)


def _difference_page(
    request: HttpRequest, found: Explanation, close: SeenForm | None = None, refuse: ReasonForm | None = None
) -> HttpResponse:
    may_act = has_role(request.user, *KEEPERS) and not hasattr(found, "verdict")
    context = {
        "explanation": found, "thing": found.thing, "about": _named(found.thing),
        "close": close or SeenForm(), "refuse": refuse or ReasonForm(),
        "bound": close or refuse, "may_act": may_act, "is_mine": has_a_hand_in(found, {found.explained_by_id}, request.user),
        "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/difference.html", context, status=422 if close or refuse else 200)


def _named(thing: Any) -> Any:
    """What a page calls a thing: a bank line has no name of its own."""
    return (thing.counterparty or thing.memo or "银行流水") if isinstance(thing, BankLine) else thing


def _explained(form: ExplanationForm, thing: Any, user: Any) -> Any:
    said, at = dict(form.cleaned_data), timezone.now()
    upload = said.pop("file")

    def deed() -> Explanation:
        paper = store(upload, kind="difference", by=user, at=at, allowed=PAPERS) if upload else None
        return services.explain(thing, said.pop("words"), **said, file=paper, actor=user, at=at)

    return attempt(form, deed)


def _imported(request: HttpRequest, form: StatementForm) -> Any:
    said = form.cleaned_data
    done = attempt(form, import_statement, said["file"], name=said["name"], actor=request.user, at=timezone.now())
    if done is None:
        return None
    made, fresh, known = done.result
    messages.success(request, f"已导入 {fresh} 行" + (f"，另有 {known} 行以前导入过" if known else "") + "。")
    return made
