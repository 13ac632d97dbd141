"""Sheets of running projects of earlier years: workbooks as the bureau fills them in, and what they become."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.files import store_bytes
from core.models import StoredFile
from disbursement.models import OpeningBalance, TakeOverRow, TakeOverSheet
from disbursement.services import take_over
from disbursement.take_over_sheet import LAYOUT
from tests.factories import core as people
from tests.factories.core import NOW
from tests.factories.disbursement import Team

HEADS = [column.heading for column in LAYOUT.columns]


def line(enterprise: Any, **fields: Any) -> dict[str, Any]:
    """A row of the sheet: 7.5 million granted in 2024, 5 million central and 2.5 million of the city, half of it paid."""
    held = {
        "统一社会信用代码": enterprise.uscc, "项目名称": "数控车间改造（2024年立项）", "申报年度": 2024, "类别": "点", "行业代码": "3421",
        "链主": "否", "投资总额": 50_000_000, "土地厂房": 0, "公示结束日期": date(2024, 8, 1), "批复文号": "示例政〔2024〕7号",
        "批复日期": date(2024, 9, 1), "任务书编号": f"示例任务书〔2024〕{enterprise.pk}号", "签署日期": date(2024, 9, 20),
        "环节": "分批拨付", "核定支持": 7_500_000, "中央资金年度": 2026, "中央核定": 5_000_000, "中央已拨": 2_500_000,
        "市级资金年度": 2026, "市级核定": 2_500_000, "市级已拨": 1_250_000,
    }  # fmt: skip
    return held | fields


def workbook(*rows: dict[str, Any]) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(HEADS)
    for row in rows:
        book.active.append([row.get(head) for head in HEADS])
    held = io.BytesIO()
    book.save(held)
    return SimpleUploadedFile("接续.xlsx", held.getvalue())


def imported(*rows: dict[str, Any], by: Team) -> TakeOverSheet:
    return take_over.import_sheet(workbook(*rows), "2024年立项在建项目", actor=by.officer, at=NOW)


def confirmed(sheet: TakeOverSheet, by: Team) -> TakeOverSheet:
    take_over.check_take_over(sheet, actor=by.lead, at=NOW)
    return take_over.confirm_take_over(sheet, actor=by.finance_lead, at=NOW)


def rows_of(sheet: TakeOverSheet) -> list[TakeOverRow]:
    return list(sheet.rows.order_by("position"))


def openings_of(sheet: TakeOverSheet) -> list[OpeningBalance]:
    return list(OpeningBalance.objects.filter(row__sheet=sheet).order_by("pk"))


def paper() -> StoredFile:
    """A PDF as it is kept."""
    return store_bytes(b"%PDF-1.7\n%%EOF\n", name="批复.pdf", kind="sample", by=people.bureau_officer(), at=NOW)
