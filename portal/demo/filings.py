"""Filings of the demonstration: a draft complete in every section, and its submission."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from applications import services as filing
from applications.models import Call, Need, Project, ProjectGroup
from core import calendar, files
from core.models import User
from core.money import round_down
from portal.demo.papers import sample_pdf
from portal.demo.rows import Row

# How each category is spread over lines: name, share in percent, domestic.
SPREAD: dict[str, list[tuple[str, int, bool]]] = {
    "equipment": [("数控加工与成形设备", 55, True), ("检测与装配设备", 30, True), ("进口专用设备", 15, False)],
    "software": [("制造执行与质量系统", 60, True), ("工业设计与仿真软件", 40, False)],
    "service": [("系统集成服务", 100, True)],
    "installation": [("设备安装调试", 100, True)],
    "land": [("土地购置", 100, True)],
    "building": [("厂房与基础改造", 100, True)],
}
VAT = {"equipment": 13, "software": 6, "service": 6, "installation": 9, "land": 0, "building": 9}
SELLER = "沈阳示例设备有限公司"
TWICE = {
    "supplier": SELLER,
    "invoice_number": "24210000000000350017",
    "supplier_uscc": "91210100PDY990017P",
    "contract_number": "示例合同-17",
}
CLAIMED_TWICE = ("E035", "E036")  # two enterprises claim one invoice; the one that filed later is stopped by the check
PAID_TO = {"E035": SELLER, "E036": "沈阳示例贸易有限公司"}  # the later one paid somebody who is not the seller
ALREADY_RECEIVED = {"E035": Decimal("300000.00")}  # from its district, for the same equipment
TASKS = {"point": 1, "line": 5, "area": 8}
INDICATORS = [
    {"kind": "产出", "name": "新增或更新设备", "unit": "台套", "direction": "≥", "baseline": "0", "target": "18"},
    {"kind": "产出", "name": "关键工序数控化率", "unit": "%", "direction": "≥", "baseline": "52", "target": "80"},
    {"kind": "效益", "name": "单位产值能耗下降", "unit": "%", "direction": "≥", "baseline": "0", "target": "12"},
    {"kind": "效益", "name": "劳动生产率提高", "unit": "%", "direction": "≥", "baseline": "0", "target": "20"},
]


def prepare(
    row: Row, call: Call, group: ProjectGroup | None, actor: User, at: datetime, *, whole: bool = True
) -> Project:
    """A draft of this row; `whole=False` leaves indicators and materials for the visitor."""
    project = filing.start_project(
        call=call, enterprise=actor.organisation, track=row.track, title=row.title, actor=actor, at=at, group=group
    )
    filing.save_basics(project, values=_basics(row, at), actor=actor, at=at)
    filing.save_lines(project, lines=_lines(row), actor=actor, at=at)
    if whole:
        filing.save_indicators(project, indicators=INDICATORS, actor=actor, at=at)
        _attach(project, row, actor, at)
    return project


def _basics(row: Row, at: datetime) -> dict[str, Any]:
    return {
        "title": row.title,
        "industry": row.industry,
        "task": TASKS[row.track],
        "site": row.address,
        "filing_number": row.filing_number,
        "filing_date": row.starts_on - timedelta(days=40),
        "credit_report_date": calendar.today(at) - timedelta(days=6),
        "start_on": row.starts_on,
        "end_on": row.ends_on,
        "content": f"{row.title}：更新关键工序设备，上线制造执行与质量系统，打通设计、生产和检测数据。",
        "benefit": "关键工序数控化率达到 80%，单位产值能耗下降 12%，劳动生产率提高 20%。",
        "own_funds": row.own_funds,
        "bank_loan": row.bank_loan,
        "received_elsewhere": ALREADY_RECEIVED.get(row.key, Decimal(0)),
        "contact": row.contact,
        "contact_phone": row.phone,
    }


def _lines(row: Row) -> list[dict[str, Any]]:
    lines = [line for category, amount in row.amounts.items() if amount for line in _spread(category, amount)]
    return [{**lines[0], **TWICE, **_contract(row, lines[0])}, *lines[1:]] if row.key in CLAIMED_TWICE else lines


def _contract(row: Row, line: dict[str, Any]) -> dict[str, Any]:
    """Contracted when the project began, and 30 percent paid a month later."""
    whole = line["amount"] + line["tax"]
    return {
        "contracted_on": row.starts_on, "contract_amount": whole, "payee": PAID_TO[row.key],
        "paid_on": row.starts_on + timedelta(days=30), "paid": round_down(whole * 30 / 100),
    }  # fmt: skip


def _spread(category: str, amount: Decimal) -> list[dict[str, Any]]:
    left, made = amount, []
    parts = SPREAD[category]
    for place, (name, share, domestic) in enumerate(parts, start=1):
        part = left if place == len(parts) else round_down(amount * share / 100)
        left -= part
        tax = round_down(part * VAT[category] / 100)
        made.append({"category": category, "name": name, "amount": part, "tax": tax, "domestic": domestic})
    return made


def _attach(project: Project, row: Row, actor: User, at: datetime) -> None:
    """One small paper of this project serves every entry of the list that must be there."""
    text = ["演示材料（内容虚构）", row.title, row.enterprise_name, row.uscc, f"备案文号 {row.filing_number}"]
    paper = files.store_bytes(sample_pdf(text), name=f"{row.key}-演示材料.pdf", kind="material", by=actor, at=at)
    for entry in project.call.materials.exclude(need=Need.OPTIONAL):
        if entry.is_needed_for(project.track, begun=row.key in CLAIMED_TWICE):
            filing.attach_material(project, entry, file=paper, actor=actor, at=at)
