"""The columns of a bank statement as it is imported, and the empty template."""

from __future__ import annotations

from core.sheets import SheetColumn, text_of
from disbursement.sheet_cells import choice, day, layout_of, matching, money

_account = matching(r"[0-9*]{4,32}", "对方账号应为数字。", "可以用 * 隐去前面的数字；平台只保存后四位。")
LAYOUT = layout_of(
    "银行流水",
    "流水",
    (
        SheetColumn("on", "交易日期", day, 14, "例如 2026-03-05。", required=True),
        SheetColumn("outgoing", "收支", choice({"支出": True, "收入": False}), 8, "支出或收入。", required=True),
        SheetColumn("amount", "金额", money, 18, "单位元，正数。", required=True),
        SheetColumn("receipt_number", "回单号", text_of, 24, "银行回单或流水号。", longest=60),
        SheetColumn("counterparty", "对方户名", text_of, 36, "可空。", longest=120),
        SheetColumn("account", "对方账号", _account, 24, "只保存后四位。"),
        SheetColumn("memo", "摘要", text_of, 40, "可空。", longest=200),
    ),
)
