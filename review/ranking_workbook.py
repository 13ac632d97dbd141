"""The ranking of a call as Excel: place, project, experts, mean, spread, limit. Points exact, amounts in 元."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

HEADS = (
    "名次",
    "项目编号",
    "项目",
    "企业",
    "区县",
    "类别",
    "专家人数",
    "平均分",
    "极差",
    "测算上限（元）",
    "是否达到合格线",
)
WIDTHS = (6, 22, 40, 32, 10, 6, 8, 10, 8, 18, 14)


def workbook_of(call: Any, projects: Iterable[Any]) -> bytes:
    """`projects`: as review.panel_queries.ranking and in_points give them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("评审排名")
    sheet.freeze_panes = "A3"
    for letter, width in zip("ABCDEFGHIJK", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_text(sheet, f"{call.title}，合格线 {call.pass_mark} 分。满 5 名专家的去掉一个最高分和一个最低分。")])
    sheet.append([_text(sheet, head, bold=True) for head in HEADS])
    for row in _rows(projects):
        sheet.append([_text(sheet, value) if isinstance(value, str) else value for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _rows(projects: Iterable[Any]) -> Iterator[Sequence[Any]]:
    for one in projects:
        yield (
            one.rank, one.number, one.title, one.enterprise.name, one.district.name, one.get_track_display(), one.experts,
            one.mean, one.spread, one.limit, "达到" if one.passes else "未达到",
        )  # fmt: skip


def _text(sheet: Any, words: str, *, bold: bool = False) -> WriteOnlyCell:
    """A cell of text: a name that begins with = is no formula."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", words) or None)
    cell.data_type = "s" if cell.value is not None else "n"
    if bold:
        cell.font = Font(bold=True)
    return cell
