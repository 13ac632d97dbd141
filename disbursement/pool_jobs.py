"""Long tasks of the pools: the execution view as Excel. Safe to repeat."""

from __future__ import annotations

from django.utils import timezone

from core import documents, files
from core.jobs import Running
from core.models import District, StoredFile
from disbursement.execution_workbook import budgeting_workbook, execution_workbook, month_workbook
from disbursement.models import MonthStatement, Pool, Proposal
from disbursement.queries.budgeting import outlook
from disbursement.queries.execution import WORDS_OF, Execution, execution_of, pools_asked_for
from disbursement.queries.reconciliation import MONTH_ACCOUNTS
from disbursement.request_paper import FINANCE, request_context, request_workbook


def write_execution(task: Running) -> StoredFile:
    """The execution view that was asked for, with the postings behind it."""
    wanted = dict(task.facts)
    if slug := wanted.get("district"):
        wanted["district"] = District.objects.get(slug=slug)
    pools = list(pools_asked_for(Pool.objects.visible_to(task.by), wanted))
    task.expect(1)
    content = execution_workbook(execution_of(pools, wanted.get("by", "pool")), Execution("合计", pools), pools)
    return _kept(task, content, "预算执行表.xlsx", "pool_execution")


def print_request(task: Running) -> StoredFile:
    """The 请示 of a proposal."""
    task.expect(1)
    proposal = Proposal.objects.select_related("call").get(pk=task.facts["proposal"])
    context = request_context(proposal, task.facts["number"])
    pdf = documents.render_pdf("documents/approval_request.html", context, at=proposal.agreed_at)
    return _kept(task, pdf, f"请示 {proposal.title}.pdf", "approval_request")


def write_request_list(task: Running) -> StoredFile:
    """The projects and amounts of a proposal."""
    task.expect(1)
    proposal = Proposal.objects.select_related("call").get(pk=task.facts["proposal"])
    return _kept(task, request_workbook(proposal), f"{proposal.title}.xlsx", "request_list")


def print_month(task: Running) -> StoredFile:
    """The 月结单 as a paper."""
    task.expect(1)
    made = MonthStatement.objects.select_related("pool__district").get(pk=task.facts["statement"])
    title = f"{made.month.year}年{made.month.month}月资金池月结单"
    rows = [(WORDS_OF[name], made.figures[name]) for name in MONTH_ACCOUNTS]
    context = {"statement": made, "title": title, "rows": rows, "issuer": FINANCE}
    pdf = documents.render_pdf("documents/month_statement.html", context, at=made.made_at)
    return _kept(task, pdf, f"月结单 {made}.pdf", "month_statement")


def write_month(task: Running) -> StoredFile:
    """The 月结单 as a workbook, with the month's postings."""
    task.expect(1)
    made = MonthStatement.objects.select_related("pool__district").get(pk=task.facts["statement"])
    return _kept(task, month_workbook(made), f"月结单 {made}.xlsx", "month_statement")


def _kept(task: Running, content: bytes, name: str, kind: str) -> StoredFile:
    stored = files.store_bytes(content, name=name, kind=kind, by=task.by, at=timezone.now())
    task.step()
    return stored


def write_budgeting(task: Running) -> StoredFile:
    """What next year's budget must bear."""
    task.expect(1)
    return _kept(task, budgeting_workbook(outlook(task.by)), "预算编制表.xlsx", "budgeting")
