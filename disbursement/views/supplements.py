"""Pages of 补充安排: money found later for what an approval left 待安排 (第七条一)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.audit import timeline_of
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.supplements import SupplementForm
from disbursement.models import MONEY_READERS, Approval, Pool, Supplement
from disbursement.queries import supplements as queries
from disbursement.queries.pools import unplanned
from disbursement.services import supplements as services
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed
from disbursement.views.tables import supplement_flow

COLUMNS = {"drafted": "drafted_at", "title": "title", "total": "total", "state": "state"}
STEPS = {
    "check": Step("check", "check_supplement", services.check_supplement, SeenForm, "复核补充安排",
                  "您没有拟定这份补充安排，可以复核。复核后送市财政局审核。", "已复核，送市财政局审核。"),
    "review": Step("review", "review_supplement", services.review_supplement, SeenForm, "审核补充安排",
                   "核对资金来源与余额。审核后由市财政局负责人商定。", "已审核，等待市财政局负责人商定。"),
    "agree": Step("agree", "agree_supplement", services.agree_supplement, SeenForm, "商定补充安排",
                  "商定后资金池即承诺，各项目按任务书分批拨付；核定支持不变。", "已商定，资金已落实到项目。"),
    "cancel": Step("cancel", "cancel_supplement", services.cancel_supplement, ReasonForm, "作废补充安排",
                   "作废后，所列资金可另行安排。", "补充安排已作废。", "btn-secondary"),
}  # fmt: skip


@roles(*MONEY_READERS)
@require_safe
def supplements(request: HttpRequest) -> HttpResponse:
    """All later allocations, and the approvals that still leave something 待安排."""
    rows = queries.supplements_with_totals(Supplement.objects.visible_to(request.user))
    seen = Approval.objects.visible_to(request.user).select_related("proposal")
    context = {
        "page_obj": page_of(request, ordered(request, rows, COLUMNS, "-drafted")),
        "waiting": queries.approvals_with_pending(seen)[:20],
        "may_draft": has_role(request.user, Role.BUREAU_OFFICER),
    }
    return render(request, "disbursement/supplements.html", context)


@roles(Role.BUREAU_OFFICER)
def supplement_new(request: HttpRequest, approval_pk: int) -> HttpResponse:
    """Draft one for the awards of an approval."""
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=approval_pk)
    awards = list(queries.arrangeable_awards(approval).select_related("project__enterprise", "project__district"))
    pools = list(_pools(request))
    left = unplanned(pools)
    pools = [pool for pool in pools if left[pool.pk]]
    initial = {"title": f"{approval.number} 待安排资金补充安排"}
    form = SupplementForm(typed(request), awards=awards, pools=pools, initial=initial)
    if request.method == "POST" and form.is_valid() and (done := _drafted(form, approval, request.user)):
        messages.success(request, "已拟定，送本局负责人复核。")
        return redirect(done.result)
    context = {
        "approval": approval, "form": form, "rows": form.rows(), "pools": pools,
        "not_yet": queries.not_yet_arrangeable(approval),
        "left": [(pool, left[pool.pk]) for pool in pools],
    }  # fmt: skip
    return render(request, "disbursement/supplement_new.html", context)


@roles(*MONEY_READERS)
@require_safe
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """One later allocation: who gets what from which pool, who did what, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
@require_POST
def supplement_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Check, review, agree or cancel."""
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


def _pools(request: HttpRequest) -> Any:
    return Pool.objects.visible_to(request.user).select_related("district").order_by("-year", "source", "pk")


def _drafted(form: SupplementForm, approval: Approval, user: Any) -> Any:
    said = form.cleaned_data["title"]
    return attempt(form, services.draft_supplement, approval, said, form.parts, actor=user, at=timezone.now())


def _found(request: HttpRequest, pk: int) -> Supplement:
    rows = queries.supplements_with_totals(Supplement.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("approval", "checked_by", "reviewed_by", "agreed_by"), pk=pk)


def _page(request: HttpRequest, found: Supplement, *, at: datetime, bound: Any = None) -> HttpResponse:
    context = {
        "supplement": found, "items": list(queries.items_for_page(found)),
        "flow": supplement_flow(found, request.user, at),
        "steps": open_steps(STEPS, found, request.user, at=at, bound=bound),
        "forms": list((bound or {}).values()), "events": timeline_of(found)[:20],
    }  # fmt: skip
    return render(request, "disbursement/supplement.html", context)
