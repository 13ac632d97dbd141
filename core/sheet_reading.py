"""An uploaded workbook as rows, or everything that is wrong with it; never a traceback, never a part.

The file is a stranger's: it is measured before it is unpacked, read row by row and no further than the most rows.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from core.sheets import HELP_SHEET, CellRefused, Layout

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024  # 2,000 rows take about 1 MB
MOST_PARTS = 200
MOST_ROWS = 20_000  # blank rows between and below the lines included
MOST_COLUMNS = 60
HEADING_ROWS = 10  # the headings stand in one of the first rows
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})[\"']")
AS_VALUES = "选中这些格，复制后用“选择性粘贴—数值”贴回原处。"
SAVE_AGAIN = "用 Excel 或 WPS 打开，另存为 .xlsx 后再上传；或下载模板重新填写。"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: in which row and column, what stands there, what is wrong, what to do."""

    row: int | None
    column: str
    shown: str
    wrong: str
    todo: str


@dataclass(slots=True)
class Reading:
    """What a workbook holds: the rows, or the faults that keep all of them out. `numbers`: where each row stands."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


class _Unreadable(Exception):
    """The file as a whole cannot be taken."""

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.fault = Fault(None, "", "", wrong, todo)


def read_rows(upload: BinaryIO, layout: Layout) -> Reading:
    """Every row of the sheet, or every fault. Rows are dicts by field, amounts exact Decimal of 元."""
    reading = Reading()
    try:
        content = upload.read(MOST_BYTES + 1)
        _refuse_package(content, layout)
        _read_book(content, layout, reading)
    except _Unreadable as unreadable:
        reading.faults.append(unreadable.fault)
    except Exception:  # openpyxl raises whatever a broken file makes it stumble over; the person gets the same answer
        reading.faults.append(Fault(None, "", "", "文件内容损坏或不是标准的 Excel 工作簿。", SAVE_AGAIN))
    if not reading.faults and not reading.rows:
        reading.faults.append(Fault(None, "", "", "表里一行内容也没有。", "在表头下面逐行填写后再上传。"))
    if reading.faults:
        reading.rows, reading.numbers = [], []
    return reading


def _refuse_package(content: bytes, layout: Layout) -> None:
    """What is no workbook, or would unpack to more than a workbook of such rows can hold."""
    if not content:
        raise _Unreadable("文件是空的。", "重新选择文件。")
    if len(content) > MOST_BYTES:
        raise _Unreadable(
            f"文件超过 {MOST_BYTES // 1024 // 1024} MB。",
            f"删除图片和多余的工作表；{layout.most_rows:,} 行远小于这个大小。",
        )
    if not content.startswith(b"PK") or not zipfile.is_zipfile(io.BytesIO(content)):
        raise _Unreadable("这不是 .xlsx 工作簿（旧的 .xls、CSV 或改了扩展名的文件都不能导入）。", SAVE_AGAIN)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _Unreadable(f"文件解开后过大，不像是{layout.sheet}。", f"下载模板，只粘贴{layout.sheet}后再上传。")


def _read_book(content: bytes, layout: Layout, reading: Reading) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says which extensions of Excel it leaves out
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = _sheet_of(book, layout)
            rows = _rows_of(sheet, layout)
            number, columns = _headings(rows, layout, reading)
            if columns:
                _refuse_merged(content, sheet, number, reading)
                _read_rows(rows, columns, layout, reading)
        finally:
            book.close()


def _sheet_of(book: Any, layout: Layout) -> Any:
    sheets = [sheet for sheet in book.worksheets if sheet.title != HELP_SHEET]
    named = [sheet for sheet in sheets if sheet.title.strip() == layout.sheet]
    if named or len(sheets) == 1:
        return (named or sheets)[0]
    raise _Unreadable(f"工作簿里找不到名为“{layout.sheet}”的工作表。", f"把要导入的工作表改名为“{layout.sheet}”。")


def _rows_of(sheet: Any, layout: Layout) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with their numbers. What the file says of its own size is not believed: the rows are counted."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise _Unreadable(
                f"表格用到了第 {MOST_ROWS:,} 行以后。", f"删除多余的行；最多 {layout.most_rows:,} 行{layout.row}。"
            )
        yield number, cells


def _headings(rows: Iterable[tuple[int, Any]], layout: Layout, reading: Reading) -> tuple[int, dict[int, Any]]:
    """The row of the headings and which column fills which field; faults where they are not ours."""
    known = {column.heading: column for column in layout.columns}
    for number, cells in rows:
        words = {place: str(cell.value).strip() for place, cell in enumerate(cells) if cell.value not in (None, "")}
        if set(layout.marks) <= set(words.values()):
            return number, _columns_of(number, words, known, layout, reading)
        if number >= HEADING_ROWS:
            break
    heads = "、".join(column.heading.partition("（")[0] for column in layout.columns if column.required)
    raise _Unreadable(f"找不到表头（{heads}…）。", "下载模板，按模板的表头填写。")


def _columns_of(
    number: int, words: dict[int, str], known: dict[str, Any], layout: Layout, reading: Reading
) -> dict[int, Any]:
    faults: list[Fault] = []
    for place, word in words.items():
        if word not in known and word not in layout.ignored:
            wrong, todo = "表头里有不认识的列。", "删除这一列，或把表头改成模板里的名称。"
            faults.append(Fault(number, get_column_letter(place + 1), word[:40], wrong, todo))
    for heading, column in known.items():
        times = list(words.values()).count(heading)
        if times > 1 or (not times and column.required):
            wrong = f"“{heading}”列出现了 {times} 次。" if times else f"没有“{heading}”列。"
            faults.append(Fault(number, "", heading, wrong, "按模板的表头填写。"))
    reading.faults += faults
    return {} if faults else {place: known[word] for place, word in words.items() if word in known}


def _refuse_merged(content: bytes, sheet: Any, heading: int, reading: Reading) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read(sheet._worksheet_path.lstrip("/"))
    for letter, first, last in MERGED.findall(xml)[:50]:
        if int(last) > heading:
            wrong, todo = "有合并的单元格。", "取消合并，每一行都填写完整。"
            reading.faults.append(Fault(int(first), letter.decode(), "", wrong, todo))


def _read_rows(rows: Iterable[tuple[int, Any]], columns: dict[int, Any], layout: Layout, reading: Reading) -> None:
    found = 0
    for number, cells in rows:
        filled = {p: c for p, c in enumerate(cells) if c.value is not None and str(c.value).strip() != ""}
        mine = {columns[place]: cell for place, cell in filled.items() if place in columns}
        if not mine:
            continue
        found += 1
        if found > layout.most_rows:
            wrong = f"{layout.row}超过 {layout.most_rows:,} 行。"
            reading.faults.append(Fault(number, "", "", wrong, layout.too_many))
            return
        reading.rows.append(_read_row(number, mine, columns, reading))
        reading.numbers.append(number)


def _read_row(number: int, cells: dict[Any, Any], columns: dict[int, Any], reading: Reading) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for place, column in columns.items():
        cell = cells.get(column)
        where = f"{get_column_letter(place + 1)} {column.heading}"
        if cell is None:
            if column.required:
                reading.faults.append(Fault(number, where, "（空）", f"没有填写{column.heading}。", column.help))
            continue
        try:
            line[column.field] = _value_of(column, cell)
        except CellRefused as refused:
            reading.faults.append(Fault(number, where, _shown(cell.value), refused.wrong, refused.todo))
    return line


def _value_of(column: Any, cell: Any) -> Any:
    if cell.data_type == "f":
        raise CellRefused("单元格里是公式。", AS_VALUES)
    if cell.data_type == "e":
        raise CellRefused("单元格里是公式的错误值。", "改成实际的内容。")
    return column.value_of(cell.value)


def _shown(value: Any) -> str:
    """A cell for the report: short, and without what cannot be shown."""
    return "".join(sign for sign in str(value)[:40] if sign.isprintable())
