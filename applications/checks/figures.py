"""Checks of figures and invoices as they were typed: sums, units, invoice format and arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError

from applications.checks.findings import Problem, by_hand, stop, warn
from applications.checks.sheet import Sheet
from applications.facts import amounts, keys
from core import codes
from core.money import ZERO, yuan

RATES = tuple(Decimal(rate) / 100 for rate in (13, 9, 6, 5, 3, 1, 0))
TOLERANCE = Decimal("0.06")  # a line may sum a few rounded invoice rows
TINY = Decimal(1_000)  # 元
LARGE = Decimal(100_000)  # 元
FOLD = 5_000  # funds so many times the lines: one of the two was typed in 万元
FORMS = re.compile(r"[0-9]{20}|[0-9]{18}|[0-9A-Z]{22}")  # 数电票 or 12 + 8, 10 + 8, 海关缴款书


def sums(sheet: Sheet) -> Iterator[Problem]:
    investment = sheet.totals.investment
    if sheet.lines and sheet.funds < investment:
        yield stop(f"资金来源合计 {yuan(sheet.funds)} 元，少于投资明细合计 {yuan(investment)} 元。")


def units(sheet: Sheet) -> Iterator[Problem]:
    if sheet.totals.looks_like_wan:
        yield warn(amounts.wan_hint(sheet.totals))
        return
    if max((line.amount for line in sheet.lines), default=ZERO) >= LARGE:
        for line in sheet.lines:
            if line.is_bought and ZERO < line.amount < TINY:
                yield warn(f"第 {line.position} 行只有 {yuan(line.amount)} 元，是否把万元填成了元？")
    if sheet.totals.investment and sheet.funds >= sheet.totals.investment * FOLD:
        yield warn("资金来源是投资明细的数千倍，是否有一处把万元填成了元？")


def invoice_format(sheet: Sheet) -> Iterator[Problem]:
    for line in sheet.lines:
        if line.invoice_number and not FORMS.fullmatch(line.invoice_key):
            yield warn(f"第 {line.position} 行的发票号码“{line.invoice_number}”位数不对。")
        elif _year_differs(line.invoice_key, line.invoiced_on.year if line.invoiced_on else None):
            yield warn(f"第 {line.position} 行的发票号码与开票日期不是同一年。")


def _year_differs(key: str, year: int | None) -> bool:
    """The first two digits of a 数电票 are its year; a 12-digit code of a paper invoice begins with 0 or 1."""
    return year is not None and len(key) == 20 and key[0] == "2" and 2000 + int(key[:2]) != year


def invoice_sums(sheet: Sheet) -> Iterator[Problem]:
    for line in sheet.lines:
        if line.tax and not any(abs(line.amount * rate - line.tax) <= TOLERANCE for rate in RATES):
            yield warn(f"第 {line.position} 行的税额 {yuan(line.tax)} 元不等于金额乘以任何一档税率。")


def seller(sheet: Sheet) -> Iterator[Problem]:
    for line in sheet.lines:
        if not line.supplier_uscc:
            continue
        try:
            code = codes.clean_uscc(line.supplier_uscc)
        except ValidationError as fault:
            yield warn(f"第 {line.position} 行的供应商代码有误：{fault.messages[0]}")
        else:
            if code == sheet.uscc:
                yield by_hand(f"第 {line.position} 行的供应商就是本单位。")


def typed_twice(sheet: Sheet) -> Iterator[Problem]:
    for words in keys.typed_twice(sheet.lines):
        yield stop(f"{words}。")
