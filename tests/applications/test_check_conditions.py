"""The conditions of a call: each once met, once not, with the weight the bureau gave it; a hard one refuses the submission."""

from datetime import date
from decimal import Decimal

import pytest

from applications import checks, services
from applications.facts import completeness, conditions
from applications.models import EnterpriseProfile, Project, RuleKind
from applications.queries.checks import check_results
from tests.applications.checking import ON, answer_of, draft_with, filed_with, invoice, line, outcome
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment
from tests.questions import Questions

pytestmark = pytest.mark.django_db

SPRING = {"from_on": date(2026, 1, 1), "to_on": date(2026, 6, 30)}
MACHINE_JUDGED = {
    "call_least_investment": ({"amount": Decimal(10_000_000)}, {}),
    "call_filing_window": (SPRING, {"filing_date": date(2026, 1, 1)}),
    "call_invoice_window": (SPRING, {}),
    "call_above_scale": ({}, {}),
    "call_statistics": ({}, {}),
    "call_credit_report": ({"days": 30}, {"credit_report_date": date(2026, 2, 20)}),
    "call_unfinished": ({}, {}),
    "call_other_central": ({}, {}),
    "call_second_hand": ({}, {}),
}


SELLER = "沈阳甲设备有限公司"


def bought(**fields):
    """A line of 2,000 万元 with its contract, its invoice and its payment in order."""
    paid_for = {"contract_number": "HT-1", "contracted_on": date(2026, 1, 15), "contract_amount": Decimal(22_600_000),
                "supplier": SELLER, "payee": SELLER, "paid_on": date(2026, 2, 20), "paid": Decimal(20_000_000)}  # fmt: skip
    return invoice(**{**paid_for, **fields})


def kind(key):
    return key.removeprefix("call_")


@pytest.fixture
def asked(live_call):
    """asked(key, weight, **thresholds): the call sets one condition."""
    return lambda key, weight="hard", **given: filings.rule(live_call, kind(key), weight, **given)


@pytest.mark.parametrize("key", MACHINE_JUDGED)
def test_a_condition_that_is_met_passes(live_call, asked, key):
    thresholds, basics = MACHINE_JUDGED[key]
    asked(key, **thresholds)
    draft = draft_with(live_call, invoice(), **basics)
    EnterpriseProfile.objects.update(above_scale=True)
    if key == "call_statistics":
        entry = live_call.materials.create(position=9, code="statistics", name="纳统证明", need="optional")
        services.add_material(
            draft.project, entry, upload=filing.pdf("纳统.pdf"), actor=draft.project.created_by, at=NOW
        )

    assert outcome(key, draft) == "ok"


def test_call_least_investment_counts_neither_land_nor_building(live_call, asked):
    asked("call_least_investment", amount=Decimal(21_000_000))
    draft = draft_with(live_call, line(), line(category="building", name="厂房", amount=Decimal(9_000_000)))

    found = answer_of("call_least_investment", draft)

    assert (found.outcome, found.clause) == ("stop", "第八条")
    assert "20,000,000.00" in found.found
    assert "21,000,000.00" in found.found


@pytest.mark.parametrize("day", [None, date(2025, 12, 31), date(2026, 7, 1)])
def test_call_filing_window_has_both_ends(live_call, asked, day):
    asked("call_filing_window", **SPRING)

    assert outcome("call_filing_window", draft_with(live_call, filing_date=day)) == "stop"


@pytest.mark.parametrize(("day", "said"), [(1, "ok"), (30, "ok"), (31, "warn")])
def test_call_invoice_window_includes_its_days(live_call, asked, day, said):
    asked("call_invoice_window", "hint", from_on=date(2026, 1, 1), to_on=date(2026, 1, 30))

    assert outcome("call_invoice_window", draft_with(live_call, invoice(invoiced_on=date(2026, 1, day)))) == said


@pytest.mark.parametrize(("rule", "column"), [
    ("call_contract_window", "contracted_on"), ("call_payment_window", "paid_on"),
])  # fmt: skip
@pytest.mark.parametrize(("day", "said"), [
    (date(2026, 1, 1), "ok"), (date(2025, 12, 31), "stop"), (date(2026, 7, 1), "stop"), (None, "manual"),
])  # fmt: skip
def test_days_of_contract_and_payment_lie_in_the_window_or_are_looked_at(live_call, asked, rule, column, day, said):
    asked(rule, **SPRING)

    assert outcome(rule, draft_with(live_call, bought(**{column: day}))) == said


@pytest.mark.parametrize("rule", ["call_contract_window", "call_payment_window", "call_payments"])
def test_what_is_not_begun_has_neither_contract_nor_payment(live_call, asked, rule):
    asked(rule, **(SPRING if "window" in rule else {}))

    assert outcome(rule, draft_with(live_call, line())) == "ok"


@pytest.mark.parametrize(
    ("changed", "said", "found"),
    [
        ({}, "ok", "通知要求"),
        ({"payee": "沈阳乙贸易有限公司"}, "stop", "第 1 行的收款方不是供应商"),
        ({"payee": "沈阳甲设备 有限公司"}, "ok", "通知要求"),
        ({"paid": Decimal(22_600_001)}, "stop", "付款合计 22,600,001.00 元，超过合同金额 22,600,000.00 元"),
        ({"contract_amount": None}, "manual", "没有填写合同金额"),
        ({"payee": "", "paid": None}, "manual", "没有写明收款方和已付金额"),
        ({"supplier": ""}, "manual", "没有写明供应商"),
    ],
)
def test_call_payments_go_to_the_seller_within_the_contract(live_call, asked, changed, said, found):
    asked("call_payments")

    answer = answer_of("call_payments", draft_with(live_call, bought(**changed)))

    assert (answer.outcome, found in answer.found) == (said, True)


@pytest.mark.parametrize(("contract", "amount", "said"), [("HT-1", 22_600_000, "stop"), ("HT-2", 22_600_000, "ok"),
                                                           ("HT-1", 30_000_000, "manual")])  # fmt: skip
def test_call_payments_are_summed_over_the_lines_of_one_contract(live_call, asked, contract, amount, said):
    asked("call_payments")
    other = bought(name="烘干炉", contract_number=contract, contract_amount=Decimal(amount), paid=Decimal(2_600_001))

    assert outcome("call_payments", draft_with(live_call, bought(), other)) == said


@pytest.mark.parametrize(
    "other",
    [
        {"contract_amount": Decimal(22_500_000)},
        {"supplier": "", "contract_number": "ht－1 "},
        {"supplier_uscc": ""},
        {"supplier": "", "supplier_uscc": ""},
    ],
)
def test_call_payments_beyond_every_amount_of_their_contract_are_told(live_call, asked, other):
    asked("call_payments")
    lines = bought(), bought(name="烘干炉", paid=Decimal(2_600_001), **other)

    answer = answer_of("call_payments", draft_with(live_call, *lines))

    assert (answer.outcome, "第 1、2 行付款合计 22,600,001.00 元，超过" in answer.found) == ("stop", True)


def test_call_above_scale_is_what_the_profile_says(live_call, asked):
    asked("call_above_scale", "hint")

    assert outcome("call_above_scale", draft_with(live_call)) == "warn"


def test_call_statistics_asks_for_the_paper(live_call, asked):
    asked("call_statistics", "hint")

    assert outcome("call_statistics", draft_with(live_call)) == "warn"


@pytest.mark.parametrize("day", [None, date(2026, 2, 1), date(2026, 3, 6)])
def test_call_credit_report_is_there_fresh_and_not_of_tomorrow(live_call, asked, day):
    asked("call_credit_report", days=30)

    assert outcome("call_credit_report", draft_with(live_call, credit_report_date=day)) == "stop"


def test_call_credit_report_does_not_age_while_a_filing_is_corrected(live_call, asked):
    asked("call_credit_report", days=30)
    project = filed_with(live_call, credit_report_date=date(2026, 2, 20))

    later = next(
        one
        for one in checks.check(project.current_submission, on=moment(60).date())
        if one.rule == "call_credit_report"
    )

    assert later.outcome == "ok"


def test_call_unfinished_weighs_an_earlier_project_as_the_call_says(live_call, asked):
    asked("call_unfinished")
    owner = people.enterprise()
    earlier = filed_with(filings.call(), actor=people.approver(owner), end_on=date(2026, 1, 31))
    Project.objects.filter(pk=earlier.pk).update(state="disbursement")

    draft = draft_with(live_call, actor=people.approver(owner))

    assert outcome("call_unfinished", draft) == "stop"
    assert all(one.rule != "unfinished" for one in checks.check(draft, on=ON))


def test_call_other_central_is_listed_for_the_district_and_refuses_nothing(live_call, asked):
    asked("call_other_central", "manual")
    draft = draft_with(live_call, received_elsewhere=Decimal(300_000))

    assert outcome("call_other_central", draft) == "manual"
    assert completeness.blocking(draft, at=NOW) == []


@pytest.mark.parametrize("name", ["二手立式加工中心", "办公家具", "自制工装"])
def test_call_second_hand_reads_the_names(live_call, asked, name):
    asked("call_second_hand", "manual")

    assert outcome("call_second_hand", draft_with(live_call, line(name=name))) == "manual"


@pytest.mark.parametrize(
    "key",
    [
        "call_related_party", "call_accidents", "call_disputes", "call_permits", "call_obsolete",
    ],
)  # fmt: skip
def test_what_only_a_person_can_judge_is_listed_with_its_words(live_call, asked, key):
    rule = asked(key, "manual")

    found = answer_of(key, draft_with(live_call))

    assert found.outcome == "manual"
    assert conditions.words(rule) in found.found


def test_call_other_says_the_bureaus_own_words_each_by_itself(live_call):
    for note in ("项目在沈阳市内实施", "首台套优先"):  # kept as call_other_1, call_other_2
        filings.rule(live_call, RuleKind.OTHER, "manual", note=note)
    draft = draft_with(live_call)

    found = [one for one in checks.check(draft, on=ON) if one.rule.startswith("call_other_")]

    assert [one.found for one in found] == [
        "通知要求：项目在沈阳市内实施。请人工核对。",
        "通知要求：首台套优先。请人工核对。",
    ]


def test_a_task_the_call_does_not_take_refuses_the_submission(live_call):
    draft = draft_with(live_call)
    live_call.tasks = [1, 2]
    live_call.save()

    assert "不在本批次受理之列" in completeness.blocking(filing.fresh(draft), at=NOW)[0].message


# --- what a hard condition does ----------------------------------------------------------------------------------------


def test_a_hard_condition_refuses_the_submission_with_clause_evidence_and_what_to_do(live_call, asked):
    asked("call_least_investment", amount=Decimal(30_000_000))
    draft = draft_with(live_call)

    with pytest.raises(services.Incomplete) as refused:
        services.submit(draft.project, actor=draft.project.created_by, at=NOW)

    [finding] = refused.value.findings
    assert finding.section == "lines"
    assert all(word in finding.message for word in ("20,000,000.00", "30,000,000.00", "第八条", "核对投资明细"))


@pytest.mark.parametrize("weight", ["hint", "manual"])
def test_a_softer_one_lets_it_through_and_the_district_reads_the_same(live_call, asked, weight):
    asked("call_least_investment", weight, amount=Decimal(30_000_000))
    project = filed_with(live_call)

    stored = check_results(project.current_submission_id).get(rule="call_least_investment")

    assert stored.outcome == {"hint": "warn", "manual": "manual"}[weight]


def test_the_number_of_queries_does_not_grow_with_the_conditions(live_call, client):
    counts = []
    project = draft_with(live_call).project
    client.force_login(project.created_by)
    client.get(f"/filing/{project.pk}/")  # the first visit of a session asks more
    for given in ((), [key for key in RuleKind.values if key != "other"]):
        for key in given:
            filings.rule(live_call, key, "manual", amount=Decimal(1), days=30, **SPRING)
        for page in ("", "submit/"):
            with Questions() as asked_of:
                assert client.get(f"/filing/{project.pk}/{page}").status_code == 200
            counts.append(asked_of.count)

    assert counts[:2] == counts[2:]
