"""Payments against contract and invoice: paid to the seller, and not more than was contracted (practice of 第十三条)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from applications.checks.findings import Problem, by_hand, rows_of
from applications.checks.sheet import Line, Sheet
from applications.facts import keys
from applications.models import CallRule
from core.codes import half_width
from core.money import ZERO, yuan


def payments(sheet: Sheet, rule: CallRule) -> Iterator[str | Problem]:
    """What is wrong weighs what the call says; what the lines do not say is left to a person."""
    bought = [line for line in sheet.lines if line.is_bought]
    other = [line for line in bought if line.payee and line.supplier and not _same(line.payee, line.supplier)]
    if other:
        yield f"第 {rows_of(other)} 行的收款方不是供应商。"
    for lines in _by_contract(bought):
        yield from _against_contract(lines)
    unsaid = [line for line in bought if line.is_ordered and (line.paid is None or not line.payee)]
    if unsaid:
        yield by_hand(f"第 {rows_of(unsaid)} 行没有写明收款方和已付金额，请对照付款凭证人工核对。")
    nobody = [line for line in bought if line.is_ordered and not line.supplier]
    if nobody:
        yield by_hand(f"第 {rows_of(nobody)} 行没有写明供应商，请对照合同和付款凭证核对收款方。")


def _same(one: str, other: str) -> bool:
    return keys.seller_key("", one) == keys.seller_key("", other)


def _by_contract(lines: list[Line]) -> list[list[Line]]:
    """Lines of one contract together: by its number and seller; a line without a number stands alone.

    Who is named here and coded there is one seller; a line that tells none has the only one of its number.
    """
    codes = {_name(line): line.seller_key for line in lines if line.supplier and line.supplier_uscc}
    told = [(_number(line), codes.get(_name(line), line.seller_key), line) for line in lines]
    sellers: dict[str, set[str]] = defaultdict(set)
    for number, seller, _ in told:
        sellers[number] |= {seller} - {""}
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for number, seller, line in told:
        known = sellers[number]
        only = next(iter(known)) if len(known) == 1 else ""
        found[(number, seller or only) if number else ("", str(line.position))].append(line)
    return list(found.values())


def _name(line: Line) -> str:
    return keys.seller_key("", line.supplier)


def _number(line: Line) -> str:
    return half_width("".join(line.contract_number.split())).upper()


def _against_contract(lines: list[Line]) -> Iterator[str | Problem]:
    paid = sum((line.paid for line in lines if line.paid), ZERO)
    amounts = {line.contract_amount for line in lines if line.contract_amount}
    if len(amounts) > 1:
        yield by_hand(f"第 {rows_of(lines)} 行是同一份合同，合同金额填得不一样。")
    if amounts and paid > max(amounts):  # more than any of them, where they differ
        yield f"第 {rows_of(lines)} 行付款合计 {yuan(paid)} 元，超过合同金额 {yuan(max(amounts))} 元。"
    elif paid and not amounts:
        yield by_hand(f"第 {rows_of(lines)} 行没有填写合同金额，请对照合同核对付款。")
