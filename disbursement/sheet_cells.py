"""How the money room's imported sheets read their cells, and the report of what is wrong with a workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from core.forms import half_width, read_yuan
from core.sheet_reading import MOST_BYTES, Fault, read_rows
from core.sheets import MONEY, CellRefused, Layout, SheetColumn, exact, text_of

MOST_ROWS = 5000
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class TableRefused(Exception):
    """A workbook was not taken; `faults` is the report, row by row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"文件中有 {len(faults)} 处需要改正，没有导入任何内容。")
        self.faults = list(faults)


@dataclass(slots=True)
class Table:
    """What was read: (row number of the sheet, values by field, None where a cell is empty), or the faults."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, row: int | None, wrong: str, column: str = "", shown: str = "", todo: str = "") -> None:
        self.faults.append(Fault(row, column, shown[:40], wrong, todo))


def content_of(upload: Any) -> bytes:
    """The bytes of an uploaded workbook, one more than the most where it is too large."""
    upload.seek(0)
    return upload.read(MOST_BYTES + 1)


def read_table(content: bytes, layout: Layout) -> Table:
    """Every row of the workbook by the columns of `layout`, or every fault."""
    reading = read_rows(io.BytesIO(content), layout)
    empty = {column.field: None for column in layout.columns}
    rows = [(number, empty | row) for number, row in zip(reading.numbers, reading.rows, strict=True)]
    return Table(rows, list(reading.faults))


def layout_of(sheet: str, row: str, columns: Sequence[SheetColumn]) -> Layout:
    """The layout of a sheet whose first two headings mark the row of headings."""
    money_fields = {column.field: MONEY for column in columns if column.read is money}
    marks = tuple(column.heading for column in columns[:2])
    return Layout(sheet, row, tuple(columns), marks, MOST_ROWS, formats=money_fields)


# --- cells ------------------------------------------------------------------------------------------------------------


def money(value: Any) -> Decimal:
    """元 to the 分; never negative, never rounded."""
    try:
        said = value if isinstance(value, str) else f"{exact(value):f}"
        return read_yuan(said)
    except ValidationError as wrong:
        raise CellRefused(wrong.messages[0], "填写数字，单位元。") from None


def day(value: Any) -> date:
    """A day: a date cell, or 2026-03-05, 2026/3/5, 2026年3月5日, 20260305."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = half_width(str(value)).strip()
    found = _DAY.match(said)
    parts = found.groups() if found else ((said[:4], said[4:6], said[6:8]) if re.fullmatch(r"\d{8}", said) else None)
    try:
        return date(*(int(part) for part in parts))  # type: ignore[union-attr]
    except (TypeError, ValueError):
        raise CellRefused("日期不正确。", "按 2026-03-05 的样子填写。") from None


def choice(words: dict[str, Any]) -> Callable[[Any], Any]:
    """One of some words."""

    def read(value: Any) -> Any:
        said = text_of(value)
        if said not in words:
            raise CellRefused("不在可填的内容里。", f"填写：{'、'.join(words)}。")
        return words[said]

    return read


def matching(pattern: str, wrong: str, todo: str) -> Callable[[Any], str]:
    """Text without spaces and hyphens that matches a pattern."""

    def read(value: Any) -> str:
        said = re.sub(r"[\s-]", "", half_width(text_of(value)))
        if not re.fullmatch(pattern, said):
            raise CellRefused(wrong, todo)
        return said

    return read
