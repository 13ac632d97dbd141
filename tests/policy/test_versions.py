"""Versions are data: a second policy is a second file, and each keeps answering as it did."""

from datetime import date
from decimal import Decimal

import pytest

from policy import versions
from policy.rules import Determination, PolicyDataError, determine, recompute
from tests.policy.builders import LAW, project


@pytest.fixture
def next_policy(tmp_path, monkeypatch):
    """An invented policy from 2027-01-01: 点 at 12% to 800万, 汽车 (36) a pilot industry; no line of code."""
    text = (versions.FOLDER / "2025-03.toml").read_text("utf-8")
    text = text.replace('key = "2025-03"', 'key = "2027-01"')
    text = text.replace("valid_from = 2025-03-11", "valid_from = 2027-01-01")
    text = text.replace("valid_until = 2027-12-31", "valid_until = 2029-12-31")
    text = text.replace('rate = "0.15"\ncap = "10000000.00"', 'rate = "0.12"\ncap = "8000000.00"')
    text = text.replace('majors = ["34", "35", "37", "38"]', 'majors = ["34", "35", "36", "37", "38"]')
    text = text.replace("value = 2025-03-11", "value = 2027-01-01")
    text = text.replace("options = [2025-03-11, 2025-03-10]", "options = [2027-01-01]")
    (tmp_path / "2027-01.toml").write_text(text, "utf-8")
    monkeypatch.setenv("POLICY_VERSIONS", str(tmp_path))
    return versions.load("2027-01")


def test_a_new_policy_is_a_new_file(next_policy):
    assert [version.key for version in versions.all_versions()] == ["2025-03", "2027-01"]
    assert versions.in_force(date(2026, 12, 31)).key == "2025-03"
    assert versions.in_force(date(2027, 1, 1)).key == "2027-01"


def test_the_new_policy_decides_by_its_own_figures(next_policy):
    car_maker = project(industry4="3670")
    assert determine(project(), next_policy).ceiling == Decimal("3600000.00")
    assert determine(project(invest_total=100_000_000), next_policy).ceiling == Decimal("8000000.00")
    assert determine(car_maker, next_policy).central == Decimal("3600000.00")
    assert determine(car_maker, LAW).central == 0


def test_projects_of_both_versions_replay_to_the_same_figures(next_policy):
    sheets = [project(invest_total=amount, industry4=code) for amount in (7, 33_333_333) for code in ("3421", "3670")]
    stored = [determine(facts, version).as_dict() for version in (LAW, next_policy) for facts in sheets]
    assert len({entry["version"]["digest"] for entry in stored}) == 2
    for entry in stored:
        kept = Determination.from_dict(entry)
        version = versions.load(kept.version.key, entry["version"]["variation"])
        assert version.digest == kept.version.digest
        assert recompute(kept.facts, version).as_dict() == entry


def test_a_variation_is_told_apart_and_loads_again():
    varied = LAW.varied(settings={"allow_upward": True}, standards={"DIAN-OTHER": {"rate": "0.10"}})
    assert varied.digest != LAW.digest
    assert determine(project(), varied).ceiling == Decimal("3000000.00")
    again = versions.load("2025-03", dict(varied.variation))
    assert again.digest == varied.digest
    assert again.allow_upward
    assert LAW.varied().digest == LAW.digest


def test_variations_lie_over_one_another():
    twice = LAW.varied(standards={"DIAN-OTHER": {"rate": "0.10"}}).varied(standards={"DIAN-OTHER": {"cap": "1000"}})
    assert twice.standards["DIAN-OTHER"].rate == Decimal("0.10")
    assert twice.standards["DIAN-OTHER"].cap == Decimal("1000.00")


def test_the_law_has_its_dates_sources_and_reasons():
    assert (LAW.valid_from, LAW.valid_until) == (date(2025, 3, 11), date(2027, 12, 31))
    assert LAW.issued_by == ("沈阳市工业和信息化局", "沈阳市财政局")
    assert sorted(LAW.pilot_majors) == ["34", "35", "37", "38"]
    assert all(standard.clause.startswith("第六条（二）") and standard.evidence for standard in LAW.standards.values())
    assert all(direction.rate is None and direction.clause for direction in LAW.directions.values())
    assert all(setting.reason and setting.clause and setting.shown for setting in LAW.settings.values())
    assert LAW.default_plan().shares == (Decimal("0.5"), Decimal("0.5"))
    assert LAW.clocks["public_notice"].days == 5


def test_settings_are_shown_in_words():
    shown = {key: setting.shown for key, setting in LAW.settings.items()}
    expected = {
        "publicity_days": "5 工作日",
        "award_quantum": "0.01 元",
        "tax_basis": "不含税",
        "enterprise_cap": "不设",
        "spend_window": "由申报通知规定",
        "allow_upward": "否",
        "local_when_central_zero": "是",
        "effective_date": "2025年3月11日",
        "instalment_plan": "50% + 50%（签署、验收）",
        "eligible_items": "设备、软件、与设备配套的安装调试、技术服务",
    }
    assert {key: shown[key] for key in expected} == expected
    varied = LAW.varied(
        settings={"min_completion_ratio": "0.6", "spend_window": "2024年以后", "enterprise_cap": "15000000"}
    )
    assert varied.settings["min_completion_ratio"].shown == "60%"
    assert varied.settings["spend_window"].shown == "2024年以后"
    assert varied.settings["enterprise_cap"].shown == "15,000,000 元"
    assert LAW.standards["XIAN-LEADER"].terms == "20%，封顶 15,000,000.00 元"
    assert LAW.directions["equipment"].terms == "按现行政策，未录入比例"
    equipment = LAW.varied(directions={"equipment": {"rate": "0.1"}}).directions["equipment"]
    assert equipment.terms == "10%"


def test_no_policy_no_answer():
    with pytest.raises(versions.NoVersionInForce, match="2028年1月1日没有有效的政策版本"):
        versions.in_force(date(2028, 1, 1))
    with pytest.raises(versions.UnknownVersion):
        versions.load("1999-01")


@pytest.mark.parametrize(
    ("variation", "message"),
    [
        ({"settings": {"rounding": "HALF_UP"}}, "取整方向不能是 'HALF_UP'"),
        ({"settings": {"award_quantum": "0.005"}}, "0.01元的整数倍"),
        ({"settings": {"award_quantum": ""}}, "0.01元的整数倍"),
        ({"settings": {"award_quantum": "0"}}, "0.01元的整数倍"),
        ({"settings": {"nothing": 1}}, "没有这项设置：nothing"),
        ({"settings": {"enterprise_cap": 1.5}}, "不能有浮点数"),
        ({"settings": {"enterprise_cap": "-1"}}, "每家企业的上限超出范围"),
        ({"settings": {"enterprise_cap": "NaN"}}, "不是可以计算的数"),
        ({"settings": {"enterprise_cap": "many"}}, "不是数"),
        ({"settings": {"enterprise_cap": True}}, "须以文本给出"),
        ({"settings": {"min_completion_ratio": "1.01"}}, "超出范围"),
        ({"settings": {"allow_upward": 1}}, "不能是 1"),
        ({"settings": {"publicity_days": -1}}, "不能是 -1"),
        ({"settings": {"publicity_days": True}}, "不能是 True"),
        ({"settings": {"effective_date": "spring"}}, "不是日期"),
        ({"settings": {"instalment_plan": "whole"}}, "默认分批计划不能是"),
        ({"standards": {"DIAN-OTHER": {"rate": "0"}}}, "比例或封顶不对"),
        ({"standards": {"DIAN-OTHER": {"rate": "1.01"}}}, "比例或封顶不对"),
        ({"standards": {"DIAN-OTHER": {"cap": "0"}}}, "比例或封顶不对"),
        ({"standards": {"DIAN-OTHER": {"name": "x"}}}, "只能改动比例和封顶"),
        ({"standards": {"HERE-OTHER": {"rate": "0.1"}}}, "没有这项标准：HERE-OTHER"),
        ({"directions": {"moon": {}, "mars": {}}}, "没有这项标准：mars、moon$"),
    ],
)
def test_data_that_cannot_be_right_is_refused(variation, message):
    with pytest.raises(PolicyDataError, match=message):
        LAW.varied(**variation)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('track = "MIAN"\nleader = false', 'track = "MIAN"\nleader = true'),
        ('shares = ["0.5", "0.5"]', 'shares = ["0.5", "0.4"]'),
        ('conditions = ["signed", "accepted"]', 'conditions = ["signed"]'),
        ("valid_until = 2027-12-31", "valid_until = 2025-03-10"),
        ('base = "第六条（二）"\n', ""),
        ('title = "', "title = ["),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(before, after, tmp_path, monkeypatch):
    text = (versions.FOLDER / "2025-03.toml").read_text("utf-8")
    assert before in text
    (tmp_path / "broken.toml").write_text(text.replace(before, after), "utf-8")
    monkeypatch.setenv("POLICY_VERSIONS", str(tmp_path))
    with pytest.raises(PolicyDataError):
        versions.all_versions()
