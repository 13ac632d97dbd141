"""Sheets people fill in with Excel: columns, how one cell becomes one value, and the workbook that is handed out."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

EXACT_DIGITS = 15  # Excel keeps no more of a number
HELP_SHEET = "填写说明"
HEAD = PatternFill("solid", fgColor="E3ECF5")
MONEY, TEXT, DAY = "#,##0.00", "@", "yyyy-mm-dd"


class CellRefused(Exception):
    """A cell cannot be taken: what is wrong, and what to do about it."""

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.wrong, self.todo = wrong, todo


def exact(value: int | float) -> Decimal:
    """The number Excel shows, digit by digit: repr gives back what was typed, and nothing is computed in binary."""
    number = Decimal(repr(value))
    if not number.is_finite():
        raise CellRefused("不是一个数。", "填写数字。")
    return number


def text_of(value: Any) -> str:
    """A cell as text. Numbers by their exact digits; what Excel has rounded away is refused, not guessed."""
    if isinstance(value, str):
        text = re.sub(r"[\r\n\t]+", " ", value).strip()
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            raise CellRefused("文字里有看不见的控制字符。", "删除这一格，重新手工输入。")
        return text
    if isinstance(value, bool | date | datetime) or not isinstance(value, int | float):
        raise CellRefused("单元格里不是文字。", "把这一列设为“文本”格式后重新填写。")
    number = exact(value)
    if number != number.to_integral_value():
        return format(number, "f")
    if len(str(abs(int(number)))) > EXACT_DIGITS:
        raise CellRefused(
            f"超过 {EXACT_DIGITS} 位的号码被 Excel 存成了数字，末几位已丢失。", "把这一列设为“文本”格式后重新填写。"
        )
    return str(int(number))


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a sheet and the field it fills. `longest`: the most characters the field takes."""

    field: str
    heading: str
    read: Callable[[Any], Any]
    width: int
    help: str
    required: bool = False
    longest: int | None = None

    def value_of(self, cell: Any) -> Any:
        """The value of one filled cell. Raises CellRefused."""
        found = self.read(cell)
        if isinstance(found, str) and self.longest and len(found) > self.longest:
            raise CellRefused(f"文字有 {len(found)} 字，最多 {self.longest} 字。", "写短一些。")
        return found

    def shown(self, value: Any) -> Any:
        """The value as the sheet shows it."""
        return value


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its name, what one row is called, its columns, and what is said of it beside them.

    `marks`: headings by which the row of headings is known. `ignored`: headings that are taken and not read.
    """

    sheet: str
    row: str
    columns: tuple[Any, ...]
    marks: tuple[str, ...]
    most_rows: int
    too_many: str = "分成几份导入。"
    notes: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ("序号", "备注")
    formats: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, list[str]] = field(default_factory=dict)


def workbook_of(rows: Iterable[Mapping[str, Any]], layout: Layout) -> bytes:
    """The workbook of these rows (by field); none gives the empty template. Amounts are exact to the 分."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(layout.sheet)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = layout.formats.get(column.field, TEXT)
        if column.field in layout.choices:
            sheet.data_validations.append(_choice(letter, layout.choices[column.field], layout.most_rows))
    sheet.append([_heading(sheet, column.heading, wrap=True) for column in layout.columns])
    for row in rows:
        sheet.append([_cell(sheet, column, column.shown(row.get(column.field)), layout) for column in layout.columns])
    _explain(book, layout)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _choice(letter: str, words: list[str], most: int) -> DataValidation:
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    rule.error, rule.errorTitle, rule.showErrorMessage = f"请从列表中选择：{'、'.join(words)}", "不在列表中", True
    rule.add(f"{letter}2:{letter}{most + 1}")
    return rule


def _heading(sheet: Any, words: str, *, wrap: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font, cell.fill = Font(bold=True), HEAD
    if wrap:
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, column: Any, value: Any, layout: Layout) -> WriteOnlyCell:
    """One cell; text stays text, so that a name beginning with = is no formula."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) or None)
        cell.data_type = "s" if cell.value is not None else "n"
    elif isinstance(value, Decimal | int | date | datetime | None):
        cell = WriteOnlyCell(sheet, value=value)
    else:
        raise TypeError(f"{column.field} holds {type(value).__name__}")
    cell.number_format = layout.formats.get(column.field, TEXT)
    return cell


def _explain(book: Workbook, layout: Layout) -> None:
    sheet = book.create_sheet(HELP_SHEET)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 70
    sheet.append([_heading(sheet, "列"), _heading(sheet, "怎么填")])
    for column in layout.columns:
        sheet.append([column.heading, column.help])
    for name, words in layout.notes:
        sheet.append([name, words])
