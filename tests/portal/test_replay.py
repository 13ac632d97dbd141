"""Replay: every stored amount recomputes from its facts and its version; a changed result and a changed fact are found."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from applications.models import Determination
from disbursement.models import Settlement
from policy import versions
from portal import replay
from tests.disbursement import situations as given
from tests.factories import applications as filings
from tests.factories.portal import portfolio
from tests.portal.test_invariants import without

pytestmark = pytest.mark.django_db


def run():
    """Exit code and output of the command."""
    out = StringIO()
    try:
        call_command("replay_determinations", stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def next_policy(tmp_path, monkeypatch):
    """An invented policy from 2027-01-01, as one more file: 点 at 12% to 800万, 汽车 (36) a pilot industry."""
    text = (versions.FOLDER / "2025-03.toml").read_text("utf-8")
    for before, after in (
        ('key = "2025-03"', 'key = "2027-01"'),
        ("valid_from = 2025-03-11", "valid_from = 2027-01-01"),
        ("valid_until = 2027-12-31", "valid_until = 2029-12-31"),
        ('rate = "0.15"\ncap = "10000000.00"', 'rate = "0.12"\ncap = "8000000.00"'),
        ('majors = ["34", "35", "37", "38"]', 'majors = ["34", "35", "36", "37", "38"]'),
        ("value = 2025-03-11", "value = 2027-01-01"),
        ("options = [2025-03-11, 2025-03-10]", "options = [2027-01-01]"),
    ):
        assert before in text
        text = text.replace(before, after)
    (tmp_path / "2027-01.toml").write_text(text, "utf-8")
    monkeypatch.setenv("POLICY_VERSIONS", str(tmp_path))
    return versions.load("2027-01")


def changed(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


def test_what_the_engine_stored_replays():
    portfolio(30)

    assert run() == (
        0,
        "determination: 30 replayed (2025-03: 30), 0 differ\nsettlement: 0 replayed, 0 differ\n",
    )


def test_a_changed_result_is_found():
    portfolio(3)
    row = Determination.objects.order_by("pk")[1]
    changed(row, result={**row.result, "limit": "9999999.00"}, limit=Decimal("9999999.00"))

    code, said = run()

    assert code == 1
    assert f"DIFFERS determination {row.pk} (project {row.project_id}): limit：存 9999999.00，重算 {row.limit}" in said
    assert "3 replayed (2025-03: 3), 1 differ" in said


def test_a_changed_fact_is_found():
    portfolio(3)
    row = Determination.objects.first()
    changed(row, facts={**row.facts, "invest_total": "5000000.00"})

    assert run()[0] == 1
    assert replay.fault_of(Determination.objects.get(pk=row.pk)) == "事实与结果中记下的事实不同"


def test_a_fact_changed_in_both_places_is_found():
    portfolio(3)
    row = Determination.objects.first()
    facts = {**row.facts, "invest_total": "5000000.00"}
    changed(row, facts=facts, result={**row.result, "facts": facts})

    assert "eligible：存" in replay.fault_of(Determination.objects.get(pk=row.pk))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"policy_digest": "0" * 64}, "政策版本 2025-03 的内容已变"),
        ({"policy_version": "1999-01"}, "不能重算（没有政策版本 1999-01）"),
        ({"facts": {}}, "不能重算（未知的事实类型：None）"),
        ({"verdict": "REJECT_BAD_INPUT"}, "结论列：存 数据有误，重算 可以支持"),
        ({"ceiling": Decimal("99000000.00")}, "ceiling 列：存 99000000.00"),
    ],
)
def test_each_stored_part_is_compared(values, words):
    portfolio(1)
    without("applications_determination", "columns_repeat_the_determination")  # which would refuse a changed column
    row = Determination.objects.get()
    changed(row, **values)

    assert replay.fault_of(Determination.objects.get()).startswith(words)


def test_projects_of_two_versions_replay_beside_each_other(next_policy):
    portfolio(10)
    portfolio(10, call=filings.call(year=2027, policy_version="2027-01"), version="2027-01")

    code, said = run()

    assert code == 0
    assert said.startswith("determination: 20 replayed (2025-03: 10, 2027-01: 10), 0 differ\n")
    ceilings = Determination.objects.filter(project__track="point", facts__industry4="3421").values_list(
        "ceiling", flat=True
    )
    assert len(set(ceilings)) > 1


def test_a_version_whose_text_changed_is_found(next_policy, tmp_path):
    portfolio(2, version="2027-01")
    file = tmp_path / "2027-01.toml"
    file.write_text(file.read_text("utf-8").replace('rate = "0.12"', 'rate = "0.13"'), "utf-8")

    code, said = run()

    assert code == 1
    assert "政策版本 2027-01 的内容已变" in said


def test_settlements_replay_and_a_changed_one_is_found():
    project = given.half_paid()
    given.settled(project, "40000000.00")
    row = Settlement.objects.get()
    assert replay.fault_of(row) == ""

    changed(row, final=row.final + 1)

    assert replay.fault_of(Settlement.objects.get()) == f"final 列：存 {row.final + 1}，重算 {row.final}"


def test_rows_are_read_in_chunks(monkeypatch, django_assert_num_queries):
    portfolio(7)
    monkeypatch.setattr(replay, "CHUNK", 3)

    with django_assert_num_queries(1):
        assert [one.fault for one in replay.replayed(Determination)] == [""] * 7
