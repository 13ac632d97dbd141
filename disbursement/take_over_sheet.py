"""The columns of a 接续清单 as it is imported, and the empty template."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from applications.models import REFORM_TRACKS
from applications.states import State
from core.codes import clean_enterprise_uscc
from core.sheets import CellRefused, SheetColumn, text_of
from disbursement.models import Source
from disbursement.sheet_cells import choice, day, layout_of, matching, money

# Whose money → the fields of its three columns.
SOURCES = {Source.CENTRAL: "central", Source.PROVINCIAL: "provincial", Source.CITY: "city", Source.DISTRICT: "district"}
STATES = {"任务书": State.AGREEMENT, "分批拨付": State.DISBURSEMENT, "验收": State.ACCEPTANCE}
_four_digits = matching(r"\d{4}", "不是四位代码。", "填写 GB/T 4754 四位行业代码，例如 3421。")
_year_digits = matching(r"20[123]\d年?", "年度不正确。", "填写四位年度，例如 2024。")


def _year(value: Any) -> int:
    return int(_year_digits(value)[:4])


def _uscc(value: Any) -> str:
    try:
        return clean_enterprise_uscc(text_of(value))
    except ValidationError as wrong:
        raise CellRefused(wrong.messages[0], "核对营业执照。") from None


def _money_columns() -> list[SheetColumn]:
    found: list[SheetColumn] = []
    for source, name in SOURCES.items():
        label = source.label
        found += [
            SheetColumn(f"{name}_year", f"{label}资金年度", _year, 12, "这部分资金所属资金池的年度。"),
            SheetColumn(f"{name}_granted", f"{label}核定", money, 18, "单位元。"),
            SheetColumn(f"{name}_paid", f"{label}已拨", money, 18, "单位元，不超过核定。"),
        ]
    return found


def _needed(field: str, heading: str, read: Any, width: int, help_text: str, **more: Any) -> SheetColumn:
    return SheetColumn(field, heading, read, width, help_text, required=True, **more)


LAYOUT = layout_of(
    "接续项目",
    "项目",
    (
        _needed("uscc", "统一社会信用代码", _uscc, 22, "企业须已在本平台注册。"),
        _needed("title", "项目名称", text_of, 40, "与批复一致。", longest=120),
        _needed("year", "申报年度", _year, 10, "例如 2024。"),
        _needed("track", "类别", choice({str(track.label): track.value for track in REFORM_TRACKS}), 8, "点、线或面。"),
        _needed("industry", "行业代码", _four_digits, 10, "GB/T 4754 四位码。"),
        _needed("chain_leader", "链主", choice({"是": True, "否": False}), 8, "是或否。"),
        _needed("investment", "投资总额", money, 18, "单位元，不含税。"),
        _needed("land_and_building", "土地厂房", money, 18, "单位元，其中土地、厂房等基础建设投资，没有填 0。"),
        _needed("notice_closed_on", "公示结束日期", day, 14, "例如 2024-08-01。"),
        _needed("approval_number", "批复文号", text_of, 24, "市政府批复的文号。", longest=60),
        _needed("approved_on", "批复日期", day, 14, "例如 2024-09-01。"),
        SheetColumn("agreement_number", "任务书编号", text_of, 22, "任务书已签署的必填。", longest=40),
        SheetColumn("signed_on", "签署日期", day, 14, "任务书已签署的必填。"),
        _needed("reached", "环节", choice(STATES), 12, "任务书（待签）、分批拨付或验收。"),
        _needed("award", "核定支持", money, 18, "单位元，批复核定的支持金额。"),
        *_money_columns(),
    ),
)
