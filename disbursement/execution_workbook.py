"""The execution view as Excel: the sums, and every posting behind them. Amounts in 元, exact."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from core.money import exact
from disbursement.models import MonthStatement, Pool, Posting
from disbursement.queries.budgeting import Outlook
from disbursement.queries.execution import WORDS_OF, Execution
from disbursement.queries.reconciliation import MONTH_ACCOUNTS, midnight, month_after

SUMS = ("资金池", "预算", "到位", "承诺", "拨付中", "已拨", "可安排", "结余")
POSTINGS = ("时间", "资金池", "账户", "项目编号", "摘要", "借方", "贷方", "依据", "文号", "经办")
MONEY = "#,##0.00"


def execution_workbook(rows: Sequence[Execution], total: Execution, pools: Sequence[Pool]) -> bytes:
    """The workbook of the rows of a view over these pools."""
    return book_of({"预算执行": _sums(rows, total), "台账": _postings(pools)})


def book_of(sheets: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    """A workbook of plain sheets; the first row of each is its head."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, value, is_head=not number) for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _sums(rows: Sequence[Execution], total: Execution) -> Iterator[Sequence[Any]]:
    yield SUMS
    for row in (*rows, total):
        yield row.label, row.budget, row.received, row.committed, row.in_payment, row.net, row.free, row.balance


def _postings(pools: Sequence[Pool], month: date | None = None) -> Iterator[Sequence[Any]]:
    """All postings of these pools, or those of one month."""
    yield POSTINGS
    rows = Posting.objects.filter(account__pool__in=pools).select_related(
        "entry__ground", "entry__actor", "account__project", "account__pool__district"
    )
    if month is not None:
        rows = rows.filter(entry__at__gte=midnight(month), entry__at__lt=midnight(month_after(month)))
    for one in rows.order_by("entry__at", "pk").iterator(chunk_size=2000):
        entry, account = one.entry, one.account
        yield (
            timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"), str(account.pool), account.get_kind_display(),
            account.project.number if account.project else "", entry.memo, one.amount if one.amount > 0 else None,
            -one.amount if one.amount < 0 else None, entry.ground.title, entry.ground.number,
            str(entry.actor) if entry.actor else "系统",
        )  # fmt: skip


def _cell(sheet: Any, value: Any, *, is_head: bool) -> Any:
    """Text stays text: a title that begins with = is no formula, control characters are left out."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.font = Font(bold=is_head)
    elif value is not None and not isinstance(value, int):
        cell.number_format = MONEY
    return cell


def month_workbook(made: MonthStatement) -> bytes:
    """A 月结单 as Excel: the accounts, and the postings of the month."""
    accounts = [("账户", "期初", "本月增加", "本月减少", "期末")]
    accounts += [
        (WORDS_OF[name], *(exact(figure[part]) for part in ("opening", "came", "went", "closing")))
        for name, figure in ((name, made.figures[name]) for name in MONTH_ACCOUNTS)
    ]
    accounts += [("银行已勾对净支出", "", "", "", made.bank_paid), ("未办结的差异（笔）", "", "", "", made.bank_open)]
    return book_of({"月结单": accounts, "本月台账": _postings([made.pool], made.month)})


def budgeting_workbook(found: Outlook) -> bytes:
    """预算编制 as Excel: a sheet for what is promised, for 待安排, for running calls."""
    owed = [("来源", "年度", "方向", "区县", "已承诺未拨", "其中拨付中", "其中中央尚未到位")]
    owed += [
        (row.pool.get_source_display(), row.pool.year, row.pool.direction, str(row.pool.district or ""), row.unpaid,
         row.in_payment, row.uncovered)
        for row in found.owed
    ]  # fmt: skip
    pending = [("申报年度", "待安排"), *found.pending.items()]
    running = [("申报通知", "项目数", "按政策测算", "中央可承担", "地方可承担", "待安排")]
    running += [(str(one.call), one.count, one.wanted, one.central, one.local, one.unfunded) for one in found.estimates]
    return book_of({"已承诺未拨": owed, "待安排": pending, "在办申报测算": running})
