"""What a 任务书 says, composed from the approved data: plain words and figures, kept as JSON beside its signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.money import ZERO, capitals, percent, yuan
from disbursement.models import Award, Condition
from policy import versions

PAYER = "沈阳市工业和信息化局"
ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六")


def compose(award: Award) -> dict[str, Any]:
    """The contents of a 任务书 (第九条三、第十至十三条): its parties, amounts and numbered sections. JSON-safe."""
    project = award.project
    lines = list(award.lines.select_related("pool"))
    return {
        "parties": [["甲方", PAYER], ["乙方", project.enterprise.name], ["见证", project.district.bureau_name]],
        "amount": yuan(award.amount),
        "capitals": capitals(award.amount),
        "formula": _formula(award),
        "sections": [
            {**section, "ordinal": ordinal} for ordinal, section in zip(ORDINALS, _sections(award, lines), strict=False)
        ],
    }


def _sections(award: Award, lines: list[Any]) -> list[dict[str, Any]]:
    submission = award.project.current_submission
    return [
        _basics(award, submission),
        _section("建设内容与地点", submission.content or submission.title, f"建设地点：{submission.site or '—'}"),
        _section("起止时间", f"{_day(submission.start_on)}至{_day(submission.end_on)}。乙方应在竣工日期前完成建设。"),
        _investment(submission),
        _support(award, lines),
        _instalments(award),
        _equipment(submission),
        _indicators(submission),
        *_duties(award),
    ]


def _section(title: str, *paragraphs: str, head: tuple[str, ...] = (), rows: list[list[str]] | None = None) -> dict:
    return {"title": title, "paragraphs": list(paragraphs), "head": list(head), "rows": rows or []}


def _basics(award: Award, submission: Any) -> dict[str, Any]:
    project = award.project
    rows = [
        ["项目名称", submission.title],
        ["项目编号", project.number],
        ["承担单位", f"{submission.enterprise_name}（{submission.uscc}）"],
        ["类别", project.get_track_display() + ("（链主企业）" if submission.chain_leader else "")],
        ["行业", submission.industry],
        ["备案文号", submission.filing_number or "—"],
        ["批复文号", award.approval.number],
    ]
    return _section("项目基本情况", head=("事项", "内容"), rows=rows)


def _investment(submission: Any) -> dict[str, Any]:
    totals: dict[str, Decimal] = {}
    for line in submission.lines.all():
        totals[line.get_category_display()] = totals.get(line.get_category_display(), ZERO) + line.amount
    rows = [[name, yuan(amount)] for name, amount in totals.items()]
    rows.append(["土地、厂房等基础建设（不计入）", yuan(submission.land_and_building)])
    rows.append(["投资总额", yuan(submission.investment)])
    return _section("投资计划（不含税，元）", head=("类别", "金额"), rows=rows)


def _support(award: Award, lines: list[Any]) -> dict[str, Any]:
    rows = [[str(line.pool), yuan(line.entitled)] for line in lines]
    waiting = award.amount - sum((line.entitled for line in lines), ZERO)
    if waiting:
        rows.append(["待安排", yuan(waiting)])
    rows.append(["合计", yuan(award.amount)])
    return _section(
        "核定支持与资金来源",
        f"市政府以{award.approval.number}核定支持 {yuan(award.amount)} 元（{capitals(award.amount)}）。",
        f"最终支持金额：{_formula(award)}",
        head=("来源", "金额（元）"),
        rows=rows,
    )


def _formula(award: Award) -> str:
    """The final formula in words (第十一、十二条); the reduce method of the policy version is written into the paper."""
    version = versions.load(award.project.call.policy_version)
    if version.prorates_plan:
        how = "按核定额乘以审定合格投资占计划合格投资的比例折算，且不高于按审定合格投资和第六条标准计算的上限"
    else:
        how = "取“核定额”与“按审定合格投资和第六条标准计算的上限”二者中较低者"
    return f"竣工验收后，{how}，向下取至分，再减去同一项目已获的其他财政支持；已拨金额多于最终金额的，差额退回（第六、十一、十二条）。"


def _instalments(award: Award) -> dict[str, Any]:
    plan = versions.load(award.project.call.policy_version).default_plan()
    rows = [
        [f"第 {position} 笔", percent(share), str(Condition(condition).label)]
        for position, (share, condition) in enumerate(zip(plan.shares, plan.conditions, strict=True), start=1)
    ]
    text = "资金由甲方直接拨付乙方。中央资金按到位进度拨付；末笔按最终支持金额结算（第十二条）。"
    return _section("拨付批次与条件", text, head=("批次", "比例", "条件"), rows=rows)


def _equipment(submission: Any) -> dict[str, Any]:
    rows = [
        [line.name, line.model or "—", str(line.quantity), yuan(line.amount), "国产" if line.domestic else "进口"]
        for line in submission.lines.all()
        if line.category in ("equipment", "software")
    ]
    head = ("名称", "型号规格", "数量", "金额（元）", "产地")
    return _section("设备及软件清单", "验收时逐项核对，清单外的投入不计。", head=head, rows=rows)


def _indicators(submission: Any) -> dict[str, Any]:
    rows = [
        [str(row.get(key) or "—") for key in ("name", "baseline", "target", "unit")]
        for row in submission.indicators
        if isinstance(row, dict)
    ]
    text = submission.benefit or "按申报书所列成效完成。"
    return _section("绩效目标", text, head=("指标", "基线", "目标", "单位"), rows=rows)


def _duties(award: Award) -> list[dict[str, Any]]:
    return [
        _section("进度报告", "乙方每季度报送建设进度、投资完成和绩效情况，区县工信部门核对。"),
        _section("变更与延期", "项目主体、主要建设内容、建设性质发生变化的，乙方及时提出，区县审核，甲方备案；不得擅自变更（第十条）。"),
        _section("验收", "竣工后乙方申请验收，甲方会同市财政局委托第三方，就进度、投资、技术、国产化、成效出具报告（第十一条）。"),
        _section("资金管理", "补助资金专账核算，专款专用；形成的主要设备在验收前不得转让。"),
        _section("违约与追回", "弄虚作假的，取消资格，收回全部已拨资金，记入失信名单（第十三条）；涉嫌犯罪的依法移送（第十四条）。"),
        _section("签署", "双方应在规定期限内签署，逾期未签的，本次支持失效（第九条（三））。收款账户以乙方在平台登记并经确认的账户为准。"),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"
