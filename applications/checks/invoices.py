"""Checks of the 数电票 that were uploaded as XML: bought by the applicant, and no line claims more than its invoice says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from applications.checks.findings import Problem, stop, warn
from applications.checks.sheet import Line, Sheet
from core.codes import half_width
from core.money import ZERO, yuan

CENT = Decimal("0.01")


def buyer(sheet: Sheet) -> Iterator[Problem]:
    for invoice in sheet.invoices:
        code = half_width(invoice.buyer_uscc).upper()
        if code and code != sheet.uscc:
            yield stop(f"发票 {invoice.number} 的购买方代码不是本单位。")
        elif not code and half_width(invoice.buyer_name) != half_width(sheet.project.enterprise.name):
            yield warn(f"发票 {invoice.number} 没有购买方代码，购买方名称与本单位不一致。")


def invoice_file(sheet: Sheet) -> Iterator[Problem]:
    """Each line against the file of its invoice: the sum of the lines, the seller, the day."""
    for invoice in sheet.invoices:
        lines = [line for line in sheet.lines if line.invoice_key == invoice.number]
        claimed = sum((line.amount for line in lines), ZERO)
        if claimed > invoice.amount + CENT:
            yield stop(
                f"第 {_rows(lines)} 行合计 {yuan(claimed)} 元，大于发票 {invoice.number} 的 {yuan(invoice.amount)} 元。"
            )
        other = [line for line in lines if line.supplier_uscc and line.supplier_uscc != invoice.seller_uscc]
        if other and invoice.seller_uscc:
            yield warn(f"第 {_rows(other)} 行的供应商代码与发票 {invoice.number} 的销售方不一致。")
        dated = [line for line in lines if line.invoiced_on and invoice.issued_on not in (None, line.invoiced_on)]
        if dated:
            yield warn(f"第 {_rows(dated)} 行的开票日期与发票 {invoice.number} 不一致。")


def _rows(lines: list[Line]) -> str:
    return "、".join(str(line.position) for line in lines)
