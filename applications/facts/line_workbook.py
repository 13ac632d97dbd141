"""Investment lines as an Excel workbook: the empty template, and the lines as they stand or were filed."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from applications.facts.line_columns import CATEGORIES, COLUMNS, Column

SHEET = "投资明细"
HELP_SHEET = "填写说明"
TEMPLATE_ROWS = 2000  # the model's most lines; the lists to choose from reach this far
HEAD = PatternFill("solid", fgColor="E3ECF5")
MONEY, TEXT, DAY = "#,##0.00", "@", "yyyy-mm-dd"
CHOICES = {"category": list(CATEGORIES), "domestic": ["国产", "进口"]}
FORMATS = {"amount": MONEY, "tax": MONEY, "quantity": "0", "invoiced_on": DAY}


def workbook_of(lines: Iterable[dict[str, Any]]) -> bytes:
    """The workbook of these lines (dicts by field); none gives the empty template. Amounts are exact to the 分."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = FORMATS.get(column.field, TEXT)
        if column.field in CHOICES:
            sheet.data_validations.append(_choice(letter, CHOICES[column.field]))
    sheet.append([_heading(sheet, column) for column in COLUMNS])
    for line in lines:
        sheet.append([_cell(sheet, column, column.shown(line.get(column.field))) for column in COLUMNS])
    _explain(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _choice(letter: str, words: list[str]) -> DataValidation:
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    rule.error, rule.errorTitle, rule.showErrorMessage = f"请从列表中选择：{'、'.join(words)}", "不在列表中", True
    rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
    return rule


def _heading(sheet: Any, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=column.heading)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, column: Column, value: Any) -> WriteOnlyCell:
    """One cell; text stays text, so that a name beginning with = is no formula."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) or None)
        cell.data_type = "s" if cell.value is not None else "n"
    elif isinstance(value, Decimal | int | date | datetime | None):
        cell = WriteOnlyCell(sheet, value=value)
    else:
        raise TypeError(f"{column.field} holds {type(value).__name__}")
    cell.number_format = FORMATS.get(column.field, TEXT)
    return cell


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet(HELP_SHEET)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 70
    sheet.append([_title(sheet, "列"), _title(sheet, "怎么填")])
    for column in COLUMNS:
        sheet.append([column.heading, column.help])
    sheet.append(["一般要求", "金额一律填元、不含税；不要用公式和合并单元格；最多 2,000 行；空行会跳过。"])
    sheet.append(["导入", "在“投资明细”页选择“从 Excel 导入”。有一处不对就不导入，并逐行说明。"])


def _title(sheet: Any, word: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=word)
    cell.font, cell.fill = Font(bold=True), HEAD
    return cell
