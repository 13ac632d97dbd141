"""Investment lines as an Excel workbook: the empty template, and the lines as they stand or were filed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from applications.facts.line_columns import CATEGORIES, COLUMNS
from core import sheets
from core.sheets import DAY, MONEY, Layout

MOST_LINES = 2000  # of the model; the lists to choose from reach this far
LAYOUT = Layout(
    sheet="投资明细",
    row="明细",
    columns=COLUMNS,
    marks=("类别", "名称"),
    most_rows=MOST_LINES,
    too_many="合并同类设备后再导入。",
    notes=(
        ("一般要求", "金额一律填元、不含税；不要用公式和合并单元格；最多 2,000 行；空行会跳过。"),
        ("导入", "在“投资明细”页选择“从 Excel 导入”。有一处不对就不导入，并逐行说明。"),
    ),
    formats={
        **dict.fromkeys(("amount", "tax", "contract_amount", "paid"), MONEY),
        **dict.fromkeys(("invoiced_on", "contracted_on", "paid_on"), DAY),
        "quantity": "0",
    },
    choices={"category": list(CATEGORIES), "domestic": ["国产", "进口"]},
)


def workbook_of(lines: Iterable[dict[str, Any]]) -> bytes:
    """The workbook of these lines (dicts by field); none gives the empty template."""
    return sheets.workbook_of(lines, LAYOUT)
