"""The end of the road in the demonstration: acceptance, rectification, settlement, 办结, termination and recovery."""

from __future__ import annotations

from decimal import Decimal

from core.models import Organisation
from disbursement.models import Acceptance, HearingKind, Recovery
from disbursement.services import closing, ending, hearings, recoveries, settlements
from portal.demo import money
from portal.demo.journey import Cast, Journey

TEXTS = {
    "progress_text": "全部设备已到货并投入使用，竣工日期与竣工报告一致。",
    "investment_text": "核对合同、发票与付款凭证，抽查率 60%，审定合格投资如下。",
    "technology_text": "关键工序数控化率由 52% 提高到 81%，达到任务书目标。",
    "domestic_text": "国产设备占比 85%，国产软件占比 60%。",
    "effect_text": "单位产值能耗下降 12.6%，劳动生产率提高 21%。",
}
# Share of the planned eligible investment that the third party found, in percent; others: all of it.
AUDITED = {"E022": 94, "E024": 60}

# Days before the loading: applied, reported, accepted, settlement confirmed, last instalment paid and 办结.
SETTLED = {"E001": (120, 100, 95, 90, 80, 70), "E003": (118, 99, 94, 89, 80, 69), "E022": (116, 98, 93, 88, 80, 68)}
IN_SETTLEMENT = {"E017": (50, 35, 30, 20, 0, 0)}


def walk(members: list[Journey], cast: Cast) -> None:
    """Each project of a paid wave to where its status says."""
    for one in members:
        days = SETTLED.get(one.row.key) or IN_SETTLEMENT.get(one.row.key)
        if days:
            _settle(one, days, cast)
        elif one.row.status == "验收中":
            _assess(one, cast)
        elif one.row.status == "验收不通过待整改":
            _rectify(one, cast)
        elif one.row.status == "终止":
            _terminate(one, cast)
    _close(members, cast)


def _apply(one: Journey, ago: int, cast: Cast) -> Acceptance:
    at = cast.days.ago(ago, hour=9)
    return closing.apply_for_acceptance(
        one.project, completed_on=at.date(), summary="建设内容全部完成，设备已投产。",
        claimed_investment=one.project.current_submission.investment, actor=one.enterprise(cast), at=at,
    )  # fmt: skip


def _commission(one: Journey, acceptance: Acceptance, ago: int, cast: Cast) -> Acceptance:
    at = cast.days.ago(ago, hour=10)
    body: Organisation = cast.users["assessor"].organisation
    number = f"示例工信委〔{at.year}〕{one.row.line}号"
    return closing.assign_assessor(acceptance, assessor=body, number=number, actor=cast.officer, at=at)


def _reported(one: Journey, applied: int, reported: int, cast: Cast, opinion: str = "pass") -> Acceptance:
    acceptance = _commission(one, _apply(one, applied, cast), applied - 3, cast)
    planned = one.project.determinations.get(is_current=True).eligible
    audited = (planned * AUDITED.get(one.row.key, 100) / 100).quantize(Decimal("0.01"))
    return closing.report(
        acceptance, texts=TEXTS, audited_eligible=audited, opinion=opinion, actor=cast.users["assessor"],
        at=cast.days.ago(reported, hour=14),
    )  # fmt: skip


def _settle(one: Journey, days: tuple[int, ...], cast: Cast) -> None:
    applied, reported, accepted, confirmed, _, _ = days
    acceptance = _reported(one, applied, reported, cast)
    closing.accept(acceptance, text="同意通过验收。", actor=cast.lead, at=cast.days.ago(accepted, hour=15))
    made = settlements.prepare_settlement(one.project, actor=cast.officer, at=cast.days.ago(confirmed + 1))
    settlements.confirm_settlement(made, actor=cast.lead, at=cast.days.ago(confirmed))


def _close(members: list[Journey], cast: Cast) -> None:
    """The last instalments in one batch, then 办结."""
    settled = [one for one in members if one.row.key in SETTLED]
    if not settled:
        return
    money.pay(settled, cast.days.ago(80), cast)
    for one in settled:
        settlements.close(one.project, actor=cast.lead, at=cast.days.ago(SETTLED[one.row.key][5], hour=16))


def _assess(one: Journey, cast: Cast) -> None:
    """The third party is at work."""
    _commission(one, _apply(one, 25, cast), 20, cast)


def _rectify(one: Journey, cast: Cast) -> None:
    acceptance = _reported(one, 60, 40, cast, opinion="rectify")
    text = "核级阀门加工中心少 2 台未到货，审定合格投资低于计划，请在期限内补齐设备和发票后再次申请验收。"
    closing.require_rectification(acceptance, text=text, actor=cast.lead, at=cast.days.ago(15))


def _terminate(one: Journey, cast: Cast) -> None:
    """The enterprise gives up; part of the money has come back."""
    at = cast.days.ago(60)
    reason = "企业产线搬迁，申请终止项目并退回已拨资金。"
    _hear(one, HearingKind.TERMINATE, reason, cast)
    ending.terminate(one.project, reason=reason, number=f"示例工信终〔{at.year}〕1号", actor=cast.lead, at=at)
    recovery = Recovery.objects.get(project=one.key)
    sent_at = cast.days.ago(28)
    recoveries.demand(
        recovery, number=f"示例工信追〔{at.year}〕1号", pay_to="沈阳市工业和信息化局，示例银行沈阳支行，示例账号 0000", actor=cast.lead,
        at=sent_at,
    )  # fmt: skip
    part = (recovery.demanded / 2).quantize(Decimal("0.01"))
    recoveries.record_receipt(
        recovery, amount=part, receipt_number="示例退款00001", on=cast.days.ago(14).date(), actor=cast.users["finance"],
        at=cast.days.ago(14, hour=15),
    )  # fmt: skip


def _hear(one: Journey, kind: str, facts: str, cast: Cast) -> None:
    """The bureau announces what it intends, the enterprise answers, the bureau weighs it."""
    announced = cast.days.ago(82)
    made = hearings.notify(
        one.project, kind, number=f"示例工信告〔{announced.year}〕1号", facts=facts, actor=cast.officer, at=announced
    )
    words = "同意终止。设备已随产线迁出，请允许分两次退回已拨资金。"
    made = hearings.answer(made, words=words, actor=one.enterprise(cast), at=cast.days.ago(80, hour=10))
    reasons = "企业对终止没有异议；分次退回可以，总额和期限不变。"
    hearings.weigh(made, upheld=False, reasons=reasons, actor=cast.officer, at=cast.days.ago(75, hour=15))
