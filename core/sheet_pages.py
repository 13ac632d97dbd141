"""An uploaded workbook as something to look at: the first rows of its first sheets as plain tables, printed as a PDF.

The file is a stranger's: it is measured before it is unpacked, for its texts and styles are read whole whatever is shown;
of each sheet no more is read than the rows that are.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook

from core import documents

MOST_UNPACKED = 10 * 1024 * 1024  # bytes; in memory they are many times as much
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 3, 200, 14
LOOKED_AT = 50  # columns further, to say that there are more
LONGEST = 60  # characters of a cell


class CannotRead(Exception):
    """The workbook is not shown; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """The beginning of one sheet as text. `more`: what is not shown of it, as a sentence."""

    title: str
    rows: list[list[str]]
    more: str


def as_pdf(source: Path, *, at: datetime) -> bytes:
    """The workbook's beginning, printed. Raises CannotRead."""
    tables = list(_tables(source))
    if not tables:
        raise CannotRead("这份工作簿里没有内容。")
    return documents.render_pdf("documents/workbook.html", {"title": "工作簿预览", "tables": tables}, at=at)


def _tables(source: Path) -> Iterator[Table]:
    try:
        with zipfile.ZipFile(source) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > MOST_UNPACKED:
            raise CannotRead("这份工作簿过大，不在页面里预览，请下载后查看。")
        with source.open("rb") as content:  # by its content: openpyxl would ask for the ending of a name
            yield from _of_book(content)
    except CannotRead:
        raise
    except Exception:  # openpyxl raises whatever a broken file makes it stumble over
        raise CannotRead("这份工作簿不能预览，可能设有密码或已损坏，请下载后查看。") from None


def _of_book(content: BinaryIO) -> Iterator[Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says which extensions of Excel it leaves out
        book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown[:MOST_SHEETS]:
        yield from _table(sheet, others=len(shown) - MOST_SHEETS)


def _table(sheet: Any, *, others: int) -> Iterator[Table]:
    found = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + LOOKED_AT, values_only=True)
    rows = [[_said(value) for value in row] for row in islice(found, MOST_ROWS + 1)]
    left = [f"{MOST_ROWS} 行以后"] if any(any(row) for row in rows[MOST_ROWS:]) else []
    left += [f"{MOST_COLUMNS} 列以后"] if any(any(row[MOST_COLUMNS:]) for row in rows) else []
    left += [f"另外 {others} 张工作表"] if others > 0 else []
    kept = _trimmed([row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]])
    if kept:
        yield Table(sheet.title, kept, f"{'、'.join(left)}没有列出。" if left else "")


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without the blank rows below and the blank columns at the right."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((place for row in rows for place, text in enumerate(row, start=1) if text), default=0)
    return [row[:width] for row in rows]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if (value.hour or value.minute) else f"{value:%Y-%m-%d}"
    text = value.isoformat() if isinstance(value, date) else f"{value:.15g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
