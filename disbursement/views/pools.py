"""Pages of fund pools: what came, what is promised, what is paid, what is left (第二、三条)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.guards import roles
from core.listing import page_of
from core.models import FINANCE_ROLES
from core.people import has_role
from disbursement.forms.money import BringForm, PoolForm
from disbursement.models import MONEY_READERS, Pool
from disbursement.queries.pools import figures_of, pool_totals
from disbursement.services import pools as services
from disbursement.views.deeds import attempt, typed


@roles(*MONEY_READERS)
@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """All pools with their execution (预算、到位、承诺、已拨、结余)."""
    rows = Pool.objects.visible_to(request.user).select_related("district")
    page = page_of(request, rows)
    context = {
        "page_obj": page, "rows": figures_of(page.object_list), "totals": pool_totals(rows),
        "may_bring": has_role(request.user, *FINANCE_ROLES),
    }  # fmt: skip
    return render(request, "disbursement/pools.html", context)


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
    """One pool: its documents, and the form of the next one."""
    found = get_object_or_404(Pool.objects.visible_to(request.user).select_related("district"), pk=pk)
    may_bring, form = has_role(request.user, *FINANCE_ROLES), BringForm(typed(request))
    if request.method == "POST" and form.is_valid() and _brought(form, found, request.user):
        messages.success(request, "已登记。")
        return redirect("pool", pk=pk)
    context = {
        "pool": found, "figures": figures_of([found])[0], "form": form, "may_bring": may_bring,
        "page_obj": page_of(request, found.lines.select_related("ground")),
    }  # fmt: skip
    return render(request, "disbursement/pool.html", context)


def _brought(form: BringForm, found: Pool, user: Any) -> Any:
    said = dict(form.cleaned_data)
    service = services.bring_budget if said.pop("kind") == "budget" else services.receive_money
    amount = said.pop("amount")
    return attempt(form, service, found, amount, **said, actor=user, at=timezone.now())
