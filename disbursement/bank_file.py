"""The bank file of a batch as Excel: fixed columns, total, and a fingerprint over the rows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.money import ZERO, yuan
from disbursement.agreement_text import PAYER

if TYPE_CHECKING:
    from disbursement.models import Payment, PaymentBatch

COLUMNS = (
    "序号", "支付编号", "付款单位", "收款户名", "收款账号", "开户行", "联行号", "金额（元）", "资金来源", "项目编号", "用途",
)  # fmt: skip
WIDTHS = (6, 12, 26, 36, 26, 32, 16, 18, 22, 22, 40)


def workbook_of(batch: PaymentBatch, payments: Sequence[Payment]) -> bytes:
    """The Excel file. Account numbers are whole: it is for the bank, and its download is guarded."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("拨付")
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJK"[number]].width = width
    sheet.append(_texts(sheet, [f"{PAYER} 拨付批次 {batch.number}"]))
    sheet.append(_texts(sheet, COLUMNS))
    rows = [_row(number, payment) for number, payment in enumerate(payments, start=1)]
    for row in rows:
        sheet.append(_texts(sheet, row))
    total = sum((payment.amount for payment in payments), ZERO)
    sheet.append(_texts(sheet, ["合计", f"{len(rows)} 笔", "", "", "", "", "", yuan(total).replace(",", "")]))
    sheet.append(_texts(sheet, ["内容校验", fingerprint(rows)]))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def fingerprint(rows: Sequence[Sequence[str]]) -> str:
    """SHA-256 over the rows as text, a tab between cells and a line end after each row."""
    text = "".join("\t".join(row) + "\n" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _row(number: int, payment: Payment) -> list[str]:
    return [
        str(number), str(payment.pk), PAYER, payment.account_holder, payment.account_number, payment.account_bank,
        payment.account_cnaps, yuan(payment.amount).replace(",", ""), str(payment.pool), payment.project.number,
        f"技改补助 {payment.project.title}",
    ]  # fmt: skip


def _texts(sheet: Any, values: Sequence[str]) -> list[Any]:
    """Cells of text: an account number keeps its zeros, a name that begins with = is no formula."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"
        cells.append(cell)
    return cells
