"""Sheets of facts: checked once when made, read back from JSON, never a float."""

from datetime import date
from decimal import Decimal

import pytest

from policy.rules import (
    AcceptanceFacts,
    DateFacts,
    Facts,
    FactsError,
    InstalmentFacts,
    PoolFacts,
    facts_from_dict,
    recompute,
)
from policy.rules.amounts import fen, fraction_of, in_percent, in_yuan, round_down, share_of, whole_cents, yuan
from tests.policy.builders import LAW, accepted, changed, project, tranche

SHARE = Decimal("0.5")

FAULTS = [
    (project(mode="HERE"), "方向须为点、线或面"),
    (project(industry4="34"), "行业须为国民经济行业分类的四位代码"),
    (project(industry4="３４２１"), "行业须为国民经济行业分类的四位代码"),
    (project(industry4="34A1"), "行业须为国民经济行业分类的四位代码"),
    (project(project_kind="HOUSE"), "项目类型不在目录内"),
    (project(invest_total=0), "投资总额须大于零"),
    (project(invest_total=-1), "投资总额不能是负数"),
    (project(invest_total=Decimal("0.001")), "投资总额须以元为单位，最多两位小数"),
    (project(invest_total=Decimal("NaN")), "投资总额不是可以计算的金额"),
    (project(invest_total=Decimal("Infinity")), "投资总额不是可以计算的金额"),
    (project(invest_total=Decimal(10) ** 20), "投资总额不是可以计算的金额"),
    (project(invest_total=-(Decimal(10) ** 20)), "投资总额不是可以计算的金额"),
    (project(land_infra=-1), "土地、厂房等基础建设投资不能是负数"),
    (project(input_vat=-1), "进项税额不能是负数"),
    (project(dup_invoice=-1), "重复发票金额不能是负数"),
    (project(special_amount=-1), "一事一议金额不能是负数"),
    (project(approved=-1), "核定支持金额不能是负数"),
    (project(other_local_entitlement=-1), "地方政策支持金额不能是负数"),
    (project(other_received=-1), "已获其他财政支持不能是负数"),
    (project(central_pool=-1), "中央资金余额不能是负数"),
    (project(local_pool=-1), "地方资金余额不能是负数"),
    (project(enterprise_already=-1), "本企业已获支持不能是负数"),
    (project(local_base=-1), "地方支持的计算基数不能是负数"),
    (project(local_uplift=-1), "国产设备和软件的提高金额不能是负数"),
    (project(local_uplift=1), "提高支持金额须写明理由"),
    (project(local_uplift=1, uplift_reason="  "), "提高支持金额须写明理由"),
    (project(review_score=Decimal("NaN")), "评审分不是数"),
    (changed(approved=-1), "核定支持金额不能是负数"),
    (changed(paid=-1), "已拨金额不能是负数"),
    (changed(other_received=-1), "已获其他财政支持不能是负数"),
    (changed(decided_amount=-1), "决定所给的金额不能是负数"),
    (changed(project(invest_total=0)), "投资总额须大于零"),
    (accepted(mode=""), "方向须为点、线或面"),
    (accepted(approved=-1), "核定支持金额不能是负数"),
    (accepted(planned_eligible=-1), "计划合格投资不能是负数"),
    (accepted(central_committed=-1), "中央承诺金额不能是负数"),
    (accepted(central_paid=-1), "中央已拨金额不能是负数"),
    (accepted(local_paid=-1), "地方已拨金额不能是负数"),
    (accepted(stat_invest=Decimal("0.001")), "统计投资须以元为单位，最多两位小数"),
    (accepted(audited_eligible=Decimal("0.001")), "审定合格投资须以元为单位，最多两位小数"),
    (tranche(approved=-1), "核定支持金额不能是负数"),
    (tranche(paid=-1), "已拨金额不能是负数"),
    (tranche(plan=()), "分批计划须由0到1之间的比例组成"),
    (tranche(plan=(Decimal("-0.1"), SHARE)), "分批计划须由0到1之间的比例组成"),
    (tranche(plan=(Decimal("1.1"),)), "分批计划须由0到1之间的比例组成"),
    (tranche(plan=(Decimal("NaN"),)), "分批计划须由0到1之间的比例组成"),
    (tranche(plan=(Decimal("0.0000000000001"),)), "分批比例最多十二位小数"),
    (tranche(plan=(SHARE, Decimal("0.50000001"))), "分批比例合计不能超过100%"),
    (tranche(0), "批次不在计划之内"),
    (tranche(3), "批次不在计划之内"),
    (tranche(central_received_ratio=Decimal("1.01")), "到位比例和进度须在0到1之间"),
    (tranche(progress_ratio=Decimal("-0.01")), "到位比例和进度须在0到1之间"),
    (tranche(progress_ratio=Decimal("NaN")), "到位比例和进度须在0到1之间"),
    (tranche(line="CITY"), "资金来源须为中央或地方"),
    (PoolFacts(cases=(), local_pool=Decimal(-1)), "地方资金余额不能是负数"),
]


@pytest.mark.parametrize(("facts", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_what_cannot_be_right_is_named(facts, fault):
    assert facts.fault == fault


@pytest.mark.parametrize(
    "facts",
    [
        project(),
        project(invest_total=Decimal("0.01")),
        project(invest_total=Decimal(10) ** 20 - 1),
        project(project_kind="TRAINING", review_score=Decimal("-1.5")),
        project(local_uplift=Decimal("0.01"), uplift_reason="国产母机"),
        changed(project(mode="MIAN"), change_major=False, decided_amount=Decimal(1)),
        accepted(audited_eligible=-1, stat_invest=-1, central_committed=0),
        tranche(plan=(SHARE, Decimal("0.4")), central_received_ratio=Decimal(0), progress_ratio=Decimal(1)),
        tranche(plan=(Decimal("0.000000000001"), Decimal(0)), line="LOCAL", condition="accepted"),
        tranche(2, line="CENTRAL"),
        DateFacts(on=date(2026, 3, 5), existing=True),
        PoolFacts(cases=(project(), project(mode="XIAN")), central_pool=Decimal(0)),
    ],
)
def test_what_is_right_comes_back_from_json_as_it_was(facts):
    assert facts.fault == ""
    again = facts_from_dict(facts.as_dict())
    assert again == facts
    assert again.as_dict() == facts.as_dict()
    assert type(again) is type(facts)


def test_json_holds_text_not_numbers():
    data = project(invest_total=Decimal("1234567.89"), review_score=Decimal(90)).as_dict()
    assert (data["kind"], data["invest_total"], data["review_score"]) == ("ENTITLE", "1234567.89", "90")
    assert (data["special_amount"], data["chain_leader"]) == (None, False)
    assert "fault" not in data and "major" not in data
    assert DateFacts(on=date(2026, 3, 5)).as_dict() == {"kind": "DATE", "on": "2026-03-05", "existing": False}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "ELSE"}, "未知的事实类型：'ELSE'"),
        ({}, "未知的事实类型：None"),
        ({**project().as_dict(), "colour": 1}, "未知的事实项：colour"),
        ({**project().as_dict(), "fault": ""}, "未知的事实项：fault"),
        ({**project().as_dict(), "invest_total": 1.5}, "invest_total 须以文本给出，不能是浮点数"),
        ({**project().as_dict(), "invest_total": "many"}, "invest_total 不是数：'many'"),
        ({**project().as_dict(), "invest_total": []}, "invest_total 不是数"),
    ],
)
def test_json_that_cannot_be_read_is_refused(data, message):
    with pytest.raises(FactsError, match=message):
        facts_from_dict(data)


def test_a_float_is_a_fault_of_the_caller():
    with pytest.raises(TypeError, match="invest_total must be a Decimal of 元, not float"):
        Facts(mode="DIAN", industry4="3421", invest_total=1.5)  # type: ignore[arg-type]


def test_sheets_cannot_be_changed():
    with pytest.raises(AttributeError):
        project().mode = "XIAN"
    with pytest.raises(TypeError):
        Facts("DIAN", "3421", Decimal(1))  # type: ignore[misc]


def test_read_accepts_what_is_already_made():
    assert Facts.from_dict({**project().as_dict(), "invest_total": Decimal(5)}).invest_total == 5
    assert DateFacts.from_dict({"on": date(2026, 3, 5)}).on == date(2026, 3, 5)
    assert PoolFacts.from_dict({"cases": [project()]}).cases == (project(),)
    assert type(changed()).from_dict({**changed().as_dict(), "project": project()}) == changed()


def test_each_sheet_is_answered_by_its_rule():
    answers = [recompute(facts, LAW) for facts in (project(), changed(), accepted(), tranche())]
    assert [answer.kind for answer in answers] == ["ENTITLE", "CHANGE", "ACCEPT", "INSTALMENT"]
    assert recompute(DateFacts(on=date(2026, 3, 5)), LAW).verdict == "OK"
    with pytest.raises(FactsError, match="POOL 不是单个项目的事实"):
        recompute(PoolFacts(cases=()), LAW)


def test_defaults_are_a_plain_technical_renovation():
    facts = Facts.from_dict({"mode": "DIAN", "industry4": "3421", "invest_total": "1"})
    assert (facts.project_kind, facts.chain_leader, facts.demo_recognised) == ("TECH_REFORM", False, False)
    assert (facts.major, facts.standard_key) == ("34", "DIAN-OTHER")
    assert AcceptanceFacts.from_dict(accepted(chain_leader=True).as_dict()).standard_key == "DIAN-LEADER"
    assert InstalmentFacts.from_dict({"approved": "1", "plan": ["1"], "tranche_no": 1}).paid == 0
    assert changed().change_major is True


def test_rounding_goes_down_whatever_the_unit():
    assert round_down(Decimal("0.129"), Decimal("0.01")) == Decimal("0.12")
    assert round_down(Decimal("4999995"), Decimal(10_000)) == Decimal("4990000.00")
    assert str(round_down(Decimal(4_990_000), Decimal(10_000))) == "4990000.00"
    assert share_of(Decimal(100), Decimal(2), Decimal(3), Decimal("0.01")) == Decimal("66.66")
    assert share_of(Decimal(1_000), Decimal(2), Decimal(3), Decimal(100)) == Decimal("600.00")
    assert fraction_of(Decimal(100), Decimal("0.6666666666"), Decimal("0.01")) == Decimal("66.66")
    assert fraction_of(Decimal(1_000), Decimal("0.66"), Decimal(100)) == Decimal("600.00")
    third = Decimal("0." + "3" * 40)
    assert fraction_of(Decimal(7_500_000), third, Decimal("0.01")) == Decimal("2499999.99")


def test_figures_are_written_as_the_portal_writes_them():
    assert (in_yuan(Decimal(15_000_000)), in_yuan(Decimal("-0.5"))) == ("15,000,000.00", "−0.50")
    ratios = [in_percent(Decimal(text)) for text in ("0.15", "0.2", "0.125", "1", "0", "0.1250", "0.2770")]
    assert ratios == ["15%", "20%", "12.5%", "100%", "0%", "12.5%", "27.7%"]
    assert (fen(Decimal("1.23")), yuan(123), str(yuan(100))) == (123, Decimal("1.23"), "1.00")
    assert whole_cents(Decimal("-1.10")) and not whole_cents(Decimal("1.101"))
    assert not whole_cents(Decimal("NaN")) and not whole_cents(Decimal(10) ** 20)
