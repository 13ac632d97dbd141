"""Pages of proposals (资金方案): the bureau drafts and checks, finance reviews and agrees (第九条三)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications.models import Call
from core.audit import timeline_of
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from disbursement.forms.approvals import RequestForm
from disbursement.forms.money import ItemForm, LineForm, ProjectsForm, ProposalForm, ReasonForm, SeenForm
from disbursement.models import MONEY_READERS, Pool, Proposal
from disbursement.queries import proposals as queries
from disbursement.queries import ranking
from disbursement.queries.pools import unplanned
from disbursement.services import proposals as services
from disbursement.states import ProposalState
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed
from disbursement.views.tables import proposal_flow, proposal_table

COLUMNS = {"drafted": "drafted_at", "title": "title", "total": "award_total", "state": "state"}
STEPS = {
    "check": Step("check", "check_proposal", services.check_proposal, SeenForm, "复核资金方案",
                  "您没有拟定本方案，可以复核。复核后送市财政局审核。", "已复核，送市财政局审核。"),
    "review": Step("review", "review_proposal", services.review_proposal, SeenForm, "审核资金方案",
                   "核对资金来源与余额。审核后由市财政局负责人商定。", "已审核，等待市财政局负责人商定。"),
    "agree": Step("agree", "agree", services.agree, SeenForm, "商定资金方案",
                  "商定后报市人民政府审定。", "两局已商定，等待市政府审定。"),
    "send-back": Step("send-back", "send_back_proposal", services.send_back_proposal, ReasonForm, "退回修改方案",
                      "退回市工信局拟定人，四个环节重新办理。", "已退回市工信局修改。", "btn-secondary"),
    "cancel": Step("cancel", "cancel_proposal", services.cancel_proposal, ReasonForm, "作废资金方案",
                   "作废后，其中的项目可列入另一个方案。", "资金方案已作废。", "btn-danger"),
}  # fmt: skip


@roles(*MONEY_READERS)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """All proposals, newest first."""
    rows = queries.proposals_with_totals(Proposal.objects.visible_to(request.user))
    context = {
        "page_obj": page_of(request, ordered(request, rows, COLUMNS, "-drafted")),
        "may_draft": has_role(request.user, Role.BUREAU_OFFICER),
        "waiting": queries.projects_ready_for_proposal().count(),
    }
    return render(request, "disbursement/proposals.html", context)


@roles(Role.BUREAU_OFFICER)
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Begin a proposal for the projects of one call."""
    form = ProposalForm(typed(request), calls=Call.objects.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        done = attempt(form, services.draft_proposal, said["call"], said["title"], actor=request.user, at=at)
        if done:
            return redirect("proposal-projects", pk=done.result.pk)
    return render(request, "disbursement/proposal_new.html", {"form": form})


@roles(*MONEY_READERS)
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its projects with their money, who did what, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(Role.BUREAU_OFFICER)
def proposal_projects(request: HttpRequest, pk: int) -> HttpResponse:
    """The ranking list with its line; those above it, or whoever is ticked, are taken into a draft."""
    found = _drafted_by(request, pk)
    ready = queries.projects_ready_for_proposal(found.call)
    form = ProjectsForm(typed(request), ready=ready)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["projects"]
        done = attempt(form, services.add_projects, found, chosen, actor=request.user, at=timezone.now())
        if done:
            messages.success(request, f"已列入 {len(done.result)} 个项目，资金来源按政策排好，可以再调整。")
            return redirect(found)
    line = LineForm(request.GET)
    rows = ranking.ranking(found.call)
    above = ranking.draw_line(rows, *line.line())
    ticked = {str(row.project.pk) for row in above} | set(request.POST.getlist("projects"))
    context = {
        "proposal": found, "form": form, "line": line, "page_obj": page_of(request, rows, per_page=200), "ticked": ticked,
        "share": ranking.share_of(above, found.call) if above else None,
    }  # fmt: skip
    return render(request, "disbursement/proposal_projects.html", context)


@roles(Role.BUREAU_OFFICER)
@require_POST
def proposal_amounts(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of a draft: amounts and sources of all its projects at once."""
    found, at = _drafted_by(request, pk), timezone.now()
    lines = _lines(found, request.POST)
    faulty = [line for line in lines if not line.is_valid()]  # every line says its errors
    if not faulty:
        changes = {n.item.pk: (n.cleaned_data["granted"], n.splits) for n in lines if n.has_changed()}
        try:
            services.set_items(found, changes, actor=request.user, at=at)
        except services.RefusedItem as refused:
            line = next(one for one in lines if one.item.pk == refused.item)
            line.add_error(refused.field if refused.field in line.fields else None, str(refused))
        else:
            messages.success(request, f"已保存 {len(changes)} 个项目的金额与来源。")
            return redirect(found)
    return _page(request, found, at=at, lines=lines)


@roles(*MONEY_READERS)
@require_safe
def proposal_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One project of a proposal: how its amount came about, step by step, and who pays it."""
    found = _found(request, pk)
    item = get_object_or_404(queries.items_for_page(found), pk=item_pk)
    context = {
        "proposal": found, "item": item, "steps": item.determination.result.get("steps", []),
        "splits": list(item.splits.all()), "may_edit": _may_edit(found, request.user),
    }  # fmt: skip
    return render(request, "disbursement/proposal_item.html", context)


@roles(Role.BUREAU_OFFICER)
@require_POST
def proposal_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Take a project out of a draft."""
    found = _drafted_by(request, pk)
    item = get_object_or_404(found.items.select_related("proposal", "project"), pk=item_pk)
    services.remove_item(item, actor=request.user, at=timezone.now())
    messages.success(request, f"已把“{item.project.title}”移出方案。")
    return redirect(found)


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
@require_POST
def proposal_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Check, review, agree, send back or cancel."""
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


def _found(request: HttpRequest, pk: int) -> Proposal:
    rows = queries.proposals_with_totals(Proposal.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("checked_by", "reviewed_by", "agreed_by", "approved_by"), pk=pk)


def _drafted_by(request: HttpRequest, pk: int) -> Proposal:
    return get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk, drafted_by=request.user)


def _may_edit(found: Proposal, user: Any) -> bool:
    """A draft is edited by its drafter alone, so that whoever checks it did not write it."""
    return found.state == ProposalState.DRAFTED and found.drafted_by_id == user.pk


def _pools(found: Proposal) -> list[Pool]:
    return list(Pool.objects.filter(year=found.call.year).select_related("district").order_by("pk"))


def _lines(found: Proposal, data: Any = None) -> list[ItemForm]:
    pools = _pools(found)
    return [ItemForm(data, item=item, pools=pools) for item in queries.items_for_page(found)]


def _page(
    request: HttpRequest,
    found: Proposal,
    *,
    at: datetime,
    lines: list[ItemForm] | None = None,
    bound: dict[str, SeenForm] | None = None,
) -> HttpResponse:
    pools, may_edit = _pools(found), _may_edit(found, request.user)
    items = list(queries.items_for_page(found))
    steps = open_steps(STEPS, found, request.user, at=at, bound=bound)
    context = {
        "proposal": found, "table": proposal_table(items, pools), "flow": proposal_flow(found, request.user, at),
        "may_edit": may_edit, "lines": lines or (_lines(found) if may_edit else []), "pools": pools,
        "request_form": RequestForm() if found.agreed_at else None,
        "left": [(pool, rest) for pool, rest in _left(pools)], "steps": steps,
        "forms": [*(lines or []), *(bound or {}).values()], "events": timeline_of(found)[:20],
        "stale": list(queries.items_out_of_date(found).select_related("project")) if steps else [],
    }  # fmt: skip
    return render(request, "disbursement/proposal.html", context)


def _left(pools: list[Pool]) -> list[tuple[Pool, Any]]:
    rest = unplanned(pools)
    return [(pool, rest[pool.pk]) for pool in pools]
