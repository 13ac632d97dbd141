"""The conditions a call may set (申报条件): what each says, rests on, needs, and what to do where it is not met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.facts.reference import default_conditions
from applications.models import CallRule, RuleKind, RuleWeight
from core.money import yuan

ANY = (RuleWeight.HARD, RuleWeight.HINT, RuleWeight.MANUAL)
BY_HAND = (RuleWeight.MANUAL,)


@dataclass(frozen=True, slots=True)
class Condition:
    """One kind of condition. `says` has its threshold in braces; `weights`: what the portal can judge by itself."""

    says: str
    clause: str
    section: str
    todo: str
    needs: tuple[str, ...] = ()
    weights: tuple[RuleWeight, ...] = ANY


CATALOGUE: dict[str, Condition] = {
    RuleKind.LEAST_INVESTMENT: Condition(
        "技术改造投资（不含土地、厂房等基础建设投资）不少于 {amount} 元", "第八条", "lines",
        "核对投资明细；确实达不到的，不能在本批次申报。", ("amount",),
    ),
    RuleKind.FILING_WINDOW: Condition(
        "项目备案或核准日期{window}", "第八条", "basics", "按备案证明填写备案日期。", ("window",)
    ),
    RuleKind.CONTRACT_WINDOW: Condition(
        "采购合同签订日期{window}", "第八条", "lines", "按合同填写签订日期；不在期间内的请从明细中删除。", ("window",)
    ),
    RuleKind.INVOICE_WINDOW: Condition(
        "计入的发票开具日期{window}", "第八条", "lines", "核对开票日期；不在期间内的发票请从明细中删除。", ("window",)
    ),
    RuleKind.PAYMENT_WINDOW: Condition(
        "付款日期{window}", "第八条", "lines", "按付款凭证填写付款日期；不在期间内的请从明细中删除。", ("window",)
    ),
    RuleKind.ABOVE_SCALE: Condition(
        "申报单位为规模以上工业企业", "第八条", "enterprise", "是规上工业企业的，请在一企一档中标明。"
    ),
    RuleKind.STATISTICS: Condition(
        "项目已纳入固定资产投资统计（206 表）", "第八条", "materials", "上传纳统证明；还没有纳统的，请向统计部门办理。"
    ),
    RuleKind.CREDIT_REPORT: Condition(
        "信用报告（信用中国）的查询日期在提交前 {days} 日内", "第十三条", "basics",
        "重新查询信用报告，上传并填写查询日期。", ("days",),
    ),
    RuleKind.UNFINISHED: Condition(
        "没有逾期未验收的以前年度项目", "第十一条", "enterprise", "先完成以前项目的验收，或说明进度。"
    ),
    RuleKind.OTHER_CENTRAL: Condition(
        "同一项目没有重复获得其他财政资金，已获支持的如实填写", "第五条", "funding",
        "在资金来源中如实填写，由区县核实资金性质。",
    ),
    RuleKind.SECOND_HAND: Condition(
        "不含二手设备、办公设备和没有发票的自制设备", "第六条（二）", "lines", "从明细中删除，或在建设内容中说明。"
    ),
    RuleKind.RELATED_PARTY: Condition(
        "向关联方采购的价格公允，没有加价", "第十三条", "lines", "由区县对照合同和股权关系核对。", weights=BY_HAND
    ),
    RuleKind.PAYMENTS: Condition(
        "付款的收款方为开票方，付款合计不超过合同金额", "第十三条", "lines",
        "按合同、发票和付款凭证改正明细；委托他人收款的，向区县说明。",
    ),
    RuleKind.ACCIDENTS: Condition(
        "近三年没有重大安全、环保、质量事故", "第八条", "materials", "由企业承诺，区县核实。", weights=BY_HAND
    ),
    RuleKind.DISPUTES: Condition(
        "没有重大法律纠纷，没有未满两年的行政处罚，不在调查之中", "第八条", "materials", "由企业承诺，区县核实。",
        weights=BY_HAND,
    ),
    RuleKind.PERMITS: Condition(
        "环评、用地、节能、安评等手续按项目需要齐备", "第八条", "materials", "由区县对照手续文件核对。", weights=BY_HAND
    ),
    RuleKind.OBSOLETE: Condition(
        "不属于国家公布的淘汰类产能和工艺", "第八条", "content", "由区县对照产业结构调整目录核对。", weights=BY_HAND
    ),
    RuleKind.OTHER: Condition("{note}", "第八条", "basics", "由区县对照申报通知核对。", ("note",), BY_HAND),
}  # fmt: skip


def words(rule: CallRule) -> str:
    """The condition as everybody reads it, its thresholds in place; the bureau's remark after it."""
    condition = CATALOGUE[rule.kind]
    said = condition.says.format(
        amount=yuan(rule.amount or Decimal(0)),
        window=span(rule.from_on, rule.to_on),
        days=rule.days or 0,
        note=rule.note,
    )
    return f"{said}（{rule.note}）" if rule.note and "note" not in condition.needs else said


def shown(rule: CallRule) -> dict[str, str]:
    """What the public reads beside a condition: its clause, and what follows where it is not met."""
    word, tone = {
        RuleWeight.HARD: ("不能提交", "stop"), RuleWeight.HINT: ("提示", "warn"), RuleWeight.MANUAL: ("人工核对", ""),
    }[RuleWeight(rule.weight)]  # fmt: skip
    return {"clause": CATALOGUE[rule.kind].clause, "word": word, "tone": tone}


def span(first: date | None, last: date | None) -> str:
    """在 2025年1月1日 至 2026年6月30日 之间, both days within; either end may be open."""
    if first and last:
        return f"在{_day(first)}至{_day(last)}之间"
    return f"不早于{_day(first)}" if first else f"不晚于{_day(last)}" if last else "不限"


def is_within(day: date, rule: CallRule) -> bool:
    """True for a day inside the window, both ends included."""
    return (rule.from_on is None or rule.from_on <= day) and (rule.to_on is None or day <= rule.to_on)


def default_rows(direction: str = "") -> list[dict[str, Any]]:
    """The conditions a new call starts with: kind, weight and thresholds."""
    return [
        {
            "kind": row["kind"], "weight": row["weight"], "note": row["note"],
            "amount": Decimal(row["amount"]) if row["amount"] else None,
            "days": int(row["days"]) if row["days"] else None, "from_on": None, "to_on": None,
        }
        for row in default_conditions(direction)
    ]  # fmt: skip


def fault_of(row: dict[str, Any]) -> tuple[str, str]:
    """The field of a condition that lacks something and what to say there; empty where it stands."""
    condition = CATALOGUE[row["kind"]]
    if row["weight"] not in condition.weights:
        return "weight", "系统不能自动判断这一条，只能列为人工核对。"
    for need in condition.needs:
        given = (row.get("from_on") or row.get("to_on")) if need == "window" else row.get(need)
        if not given:
            field, what = NEEDED[need]
            return field, f"须填写{what}。"
    if row.get("from_on") and row.get("to_on") and row["to_on"] < row["from_on"]:
        return "to_on", "止期早于起期，请核对。"
    return "", ""


NEEDED = {
    "amount": ("amount", "金额（元）"), "window": ("from_on", "起期或止期"), "days": ("days", "天数"),
    "note": ("note", "条件的内容"),
}  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
