"""The summary list (汇总表) of a letter of recommendation as Excel; amounts in 元, exact."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from review.models import Opinion, RecommendationLetter

HEADS = (
    "序号", "项目编号", "项目名称", "申报企业", "统一社会信用代码", "类别", "建设地点", "投资总额（元）", "测算上限（元）",
    "初审意见", "填写人", "签批人",
)  # fmt: skip
WIDTHS = (6, 22, 36, 32, 22, 8, 30, 18, 18, 50, 12, 12)


def workbook_of(letter: RecommendationLetter, opinions: Iterable[Opinion]) -> bytes:
    """One sheet: the letter's number, a row for each project, the sums in the last row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("推荐项目汇总表")
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJKL"[place]].width = width
    _add(sheet, [f"{letter.district.bureau_name}推荐项目汇总表", letter.number])
    _add(sheet, HEADS)
    invested = limits = 0
    for place, one in enumerate(opinions, start=1):
        project, filed = one.project, one.submission
        invested, limits = invested + filed.investment, limits + (one.limit or 0)
        _add(
            sheet,
            [place, project.number, project.title, filed.enterprise_name, filed.uscc, project.get_track_display(),
             filed.site, filed.investment, one.limit, one.text, str(one.written_by), str(one.countersigned_by)],
        )  # fmt: skip
    _add(sheet, ["合计", "", "", "", "", "", "", invested, limits])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _add(sheet: Any, values: Sequence[Any]) -> None:
    """Text stays text: what begins with = is no formula."""
    cells = []
    for value in values:
        text = isinstance(value, str)
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if text else value)
        if text:
            cell.data_type = "s"
        elif value is not None and not isinstance(value, int):
            cell.number_format = "#,##0.00"
        cells.append(cell)
    sheet.append(cells)
