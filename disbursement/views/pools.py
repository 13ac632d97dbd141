"""Pages of fund pools: how far the budget is executed, what came by which document, and the postings behind (第二、三、十二条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.files import store
from core.filetypes import PAPERS
from core.guards import roles
from core.listing import page_of
from core.models import FINANCE_ROLES
from core.people import has_role
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.pools import AmountFilter, EntryForm, ExecutionFilter, PoolForm
from disbursement.forms.reconciliation import MonthForm
from disbursement.models import MONEY_READERS, BudgetEntry, Pool
from disbursement.queries.execution import (
    WORDS_OF,
    Execution,
    balance_of,
    execution_of,
    pools_asked_for,
    postings_of,
)
from disbursement.queries.pools import figures_of
from disbursement.services import exports
from disbursement.services import pools as services
from disbursement.states import EntryState
from disbursement.views.deeds import OpenStep, Step, attempt, form_of, open_steps, take, typed

STEPS = {
    "confirm": Step("confirm", "confirm_entry", services.confirm_entry, SeenForm, "复核入账",
                    "您没有登记这一笔。核对文号、金额和日期后入账；入账后只能用追加或调减更正。", "已复核入账。"),
    "refuse": Step("refuse", "refuse_entry", services.refuse_entry, ReasonForm, "退回登记",
                   "登记有误时退回，不入账。", "已退回登记人。", "btn-secondary"),
}  # fmt: skip


@roles(*MONEY_READERS)
@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """The execution view: 预算、到位、承诺、已拨、结余 of pools, or of sources, years, directions, districts."""
    form = ExecutionFilter(request.GET)
    wanted = form.wanted()
    found = list(pools_asked_for(Pool.objects.visible_to(request.user), wanted))
    rows = execution_of(found, wanted.get("by", "pool"))
    page = page_of(request, rows)
    context = {
        "form": form, "page_obj": page, "rows": page.object_list, "total": Execution("合计", found),
        "may_bring": has_role(request.user, *FINANCE_ROLES),
        "waiting": BudgetEntry.objects.visible_to(request.user).filter(state=EntryState.ENTERED).count(),
    }  # fmt: skip
    return render(request, "disbursement/pools.html", context)


@roles(*MONEY_READERS)
@require_POST
def pools_export(request: HttpRequest) -> HttpResponse:
    """The execution view as Excel, by a job: what was filtered, with the postings behind it."""
    form = ExecutionFilter(request.POST)
    job = exports.export_execution(form.wanted(), actor=request.user, at=timezone.now())
    return redirect("job", pk=job.pk)


@roles(*FINANCE_ROLES)
def pool_new(request: HttpRequest) -> HttpResponse:
    """Open a pool."""
    at = timezone.now()
    form = PoolForm(typed(request), initial={"year": timezone.localtime(at).year})
    if request.method == "POST" and form.is_valid():
        done = attempt(form, services.open_pool, **form.cleaned_data, actor=request.user, at=at)
        if done:
            messages.success(request, f"已建立资金池“{done.result}”，请登记预算。")
            return redirect("pool", pk=done.result.pk)
    return render(request, "disbursement/pool_new.html", {"form": form})


@roles(*MONEY_READERS)
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """One pool: what waits for its second person, its documents, and the form of the next one."""
    found, at = _found(request, pk), timezone.now()
    form = EntryForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _entered(form, found, request.user, at):
        messages.success(request, "已登记，由市财政局另一人复核后入账。")
        return redirect("pool", pk=pk)
    return pool_page(request, found, at=at, form=form)


@roles(*FINANCE_ROLES)
@require_POST
def entry_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Confirm a budget entry, or refuse it."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    rows = BudgetEntry.objects.visible_to(request.user).select_related("pool__district", "entered_by")
    entry, at = get_object_or_404(rows, pk=pk), timezone.now()
    form = form_of(step, entry, request.user, request.POST)
    if form.is_valid() and take(step, entry, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect("pool", pk=entry.pool_id)
    return pool_page(request, _found(request, entry.pool_id), at=at, bound={entry.pk: {slug: form}})


@roles(*MONEY_READERS)
@require_safe
def pool_postings(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger of one pool, or what stands behind one of its figures; each posting with its paper."""
    found = _found(request, pk)
    figure = request.GET.get("figure", "")
    rows = postings_of(found, figure)
    context = {
        "pool": found, "form": AmountFilter(request.GET, words=WORDS_OF), "page_obj": page_of(request, rows),
        "balance": balance_of(rows), "figure": WORDS_OF.get(figure, ""),
    }  # fmt: skip
    return render(request, "disbursement/pool_postings.html", context)


# --- parts ------------------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> Pool:
    return get_object_or_404(Pool.objects.visible_to(request.user).select_related("district"), pk=pk)


def _entered(form: EntryForm, found: Pool, user: Any, at: datetime) -> Any:
    said = dict(form.cleaned_data)
    upload = said.pop("file")

    def deed() -> BudgetEntry:
        paper = store(upload, kind="budget", by=user, at=at, allowed=PAPERS) if upload else None
        return services.enter_budget(found, file=paper, **said, actor=user, at=at)

    return attempt(form, deed)


def _steps_of(found: Pool, user: Any, at: datetime, bound: Any) -> list[tuple[BudgetEntry, list[OpenStep]]]:
    waiting = found.entries.filter(state=EntryState.ENTERED).select_related("entered_by", "file")
    return [
        (entry, open_steps(STEPS, entry, user, at=at, bound=bound.get(entry.pk)))
        for entry in waiting.order_by("entered_at", "pk")
    ]


def pool_page(
    request: HttpRequest, found: Pool, *, at: datetime, form: EntryForm | None = None, month: MonthForm | None = None,
    bound: Any = None,
) -> HttpResponse:  # fmt: skip
    """The page of a pool; a form that comes back keeps what was typed."""
    context = {
        "pool": found, "figures": figures_of([found])[0], "one": Execution(str(found), [found]),
        "form": form or EntryForm(), "may_bring": has_role(request.user, *FINANCE_ROLES),
        "waiting": _steps_of(found, request.user, at, bound or {}),
        "forms": [one for each in (bound or {}).values() for one in each.values()] + ([month] if month else []),
        "page_obj": page_of(request, found.lines.select_related("ground", "entry__entered_by", "entry__confirmed_by")),
        "months": found.months.all()[:12], "month_form": month or MonthForm(),
        "spendings": found.spendings.select_related("entered_by")[:20],
    }  # fmt: skip
    return render(request, "disbursement/pool.html", context)
