"""The bank file of a batch as Excel: fixed columns, total, and a fingerprint over the rows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.money import ZERO
from disbursement.agreement_text import PAYER
from disbursement.models import Pool

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from disbursement.models import Payment, PaymentBatch

COLUMNS = (
    "序号", "支付编号", "付款单位", "收款户名", "收款账号", "开户行", "联行号", "金额（元）", "资金来源", "项目编号", "用途",
)  # fmt: skip
WIDTHS = (6, 12, 26, 36, 26, 32, 16, 18, 22, 22, 40)


def workbook_of(batch: PaymentBatch, payments: QuerySet[Payment]) -> bytes:
    """The Excel file. Account numbers are whole: it is for the bank, and its download is guarded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("拨付")
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJK"[number]].width = width
    sheet.append(_texts(sheet, [f"{PAYER} 拨付批次 {batch.number}"]))
    sheet.append(_texts(sheet, COLUMNS))
    amounts, rows = _rows(payments)
    for row in rows:
        sheet.append(_texts(sheet, row))
    sheet.append(["合计", f"{len(rows)} 笔", "", "", "", "", "", str(sum(amounts, ZERO))])
    sheet.append(["内容校验", fingerprint(rows)])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def fingerprint(rows: Sequence[Sequence[str]]) -> str:
    """SHA-256 over the rows as text, a tab between cells and a line end after each row."""
    text = "".join("\t".join(row) + "\n" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(payments: QuerySet[Payment]) -> tuple[list[Decimal], list[list[str]]]:
    """The amounts in 元, and what the file says of each payment."""
    pools: dict[int, str] = {}
    amounts, rows = [], []
    columns = ("pk", "account_holder", "account_number", "account_bank", "account_cnaps", "amount", "pool")
    for key, holder, number, bank, cnaps, amount, pool, project, title in payments.values_list(
        *columns, "project__number", "project__title"
    ):
        if pool not in pools:
            pools[pool] = str(Pool.objects.select_related("district").get(pk=pool))
        amounts.append(amount)
        rows.append(
            [
                str(len(rows) + 1), str(key), PAYER, holder, number, bank, cnaps, str(amount), pools[pool], project,
                f"技改补助 {title}",
            ]
        )  # fmt: skip
    return amounts, rows


def _texts(sheet: Any, values: Sequence[str]) -> list[Any]:
    """Cells of text: what begins with = or # is no formula and no error. Other text openpyxl leaves as it is."""
    return [_as_text(sheet, value) if value[:1] in ("=", "#") else value for value in values]


def _as_text(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell
