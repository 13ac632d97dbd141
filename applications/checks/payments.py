"""Payments against contract and invoice: paid to the seller, and not more than was contracted (practice of 第十三条)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from applications.checks.findings import Problem, by_hand, rows_of
from applications.checks.sheet import Line, Sheet
from applications.facts import keys
from applications.models import CallRule
from core.money import ZERO, yuan


def payments(sheet: Sheet, rule: CallRule) -> Iterator[str | Problem]:
    """What is wrong weighs what the call says; what the lines do not say is left to a person."""
    bought = [line for line in sheet.lines if line.is_bought]
    other = [line for line in bought if line.payee and line.supplier and not _same(line.payee, line.supplier)]
    if other:
        yield f"第 {rows_of(other)} 行的收款方不是供应商。"
    for lines in _by_contract(bought):
        yield from _against_contract(lines)
    unsaid = [line for line in bought if line.is_begun and (line.paid is None or not line.payee)]
    if unsaid:
        yield by_hand(f"第 {rows_of(unsaid)} 行没有写明收款方和已付金额，请对照付款凭证人工核对。")


def _same(one: str, other: str) -> bool:
    return keys.seller_key("", one) == keys.seller_key("", other)


def _by_contract(lines: list[Line]) -> list[list[Line]]:
    """Lines of one contract together: by its number and seller; a line without a number stands alone."""
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        number = line.contract_number.strip()
        found[(number, line.seller_key) if number else ("", str(line.position))].append(line)
    return list(found.values())


def _against_contract(lines: list[Line]) -> Iterator[str | Problem]:
    paid = sum((line.paid for line in lines if line.paid), ZERO)
    amounts = {line.contract_amount for line in lines if line.contract_amount}
    if len(amounts) > 1:
        yield by_hand(f"第 {rows_of(lines)} 行是同一份合同，合同金额填得不一样。")
    elif amounts and paid > min(amounts):
        yield f"第 {rows_of(lines)} 行付款合计 {yuan(paid)} 元，超过合同金额 {yuan(min(amounts))} 元。"
    elif paid and not amounts:
        yield by_hand(f"第 {rows_of(lines)} 行没有填写合同金额，请对照合同核对付款。")
