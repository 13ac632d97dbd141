"""The columns of the investment lines in Excel: headings, words of help, and how one cell becomes one value."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from applications.facts import sections
from applications.models import Category, DraftLine
from core.forms import half_width, read_yuan
from core.sheets import EXACT_DIGITS, CellRefused, SheetColumn, exact, text_of

MOST_QUANTITY = 1_000_000
CATEGORIES = {str(choice.label): choice.value for choice in Category}
ORIGINS = {"国产": True, "进口": False}
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


def _plain(value: Any) -> str:
    """A number as the person would type it, for the reader of amounts."""
    if isinstance(value, bool | date | datetime) or not isinstance(value, str | int | float):
        raise CellRefused("单元格里不是金额。", "把这一格设为“常规”格式，填写数字，单位是元。")
    if isinstance(value, str):
        return value
    number = exact(value)
    if abs(number) >= Decimal(10) ** EXACT_DIGITS:
        raise CellRefused("金额过大。", "检查是否多填了数字，单位是元。")
    return format(number.normalize(), "f")


def _amount(value: Any) -> Decimal:
    found = _yuan(value)
    if found <= 0:
        raise CellRefused("金额须大于 0。", "没有金额的行请删除。")
    return found


def _yuan(value: Any) -> Decimal:
    try:
        return read_yuan(_plain(value))
    except ValidationError as refused:
        raise CellRefused(refused.messages[0], "按元填写，最多两位小数；计算得出的数先用 ROUND 取到分。") from None


def _contract(value: Any) -> Decimal:
    found = _yuan(value)
    if found <= 0:
        raise CellRefused("合同金额须大于 0。", "填写整份合同的金额；没有合同的不填。")
    return found


def _quantity(value: Any) -> int:
    text = half_width(_plain(value)).strip().replace(",", "")
    if not re.fullmatch(r"[0-9]+", text, re.ASCII):
        raise CellRefused("数量不是整数。", "填写 1 以上的整数，单位写在名称或型号里。")
    if not 1 <= len(text) <= 9 or not 1 <= int(text) <= MOST_QUANTITY:
        raise CellRefused(f"数量须在 1 到 {MOST_QUANTITY:,} 之间。", "核对数量。")
    return int(text)


def _category(value: Any) -> str:
    text = text_of(value)
    if text not in CATEGORIES:
        raise CellRefused("没有这个类别。", f"从{'、'.join(CATEGORIES)}中选一个。")
    return CATEGORIES[text]


def _origin(value: Any) -> bool:
    text = text_of(value)
    if text not in ORIGINS:
        raise CellRefused("产地写法不对。", "填写国产或进口。")
    return ORIGINS[text]


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = DAY.fullmatch(half_width(value).strip()) if isinstance(value, str) else None
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise CellRefused("日期不正确。", "把这一格设为“日期”格式，或写成 2026-03-05 的样子。")


class Column(SheetColumn):
    """One column of the sheet and the field it fills, with that field's own length."""

    __slots__ = ()

    def shown(self, value: Any) -> Any:
        """The value as the sheet shows it."""
        if self.field == "category":
            return str(Category(value).label)
        if self.field == "domestic":
            return "国产" if value else "进口"
        return value


def _column(field: str, *rest: Any, required: bool = False) -> Column:
    return Column(field, *rest, required=required, longest=DraftLine._meta.get_field(field).max_length)


ALL_COLUMNS = (
    _column("category", "类别", _category, 10, f"必填：{'、'.join(CATEGORIES)}。", required=True),
    _column("name", "名称", text_of, 30, "必填，与合同、发票一致。", required=True),
    _column("model", "型号规格", text_of, 20, "没有的不填。"),
    _column("quantity", "数量", _quantity, 8, "整数，不填按 1。"),
    _column("amount", "金额（元，不含税）", _amount, 20, "必填，这一行的总金额，单位元，最多两位小数。", required=True),
    _column("tax", "税额（元）", _yuan, 16, "没有的填 0 或不填。"),
    _column("supplier", "供应商", text_of, 30, "合同和发票的销售方。"),
    _column("supplier_uscc", "供应商统一社会信用代码", text_of, 24, "18 位，设为文本格式。"),
    _column("domestic", "产地", _origin, 8, "必填：国产或进口。", required=True),
    _column("contract_number", "合同编号", text_of, 20, "没有的不填。"),
    _column("contracted_on", "合同签订日期", _day, 14, "例如 2026-01-15。"),
    _column(
        "contract_amount", "合同金额（元，含税）", _contract, 20, "整份合同的金额；一份合同分几行的，每行填同一个数。"
    ),
    _column("invoice_number", "发票号码", text_of, 26, "数电票 20 位；纸质发票填代码和号码。设为文本格式。"),
    _column("invoiced_on", "开票日期", _day, 14, "例如 2026-03-05。"),
    _column("serial_number", "设备编号", text_of, 20, "设备铭牌上的出厂编号，没有的不填。"),
    _column("payee", "收款方", text_of, 30, "付款凭证上的收款单位，应与发票的销售方一致。"),
    _column("paid_on", "付款日期", _day, 14, "分次付款的填最后一次。"),
    _column("paid", "已付金额（元，含税）", _yuan, 20, "这一行已经付出的合计，含税；没有付款的不填。"),
)
COLUMNS = tuple(column for column in ALL_COLUMNS if column.field in sections.LINE_FIELDS)
