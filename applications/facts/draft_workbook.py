"""A draft as an Excel workbook: each section's fields in words, its targets, and who saved it last."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from applications.facts import industries, reference, sections
from applications.models import Draft
from core.money import YuanField, yuan

TITLES = {"basics": "项目基本信息", "content": "建设内容与进度", "funding": "资金来源（元）"}
TARGETS = ("kind", "name", "direction", "baseline", "target", "unit", "source")
TARGET_HEADS = ("类型", "指标", "方向", "现状值", "目标值", "单位", "取数口径")


def workbook_of_draft(draft: Draft) -> bytes:
    """The text of a draft; the investment lines have a workbook of their own."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("填报内容")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    for row in _rows(draft):
        sheet.append([_cell(sheet, value) for value in row])
    targets = book.create_sheet("绩效目标")
    targets.append(TARGET_HEADS)
    for row in draft.indicators:
        targets.append([_cell(targets, row.get(name)) for name in TARGETS])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _rows(draft: Draft) -> Iterator[tuple[str, Any]]:
    for section, title in TITLES.items():
        save = sections.last_save(draft, section)
        yield title, f"{save.by}保存"
        for name in sections.SECTIONS[section]:
            yield _labelled(draft, name)


def _labelled(draft: Draft, name: str) -> tuple[str, str]:
    field, value = Draft._meta.get_field(name), getattr(draft, name)
    words = {"industry": industries.label_of, "task": reference.task_name}
    if name in words:
        return str(field.verbose_name), words[name](value)
    if isinstance(field, YuanField):
        return str(field.verbose_name), yuan(value)
    return str(field.verbose_name), "" if value is None else str(value)


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text, whatever sign it begins with."""
    cell = WriteOnlyCell(sheet, value="" if value is None else str(value))
    cell.data_type = "s"
    return cell
