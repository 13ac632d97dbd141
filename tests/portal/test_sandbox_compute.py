"""A scenario worked out: sums equal their rows, the law against itself changes nothing, pools end where they end."""

from decimal import Decimal

from core.money import to_fen
from policy import versions
from policy.rules import Facts, determine
from portal.sandbox.compute import Case, Terms, work_out
from tests.factories.portal import sheet

LAW = versions.load("2025-03")
HALVES = (Decimal("0.5"), Decimal("0.5"))


def terms(version=LAW, central=None, local=None, shares=HALVES):
    return Terms(
        version, None if central is None else Decimal(central), None if local is None else Decimal(local), shares
    )


def case(number, facts, enterprise=None):
    return Case(number, f"SYJG-{number:03d}", "铁西区", enterprise or number, facts)


def cases(count):
    return [case(number, sheet(number, ("point", "line", "area")[number % 3])) for number in range(1, count + 1)]


def point(amount=10_000_000, **more):
    return Facts(mode="DIAN", industry4="3421", invest_total=Decimal(amount), **more)


def test_the_law_against_itself_changes_nothing():
    summary, rows = work_out(
        cases(60), terms(central=5_000_000, local=3_000_000), terms(central=5_000_000, local=3_000_000)
    )

    assert summary["gain"] == summary["lose"] == [0, 0]
    assert summary["base"] == summary["new"]
    assert all(row.change == 0 for row in rows)


def test_sums_are_those_of_the_rows_in_every_group():
    summary, rows = work_out(
        cases(60), terms(), terms(LAW.varied(standards={"DIAN-OTHER": {"rate": "0.10"}}), central=9_000_000)
    )

    for name in ("central", "local", "unfunded"):
        of_rows = sum(getattr(row, name) for row in rows)
        assert summary["new"][name] == of_rows
        for groups in summary["groups"].values():
            assert sum(group[name] for group in groups) == of_rows
    assert sum(step["count"] for step in summary["bindings"]) == summary["projects"] == 60
    assert sum(step["total"] for step in summary["bindings"]) == summary["new"]["total"]
    assert summary["new"]["total"] - summary["base"]["total"] == summary["gain"][1] + summary["lose"][1]


def test_without_pools_each_project_gets_what_the_engine_gives_it_alone():
    chosen = cases(30)
    _, rows = work_out(chosen, terms(), terms())

    assert [row.total for row in rows] == [to_fen(determine(one.facts, LAW).total) for one in chosen]


def test_a_higher_rate_gains_and_a_lower_cap_loses():
    chosen = [case(1, point(10_000_000)), case(2, point(100_000_000))]
    varied = LAW.varied(standards={"DIAN-OTHER": {"rate": "0.20", "cap": "6000000"}})

    summary, rows = work_out(chosen, terms(), terms(varied))

    assert [row.change for row in rows] == [to_fen(500_000), to_fen(-4_000_000)]
    assert summary["gain"] == [1, to_fen(500_000)]
    assert summary["lose"] == [1, to_fen(-4_000_000)]
    assert [(step["label"], step["clause"]) for step in summary["bindings"]] == [
        ("× 20%（“点”上技改项目）", "第六条（二）1"),
        ("单个项目最高 600.00 万元", "第六条（二）1"),
    ]


def test_by_rank_the_pool_ends_at_the_project_it_no_longer_covers():
    scores = ("80", "95", "90")
    chosen = [case(number, point(review_score=Decimal(score))) for number, score in enumerate(scores, 1)]
    ranked = LAW.varied(settings={"pool_method": "RANK"})

    summary, rows = work_out(chosen, terms(), terms(ranked, central=2_000_000, local=600_000))

    assert [row.place for row in rows] == [3, 1, 2]
    assert [row.central for row in rows] == [0, to_fen(1_500_000), to_fen(500_000)]
    assert summary["pool"]["ends_at"] == {"place": 2, "number": "SYJG-003", "of": 3}
    assert summary["pool"]["claims"] == to_fen(4_500_000)
    assert summary["pool"]["gap"] == to_fen(2_500_000)
    assert (summary["pool"]["local"], summary["pool"]["unfunded"]) == (to_fen(600_000), to_fen(1_900_000))


def test_pro_rata_every_project_is_short_by_the_same_share():
    summary, rows = work_out([case(1, point()), case(2, point())], terms(), terms(central=1_500_000))

    assert [row.central for row in rows] == [to_fen(750_000)] * 2
    assert summary["pool"]["ends_at"] is None
    assert summary["pool"]["short"] == 2


def test_a_cap_per_enterprise_counts_its_earlier_projects():
    chosen = [case(1, point(80_000_000), 7), case(2, point(80_000_000), 7), case(3, point(80_000_000), 8)]
    capped = LAW.varied(settings={"enterprise_cap": "15000000"})

    _, rows = work_out(chosen, terms(), terms(capped))

    assert [row.total for row in rows] == [to_fen(10_000_000), to_fen(5_000_000), to_fen(10_000_000)]


def test_the_first_instalment_follows_the_ratios_by_source():
    shares = (Decimal("0.3"), Decimal("0.7"))

    summary, _ = work_out([case(1, point())], terms(), terms(central=1_000_000, shares=shares))

    assert (summary["base"]["first_central"], summary["base"]["first_local"]) == (to_fen(750_000), 0)
    assert (summary["new"]["first_central"], summary["new"]["first_local"]) == (to_fen(300_000), to_fen(150_000))


def test_a_refused_project_counts_as_nothing_and_says_why():
    summary, rows = work_out([case(1, point(land_infra=Decimal(10_000_000)))], terms(), terms())

    assert rows[0].total == 0
    assert summary["bindings"][0]["label"] == "没有合格投资"
