"""The explanations people read, word for word: explanations.txt is the reviewed text of each situation.

After a wanted change of wording: `REWRITE=1 script/test tests/policy/test_explanations.py`, and review the difference.
"""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from policy.rules import DateFacts, Determination, PoolFacts, allocate, change, determine, instalment, settle, validity
from tests.policy.builders import LAW, accepted, changed, project, tranche

TEXT = Path(__file__).parent / "explanations.txt"


def under(**settings):
    return LAW.varied(settings=settings)


WITH_RATE = LAW.varied(directions={"equipment": {"rate": "0.25", "cap": "6000000"}})
SHARED = PoolFacts(
    cases=(
        project(mode="XIAN", chain_leader=True, invest_total=80_000_000, review_score=Decimal(90)),
        project(invest_total=100_000_000, review_score=Decimal("90.5")),
        project(industry4="3670", other_local_entitlement=2_000_000),
        project(mode="XIAN", invest_total=50_000_000, review_score=Decimal(90)),
        project(land_infra=40_000_000),
    ),
    central_pool=Decimal(20_000_000),
    local_pool=Decimal(9_000_000),
)
UNCAPPED = PoolFacts(cases=SHARED.cases[:2])
DRY = PoolFacts(cases=SHARED.cases[:1], central_pool=Decimal(0))

SITUATIONS = {
    "点": lambda: determine(project(), LAW),
    "点，封顶": lambda: determine(project(invest_total=100_000_000, chain_leader=True), LAW),
    "点，恰到封顶": lambda: determine(project(mode="XIAN", invest_total=25_000_000), LAW),
    "线链主，扣除土地、税和重复发票": lambda: determine(
        project(mode="XIAN", chain_leader=True, land_infra=5_000_000, input_vat=3_000_000, dup_invoice=1_000_000), LAW
    ),
    "含税口径": lambda: determine(project(input_vat=3_000_000), under(tax_basis="INCL_VAT")),
    "取到万元": lambda: determine(project(invest_total=33_333_300), under(award_quantum="10000")),
    "核定低于上限": lambda: determine(project(approved=4_000_000), LAW),
    "核定等于上限": lambda: determine(project(approved=4_500_000), LAW),
    "核定高于上限": lambda: determine(project(approved=4_500_001), LAW),
    "地方较低": lambda: determine(project(other_local_entitlement=3_000_000), LAW),
    "地方较高": lambda: determine(project(other_local_entitlement=6_000_000, other_received=1_000_000), LAW),
    "地方高于核定、低于上限": lambda: determine(project(approved=1_000_000, other_local_entitlement=2_000_000), LAW),
    "地方较高，资金不足": lambda: determine(project(other_local_entitlement=6_000_000, local_pool=1_000_000), LAW),
    "补差": lambda: determine(project(other_local_entitlement=6_000_000), under(dedupe="TOP_UP")),
    "补差，地方不高": lambda: determine(project(other_local_entitlement=4_500_000), under(dedupe="TOP_UP")),
    "补差，核定以内": lambda: determine(
        project(approved=1_000_000, other_local_entitlement=2_000_000), under(dedupe="TOP_UP")
    ),
    "补差，已获一部分": lambda: determine(
        project(other_local_entitlement=6_000_000, other_received=5_000_000), under(dedupe="TOP_UP")
    ),
    "已获一部分": lambda: determine(project(other_received=3_000_000), LAW),
    "已获更多": lambda: determine(project(other_received=5_000_000), LAW),
    "中央不足": lambda: determine(project(central_pool=1_000_000), LAW),
    "中央恰够": lambda: determine(project(central_pool=4_500_000), LAW),
    "中央不足，地方也不足": lambda: determine(project(central_pool=1_000_000, local_pool=2_000_000), LAW),
    "中央为零": lambda: determine(project(central_pool=0), LAW),
    "中央为零，地方不补": lambda: determine(project(central_pool=0), under(local_when_central_zero=False)),
    "中央有余，地方不补": lambda: determine(project(central_pool=1), under(local_when_central_zero=False)),
    "企业上限": lambda: determine(project(enterprise_already=2_000_000), under(enterprise_cap="5000000")),
    "企业上限已满": lambda: determine(project(enterprise_already=9_000_000), under(enterprise_cap="5000000")),
    "企业上限未及": lambda: determine(project(), under(enterprise_cap="4500000")),
    "国产设备提高": lambda: determine(
        project(
            local_direction="equipment",
            local_base=Decimal(20_000_000),
            local_uplift=500_000,
            uplift_reason="国产母机六台",
        ),
        WITH_RATE,
    ),
    "地方按比例，封顶": lambda: determine(project(local_direction="equipment"), WITH_RATE),
    "地方只有比例": lambda: determine(
        project(local_direction="digital_green", local_uplift=500_000, uplift_reason="不在提高之列"),
        LAW.varied(directions={"digital_green": {"rate": "0.1"}}),
    ),
    "提高但未列方向": lambda: determine(project(local_uplift=500_000, uplift_reason="国产母机"), LAW),
    "其他行业，线，经认定": lambda: determine(project(mode="XIAN", industry4="3670", demo_recognised=True), LAW),
    "其他行业，线，经认定，地方更高": lambda: determine(
        project(mode="XIAN", industry4="3670", demo_recognised=True, other_local_entitlement=7_000_000), LAW
    ),
    "其他行业，经认定，不许参照": lambda: determine(
        project(mode="XIAN", industry4="3670", demo_recognised=True), under(other_industry_reference=False)
    ),
    "其他行业，点，经认定": lambda: determine(project(industry4="3670", demo_recognised=True), LAW),
    "其他行业，只有地方": lambda: determine(
        project(industry4="3670", other_local_entitlement=2_000_000, other_received=500_000, local_pool=1_000_000), LAW
    ),
    "一事一议": lambda: determine(project(industry4="6513", special_amount=20_000_000, local_pool=15_000_000), LAW),
    "试点行业一事一议": lambda: determine(project(special_amount=20_000_000), LAW),
    "试点行业一事一议，允许": lambda: determine(project(special_amount=20_000_000), under(special_for_pilot=True)),
    "园区平台": lambda: determine(
        project(mode="MIAN", project_kind="PLATFORM", other_local_entitlement=3_000_000, local_pool=1_000_000), LAW
    ),
    "低于最低投资": lambda: determine(project(invest_total=4_999_999), under(min_eligible_investment="5000000")),
    "恰为最低投资": lambda: determine(project(invest_total=5_000_000), under(min_eligible_investment="5000000")),
    "土地大于总额": lambda: determine(project(land_infra=30_000_001), LAW),
    "没有合格投资": lambda: determine(project(land_infra=29_000_000, dup_invoice=1_000_000), LAW),
    "负数": lambda: determine(project(land_infra=-1), LAW),
    "变更，降低": lambda: change(changed(project(invest_total=40_000_000), paid=7_000_000), LAW),
    "变更，不自动上调": lambda: change(changed(project(invest_total=60_000_000)), LAW),
    "变更，允许上调": lambda: change(changed(project(invest_total=60_000_000)), under(allow_upward=True)),
    "变更，非重大": lambda: change(changed(change_major=False), LAW),
    "变更，行业改变": lambda: change(changed(project(industry4="3670"), paid=3_000_000, other_received=1), LAW),
    "变更，按决定": lambda: change(changed(decided_amount=5_000_000, other_received=1_000_000, paid=5_000_000), LAW),
    "变更，资金余额不影响": lambda: change(changed(project(central_pool=1, local_pool=1, approved=1)), LAW),
    "变更，地方方向": lambda: change(changed(project(project_kind="PLATFORM", other_local_entitlement=3_000_000)), LAW),
    "变更，已获更多": lambda: change(changed(other_received=9_000_000), LAW),
    "变更，没有合格投资": lambda: change(changed(project(land_infra=30_000_000)), LAW),
    "变更，数据有误": lambda: change(changed(paid=-1), LAW),
    "终核，降低": lambda: settle(accepted(audited_eligible=40_000_000, paid=3_750_000), LAW),
    "终核，不上调": lambda: settle(accepted(audited_eligible=60_000_000), LAW),
    "终核，允许上调": lambda: settle(accepted(audited_eligible=60_000_000), under(allow_upward=True)),
    "终核，封顶": lambda: settle(accepted(approved=10_000_000, audited_eligible=70_000_000), LAW),
    "终核，审定为零": lambda: settle(accepted(audited_eligible=0, paid=1), LAW),
    "终核，审定为负": lambda: settle(accepted(audited_eligible=-5), LAW),
    "终核，统计就低": lambda: settle(accepted(stat_invest=40_000_000), under(stat_check=True)),
    "终核，统计不启用": lambda: settle(accepted(stat_invest=40_000_000), LAW),
    "终核，统计未报": lambda: settle(accepted(), under(stat_check=True)),
    "终核，按计划完成率": lambda: settle(
        accepted(approved=6_000_000, planned_eligible=50_000_000, audited_eligible=45_000_000),
        under(reduce_method="PRORATA_PLAN"),
    ),
    "终核，按计划完成率，上限起作用": lambda: settle(
        accepted(approved=9_000_000, planned_eligible=40_000_000, audited_eligible=40_000_000),
        under(reduce_method="PRORATA_PLAN"),
    ),
    "终核，没有计划": lambda: settle(accepted(), under(reduce_method="PRORATA_PLAN")),
    "终核，计划为零": lambda: settle(accepted(planned_eligible=0), under(reduce_method="PRORATA_PLAN")),
    "终核，低于最低完成比例": lambda: settle(
        accepted(planned_eligible=100_000_000, audited_eligible=59_999_999), under(min_completion_ratio="0.6")
    ),
    "终核，恰为最低完成比例": lambda: settle(
        accepted(planned_eligible=100_000_000, audited_eligible=60_000_000), under(min_completion_ratio="0.6")
    ),
    "终核，弄虚作假": lambda: settle(accepted(fraud=True, paid=3_750_000), LAW),
    "终核，已获其他支持": lambda: settle(accepted(other_received=3_000_000), LAW),
    "终核，已获更多": lambda: settle(accepted(other_received=8_000_000, paid=1), LAW),
    "终核，按决定": lambda: settle(accepted(decided_amount=5_000_000), LAW),
    "终核，两个来源，先减地方": lambda: settle(
        accepted(
            audited_eligible=40_000_000,
            central_committed=7_000_000,
            central_paid=7_000_000,
            local_paid=500_000,
            paid=7_500_000,
        ),
        LAW,
    ),
    "终核，两个来源，按比例": lambda: settle(
        accepted(
            audited_eligible=40_000_000,
            other_received=500_000,
            central_committed=3_500_000,
            central_paid=3_500_000,
            local_paid=3_500_000,
            paid=7_000_000,
        ),
        under(clawback_order="PRORATA"),
    ),
    "终核，两个来源，全部已获": lambda: settle(
        accepted(other_received=7_500_000, central_committed=1_000_000), under(clawback_order="PRORATA")
    ),
    "终核，数据有误": lambda: settle(accepted(paid=-1), LAW),
    "首批": lambda: instalment(tranche(), LAW),
    "末批": lambda: instalment(tranche(2, paid=3_750_000), LAW),
    "首批，中央到位三成": lambda: instalment(tranche(central_received_ratio=Decimal("0.3")), LAW),
    "首批，中央到位三成，不设闸": lambda: instalment(
        tranche(central_received_ratio=Decimal("0.3")), under(gate_by_central_receipt=False)
    ),
    "地方部分不受中央到位限制": lambda: instalment(tranche(central_received_ratio=Decimal("0.3"), line="LOCAL"), LAW),
    "中央部分受到位限制": lambda: instalment(tranche(central_received_ratio=Decimal("0.3"), line="CENTRAL"), LAW),
    "首批，进度两成": lambda: instalment(tranche(progress_ratio=Decimal("0.2")), LAW),
    "首批，进度两成，不设闸": lambda: instalment(tranche(progress_ratio=Decimal("0.2")), under(gate_by_progress=False)),
    "签署即付，进度不限": lambda: instalment(tranche(progress_ratio=Decimal("0.2"), condition="signed"), LAW),
    "以进度为条件": lambda: instalment(tranche(progress_ratio=Decimal("0.2"), condition="progress"), LAW),
    "末批，到位不足": lambda: instalment(tranche(2, paid=3_750_000, central_received_ratio=Decimal("0.9")), LAW),
    "末批，全部到位": lambda: instalment(tranche(2, paid=3_750_000, central_received_ratio=Decimal(1)), LAW),
    "已超拨": lambda: instalment(tranche(paid=4_000_000), LAW),
    "批次不在计划内": lambda: instalment(tranche(3), LAW),
    "有效期内": lambda: validity(DateFacts(on=date(2025, 3, 11)), LAW),
    "最后一天": lambda: validity(DateFacts(on=date(2027, 12, 31)), LAW),
    "生效之前": lambda: validity(DateFacts(on=date(2025, 3, 10), existing=True), LAW),
    "按落款日": lambda: validity(DateFacts(on=date(2025, 3, 10)), under(effective_date="2025-03-10")),
    "期满之后": lambda: validity(DateFacts(on=date(2028, 1, 1)), LAW),
    "期满之后，存量": lambda: validity(DateFacts(on=date(2028, 1, 1), existing=True), LAW),
    "期满之后，全部停止": lambda: validity(
        DateFacts(on=date(2028, 1, 1), existing=True), under(after_expiry="STOP_ALL")
    ),
    **{f"资金池按比例 {n}": lambda n=n: allocate(SHARED, LAW)[n] for n in range(5)},
    **{f"资金池按评审分 {n}": lambda n=n: allocate(SHARED, under(pool_method="RANK"))[n] for n in range(5)},
    "资金池，不限": lambda: allocate(UNCAPPED, LAW)[0],
    "资金池，中央为零": lambda: allocate(DRY, LAW)[0],
    "资金池，中央为零，地方不补": lambda: allocate(DRY, under(local_when_central_zero=False))[0],
    "资金池，数据有误": lambda: allocate(PoolFacts(cases=SHARED.cases[:1], central_pool=Decimal(-1)), LAW)[0],
}


def told(answer: Determination) -> str:
    figures = " ".join(f"{name}={value}" for name, value in answer.figures.items() if value is not None)
    lines = [f"{answer.verdict} {answer.label} {figures}".strip()]
    for step in answer.steps:
        mark = "*" if step.binds else "-"
        amount = "—" if step.amount is None else f"{step.amount:,.2f}"
        lines.append(f"{mark} {step.key}/{step.arithmetic} | {step.label} | {amount} | {step.sentence()}")
    if answer.refused:
        lines.append(f"! {answer.reason} | {answer.clause or '无条款'}")
    return "\n".join(lines)


def kept() -> dict[str, str]:
    blocks = TEXT.read_text("utf-8").strip().split("\n\n") if TEXT.exists() else []
    return dict(block.removeprefix("## ").split("\n", 1) for block in blocks)


def test_every_situation_has_its_reviewed_text():
    if os.environ.get("REWRITE"):
        blocks = [f"## {name}\n{told(answer())}" for name, answer in SITUATIONS.items()]
        TEXT.write_text("\n\n".join(blocks) + "\n", "utf-8")
    assert list(kept()) == list(SITUATIONS)


@pytest.mark.parametrize("name", SITUATIONS)
def test_explanation(name):
    assert told(SITUATIONS[name]()) == kept()[name]


@pytest.mark.parametrize("name", SITUATIONS)
def test_stored_and_read_again_it_says_the_same(name):
    answer = SITUATIONS[name]()
    assert told(Determination.from_dict(answer.as_dict())) == told(answer)


def test_a_verdict_rests_on_the_clause_of_the_step_that_fixed_it():
    assert determine(project(), LAW).clause == "第六条（二）1"
    assert determine(project(other_local_entitlement=6_000_000), LAW).clause == "第五条"
    assert determine(project(approved=1), LAW).binding_step.key == "approved"
    assert determine(project(land_infra=30_000_000), LAW).clause == "第六条（二）"
