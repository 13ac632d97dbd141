"""The columns of the bank's answers to a batch as they are imported; the template comes with the payments filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.sheets import SheetColumn, text_of, workbook_of
from disbursement.sheet_cells import choice, layout_of, matching, money

PAID, FAILED, RETURNED = "paid", "failed", "returned"
OUTCOMES = {"已到账": PAID, "支付失败": FAILED, "退票": RETURNED}
_key = matching(r"[0-9]{1,12}", "支付编号应为数字。", "照银行文件填写。")
_LAYOUT = layout_of(
    "银行结果",
    "结果",
    (
        SheetColumn("key", "支付编号", _key, 12, "照银行文件。", required=True),
        SheetColumn("batch", "批次号", text_of, 16, "照银行文件，须是本批次。", required=True, longest=20),
        SheetColumn("holder", "收款户名", text_of, 36, "可空；填写的须与银行文件一致。", longest=120),
        SheetColumn("amount", "金额", money, 18, "单位元，须与银行文件一致。", required=True),
        SheetColumn("outcome", "结果", choice(OUTCOMES), 12, "已到账、支付失败或退票；没有结果的行请删去。", required=True),
        SheetColumn("receipt", "回单号", text_of, 28, "已到账的必填。", longest=60),
        SheetColumn("reason", "原因", text_of, 40, "支付失败、退票的必填。", longest=200),
    ),
)  # fmt: skip
LAYOUT = replace(_LAYOUT, choices={"outcome": list(OUTCOMES)})


def template_of(payments: Iterable[Any]) -> bytes:
    """The workbook to be filled in: each payment without an answer, with its number, batch, holder and amount."""
    rows = [
        {"key": str(one.pk), "batch": one.batch.number, "holder": one.account_holder, "amount": one.amount}
        for one in payments
    ]
    return workbook_of(rows, LAYOUT)
