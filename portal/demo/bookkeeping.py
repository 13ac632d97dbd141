"""Beside the projects' own way: 一事一议, money found later, a sheet of earlier projects, a bank statement that differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.sheets import Layout, workbook_of
from disbursement.models import BankLine, BudgetLineKind, Payment, Pool, Source
from disbursement.queries.supplements import pending_awards
from disbursement.services import differences, pools, reconciliation, special, supplements, take_over
from disbursement.statement_sheet import LAYOUT as STATEMENT
from disbursement.states import PaymentState
from disbursement.take_over_sheet import LAYOUT as TAKE_OVER
from portal.demo.journey import Cast, Journey

DECIDED, ENTERED = "E033", "E034"  # 一事一议: confirmed by two, entered by one
FOUND_LATER = Decimal(2_000_000)
FEE = Decimal("88.00")


def load(journeys: list[Journey], cast: Cast) -> None:
    """All of it, after the projects stand where they stand."""
    _special_decisions({one.row.key: one for one in journeys}, cast)
    _supplement(cast)
    _earlier_project(journeys, cast)
    _statement(cast)


def _special_decisions(by_key: dict[str, Journey], cast: Cast) -> None:
    for number, (key, amount) in enumerate(((DECIDED, 20_000_000), (ENTERED, 6_000_000)), start=1):
        at = cast.days.ago(6, hour=9)
        made = special.enter_decision(
            by_key[key].project, amount=Decimal(amount), number=f"示例政专议〔{at.year}〕{number}号", on=at.date(),
            actor=cast.officer, at=at,
        )  # fmt: skip
        if key == DECIDED:
            special.confirm_decision(made, actor=cast.lead, at=cast.days.ago(6, hour=14))


def _supplement(cast: Cast) -> None:
    """The city adds to its budget; what an approval left 待安排 is drafted, checked, and waits for 市财政局."""
    award = pending_awards().filter(project__state="disbursement").order_by("pk").first()
    if award is None:
        return
    at, city = cast.days.ago(5, hour=9), Pool.objects.get(source=Source.CITY)
    entry = pools.enter_budget(
        city, BudgetLineKind.BUDGET, FOUND_LATER, document_number=f"示例财指〔{at.year}〕追加1号", on=at.date(),
        actor=cast.users["finance"], at=at,
    )  # fmt: skip
    pools.confirm_entry(entry, actor=cast.users["finance-lead"], at=at)
    part = min(award.pending, FOUND_LATER)
    made = supplements.draft_supplement(
        award.approval, f"{award.approval.number} 待安排资金补充安排", {award.pk: {city.pk: part}}, actor=cast.officer,
        at=cast.days.ago(4, hour=9),
    )  # fmt: skip
    supplements.check_supplement(made, actor=cast.lead, at=cast.days.ago(3, hour=10))


def _earlier_project(journeys: list[Journey], cast: Cast) -> None:
    """A project of two years ago, as its sheet was imported; the bureau's lead has still to check it."""
    at = cast.days.ago(2, hour=15)
    before = at.year - 2
    owner = journeys[0].project.enterprise
    said = {
        "统一社会信用代码": owner.uscc, "项目名称": f"数控车间改造（{before}年立项）", "申报年度": before, "类别": "点", "行业代码": "3421",
        "链主": "否", "投资总额": 20_000_000, "土地厂房": 0, "公示结束日期": f"{before}-08-01",
        "批复文号": f"示例政〔{before}〕7号", "批复日期": f"{before}-09-01", "任务书编号": f"示例任务书〔{before}〕1号",
        "签署日期": f"{before}-09-20", "环节": "分批拨付", "核定支持": 600_000, "中央资金年度": at.year, "中央核定": 600_000,
        "中央已拨": 300_000,
    }  # fmt: skip
    sheet = _workbook(TAKE_OVER, [said])
    take_over.import_sheet(sheet, f"{before}年立项在建项目", actor=cast.officer, at=at)


def _statement(cast: Cast) -> None:
    """The payments but the last, and a fee nobody booked: differences both ways, one of them explained by one person."""
    at = cast.days.ago(1, hour=9)
    paid = list(Payment.objects.filter(state=PaymentState.PAID).select_related("account").order_by("paid_at", "pk"))
    rows = [_movement(one) for one in paid[:-1]]
    fee = {
        "交易日期": timezone.localdate(paid[-1].paid_at).isoformat(),
        "收支": "支出",
        "金额": FEE,
        "回单号": "示例手续费001",
        "摘要": "转账手续费",
    }
    rows.append(fee)
    reconciliation.import_statement(_workbook(STATEMENT, rows), name="市工信局技改专户", actor=cast.officer, at=at)
    differences.explain(
        BankLine.objects.get(amount=FEE), "银行转账手续费，由办公经费承担，已请银行冲回。", document_number="示例手续费001",
        actor=cast.officer, at=cast.days.ago(1, hour=11),
    )  # fmt: skip


def _movement(one: Payment) -> dict[str, Any]:
    return {
        "交易日期": timezone.localdate(one.paid_at).isoformat(), "收支": "支出", "金额": one.amount, "回单号": one.receipt_number,
        "对方户名": one.account_holder, "对方账号": f"****{one.account.number_tail}", "摘要": "技改补助",
    }  # fmt: skip


def _workbook(layout: Layout, rows: list[dict[str, Any]]) -> SimpleUploadedFile:
    """Rows, by heading, as a person would upload them."""
    names = {column.heading: column.field for column in layout.columns}
    named = [{names[heading]: value for heading, value in row.items()} for row in rows]
    return SimpleUploadedFile("示例.xlsx", workbook_of(named, layout))
