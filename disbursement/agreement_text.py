"""What a 任务书 says, composed from the approved data: plain words and figures, kept as JSON beside its signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import BankAccount
from core import codes
from core.money import ZERO, capitals, percent, yuan
from core.templatetags.text_tags import cn_date
from disbursement import agreement_clauses as clauses
from disbursement.agreement_clauses import section
from disbursement.models import Award
from disbursement.plans import Part, plan_from
from policy import versions
from policy.rules.amounts import fraction_of

PAYER = "沈阳市工业和信息化局"
ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六")
INDICATOR_HEAD = ("类型", "指标", "方向", "现状值", "目标值", "单位", "取数口径")
INDICATOR_KEYS = ("kind", "name", "direction", "baseline", "target", "unit", "source")


def compose(award: Award, terms: Mapping[str, Any], changes: list[list[str]] | None = None) -> dict[str, Any]:
    """The contents of a 任务书 or 补充协议 (第九条三、第十至十三条): its parties, amounts and numbered sections. JSON-safe.

    `terms`: what the two sides agreed beside the filing: `plan`, and changed `end_on` and `indicators`. `changes`:
    (what, before, now) of a supplementary agreement, which begins with them and then says the whole anew.
    """
    project = award.project
    return {
        "parties": [["甲方", PAYER], ["乙方", project.enterprise.name], ["见证", project.district.bureau_name]],
        "amount": yuan(award.amount),
        "capitals": capitals(award.amount),
        "formula": _formula(award),
        "changes": changes or [],
        "reason": terms.get("reason", ""),
        "sections": [
            {**one, "ordinal": ordinal} for ordinal, one in zip(ORDINALS, _sections(award, terms), strict=False)
        ],
        "attachments": _attachments(award),
    }


def end_on(award: Award, terms: Mapping[str, Any]) -> date | None:
    """The day of completion now agreed."""
    said = terms.get("end_on")
    return date.fromisoformat(said) if said else award.project.current_submission.end_on


def indicators(award: Award, terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The performance targets now agreed, a dict each."""
    rows = terms.get("indicators")
    found = rows if rows is not None else award.project.current_submission.indicators
    return [row for row in found if isinstance(row, dict)]


def _sections(award: Award, terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    submission = award.project.current_submission
    plan = plan_from(terms["plan"])
    return [
        _basics(award, submission),
        section("建设内容与地点", submission.content or submission.title, f"建设地点：{submission.site or '—'}"),
        _milestones(award, submission, terms, plan),
        _investment(submission),
        _support(award),
        _instalments(award, terms["plan"]),
        _equipment(submission),
        _indicators(award, submission, terms),
        *clauses.before_acceptance(),
        *clauses.breach(),
        _contacts(award, submission),
        *clauses.signing(),
    ]


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
    return section("项目基本情况", head=("事项", "内容"), rows=rows)


def _milestones(award: Award, submission: Any, terms: Mapping[str, Any], plan: list[Part]) -> dict[str, Any]:
    done = end_on(award, terms)
    rows = [["开工", cn_date(submission.start_on)]]
    rows += [[f"投资进度达到 {part.progress}%", "竣工日期之前，以进度报告为准"] for part in plan if part.progress]
    rows += [["竣工投产", cn_date(done)], ["申请验收", "竣工后两个月内"]]
    text = f"项目起止时间为{cn_date(submission.start_on)}至{cn_date(done)}。乙方应在竣工日期前完成建设。"
    return section("起止时间与里程碑", text, head=("里程碑", "时间"), rows=rows)


def _investment(submission: Any) -> dict[str, Any]:
    totals: dict[str, Decimal] = {}
    for line in submission.lines.all():
        totals[line.get_category_display()] = totals.get(line.get_category_display(), ZERO) + line.amount
    rows = [[name, yuan(amount)] for name, amount in totals.items()]
    rows.append(["土地、厂房等基础建设（不计入）", yuan(submission.land_and_building)])
    rows.append(["投资总额", yuan(submission.investment)])
    return section("投资计划（不含税，元）", head=("类别", "金额"), rows=rows)


def _support(award: Award) -> dict[str, Any]:
    lines = list(award.lines.select_related("pool"))
    rows = [[str(line.pool), yuan(line.entitled)] for line in lines]
    waiting = award.amount - sum((line.entitled for line in lines), ZERO)
    if waiting:
        rows.append(["待安排", yuan(waiting)])
    rows.append(["合计", yuan(award.amount)])
    return section(
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


def _instalments(award: Award, said: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A 任务书 says what the shares of the award come to; a supplementary agreement what is arranged for each."""
    rows = []
    for position, (row, part, amount) in enumerate(
        zip(said, plan_from(said), _amounts(award, said), strict=True), start=1
    ):
        rows.append([f"第 {row.get('position', position)} 笔", part.share_words, yuan(amount), part.condition_words])
    words = [
        "资金由甲方直接拨付乙方。中央资金按到位进度拨付；金额按来源逐项取至分，末笔按最终支持金额结算（第十二条）。"
    ]
    if "amount" in said[0]:
        waiting = award.amount - sum((Decimal(row["amount"]) for row in said), ZERO)
        later = f"；另有 {yuan(waiting)} 元待安排，落实来源后按各笔比例增加" if waiting > ZERO else ""
        words.append(f"上列金额是拟定本协议时已落实来源的金额{later}。")
    return section("拨付批次与条件", *words, head=("批次", "比例", "金额（元）", "条件"), rows=rows)


def _amounts(award: Award, said: list[Mapping[str, Any]]) -> list[Decimal]:
    """元 of each instalment; the last takes the rest to the 分."""
    if "amount" in said[0]:
        return [Decimal(row["amount"]) for row in said]
    quantum = versions.load(award.project.call.policy_version).quantum
    first = [fraction_of(award.amount, part.fraction, quantum) for part in plan_from(said)[:-1]]
    return [*first, award.amount - sum(first, ZERO)]


def _equipment(submission: Any) -> dict[str, Any]:
    lines = [line for line in submission.lines.all() if line.category in ("equipment", "software")]
    rows = [
        [line.name, line.model or "—", str(line.quantity), yuan(line.amount), "国产" if line.domestic else "进口"]
        for line in lines
    ]
    total = sum((line.amount for line in lines), ZERO)
    domestic = sum((line.amount for line in lines if line.domestic), ZERO)
    words = ["验收时逐项核对，清单外的投入不计。"]
    if total:
        words.append(f"国产设备及软件投入 {yuan(domestic)} 元，占 {percent(domestic / total)}。")
    head = ("名称", "型号规格", "数量", "金额（元）", "产地")
    return section("设备及软件清单", *words, head=head, rows=rows)


def _indicators(award: Award, submission: Any, terms: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[str(row.get(key) or "—") for key in INDICATOR_KEYS] for row in indicators(award, terms)]
    text = submission.benefit or "按申报书所列成效完成。"
    return section("绩效目标", text, head=INDICATOR_HEAD, rows=rows)


def _contacts(award: Award, submission: Any) -> dict[str, Any]:
    account = BankAccount.objects.in_use().filter(organisation=award.project.enterprise_id).first()
    paid_to = f"{account.bank}，{codes.mask(account.number)}" if account else "—（签署后登记并经复核）"
    rows = [
        ["乙方联系人", submission.contact or "—"],
        ["乙方收款户名", award.project.enterprise.name],
        ["乙方开户行及账号", paid_to],
        ["甲方联系人", "以平台“联系我们”所列承办处室为准"],
    ]
    text = "收款账户以乙方在平台登记并经复核的账户为准；拨付前三十日内变更账户的，须经另一人再次核实后拨付。"
    return section("联系人与收款账户", text, head=("事项", "内容"), rows=rows)


def _attachments(award: Award) -> list[dict[str, Any]]:
    """附件 1 投资明细, 附件 2 承诺书."""
    submission = award.project.current_submission
    rows = [
        [line.get_category_display(), line.name, line.supplier or "—", str(line.quantity), yuan(line.amount), yuan(line.tax)]
        for line in submission.lines.all()
    ]  # fmt: skip
    head = ("类别", "名称", "供应商", "数量", "金额（不含税，元）", "税额（元）")
    return [
        section("投资明细表", head=head, rows=rows),
        section("承诺书", *[words for words in submission.declaration.splitlines() if words.strip()]),
    ]
