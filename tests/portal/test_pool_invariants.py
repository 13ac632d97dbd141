"""Each promise of pools, allocation, reconciliation and take-over is broken behind the code's back, and seen to be broken."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from disbursement.models import Agreement, Award, BankLine, Payment, Source
from disbursement.services import batches, differences, publication, reconciliation, results
from disbursement.services.results import Paid
from portal.invariants.pools import INVARIANTS
from tests.disbursement.test_allocation import entered as special_entered
from tests.disbursement.test_reconciliation import line, workbook
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import take_over as sheets
from tests.factories.core import NOW, moment
from tests.portal.test_money_invariants import behind_the_back

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL lets its triggers sleep"),
]


@pytest.fixture(autouse=True)
def all_of_it():
    """Two pools; a published approval with money found later, one payment in the bank's statement, a closed month; a
    spending, a 一事一议 decision, and a project of an earlier year."""
    team = money.team()
    central, city = bare_pool(), bare_pool(Source.CITY)
    money.brought(central, "budget", 9_000_000, by=team), money.brought(central, "receipt", 9_000_000, by=team)
    money.brought(city, "budget", 60_000_000, by=team, number="示例财指〔2026〕10号")
    money.spent(city, by=team)
    [first] = money.payable(team)
    publication.publish_results(Award.objects.get().approval, actor=team.lead, at=NOW)
    batch = money.sent(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    answers = {p.pk: Paid(f"HD{p.pk}") for p in batch.payments.all()}
    results.record_results(batch, answers, key="示例", actor=team.officer, at=NOW)
    paid = Payment.objects.get()
    reconciliation.import_statement(
        workbook(line(paid.amount, paid.receipt_number), line(88, "手续费")),
        name="技改专户",
        actor=team.officer,
        at=NOW,
    )
    fee = differences.explain(BankLine.objects.get(amount=88), "已请银行冲回", actor=team.officer, at=NOW)
    differences.close_difference(fee, actor=team.finance_officer, at=NOW)
    special(team)
    short = money.award(filings.project("disbursement", notice_closed_at=NOW), parts={central: 100_000})
    Award.objects.filter(pk=short.pk).update(amount=200_000, granted=200_000, entitlement=200_000)
    money.instalments(short)
    Agreement.objects.filter(project=short.project).update(enterprise_signed_by=money.approver_of(short.project))
    money.supplemented(money.supplement(Award.objects.get(pk=short.pk), {city: 100_000}, by=team), team)
    small = {"核定支持": 400_000, "中央核定": 200_000, "中央已拨": 100_000, "市级核定": 200_000, "市级已拨": 100_000}
    sheets.confirmed(sheets.imported(sheets.line(people.enterprise(), **small), by=team), team)
    reconciliation.close_month(central, date(2026, 3, 1), actor=team.finance_officer, at=moment(days=40))


def bare_pool(source=Source.CENTRAL):
    return money.pool(source, budget=0, received=0)


def special(team):
    from applications.services.determinations import determine_again
    from disbursement.services.special import confirm_decision

    project = money.awaiting_approval(investment=10_000_000)
    determine_again(project, actor=team.lead, at=NOW, reason="行业更正", industry4="6513")
    confirm_decision(special_entered(project, team), actor=team.lead, at=NOW)


def faults():
    """The breaches by the key of their invariant."""
    found = {one.key: list(one.faults()) for one in INVARIANTS}
    return {key: said for key, said in found.items() if said}


def test_what_was_done_right_has_no_breach():
    assert faults() == {}
    assert all(one.count() for one in INVARIANTS)


def without(table, constraint):
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


BREAKS = {
    "a budget line nobody entered": (
        {"6p"},
        "UPDATE disbursement_budgetentry SET line_id = NULL, confirmed_at = NULL, confirmed_by_id = NULL, state = 'entered'"
        " WHERE id = (SELECT min(id) FROM disbursement_budgetentry)",
    ),
    "a budget line of another amount": ({"6p"}, "UPDATE disbursement_budgetline SET amount = amount + 1 WHERE kind = 'receipt'"),
    "a budget confirmed by who entered it": (
        {"6p"},
        without("disbursement_budgetentry", "two_persons_book_a_budget"),
        "UPDATE disbursement_budgetentry SET confirmed_by_id = entered_by_id",
    ),
    "a spending confirmed by who entered it": (
        {"6q"},
        without("disbursement_spending", "two_persons_book_a_spending"),
        "UPDATE disbursement_spending SET confirmed_by_id = entered_by_id",
    ),
    "a spending paid outside the ledger": (
        {"6q"},
        "UPDATE disbursement_journalentry SET key = 'x' || key WHERE key LIKE 'spending:%:paid'",
    ),
    "a spending released that was paid": (
        {"6q"}, "UPDATE disbursement_spending SET state = 'cancelled' WHERE state = 'paid'"
    ),
    "a step of a spending nobody took": (
        {"6q"}, "UPDATE disbursement_journalentry SET key = replace(key, ':commit', ':again') WHERE key LIKE 'spending:%:commit'",
    ),
    "a spending's release beside its payment": (
        {"6q"}, "UPDATE disbursement_journalentry SET key = (SELECT 'spending:' || min(id) || ':release' FROM disbursement_spending)"
        " WHERE key LIKE 'award-line:%:extend:%'",
    ),
    "a supplement without any hand": (
        {"6r"}, "ALTER TABLE disbursement_supplement ALTER drafted_by_id DROP NOT NULL",
        without("disbursement_supplement", "four_different_persons_settle_a_supplement"),
        "UPDATE disbursement_supplement SET drafted_by_id = NULL, checked_by_id = NULL, reviewed_by_id = NULL, agreed_by_id = NULL",
    ),
    "an award that grew without a supplement": ({"6r"}, "UPDATE disbursement_supplement SET state = 'cancelled'"),
    "a supplement by three persons": ({"6r"}, "UPDATE disbursement_supplement SET agreed_by_id = drafted_by_id"),
    "a supplement the ledger does not know": ({"6r"}, "UPDATE disbursement_supplementitem SET amount = amount + 1"),
    "a published amount that is not the award's": (
        {"5e"}, "UPDATE disbursement_publishedresult SET amount = amount + 1"
    ),
    "a published source that is not the ledger's": (
        {"5e"}, "UPDATE disbursement_publishedresult SET central = central - 1, local = local + 1"
    ),
    "a limit without its decision": ({"2d"}, "UPDATE disbursement_specialdecision SET amount = amount + 1"),
    "a special decision by one person": (
        {"2d"},
        without("disbursement_specialdecision", "two_persons_record_a_special_decision"),
        "UPDATE disbursement_specialdecision SET confirmed_by_id = entered_by_id",
    ),
    "a sheet confirmed by who imported it": (
        {"1f"},
        without("disbursement_takeoversheet", "three_persons_take_over"),
        "UPDATE disbursement_takeoversheet SET confirmed_by_id = imported_by_id",
    ),
    "a project taken over without a sheet": ({"1f"}, "UPDATE disbursement_takeoverrow SET project_id = NULL"),
    "an agreement nobody signed": (
        {"1f"}, "UPDATE disbursement_agreement SET enterprise_signed_by_id = NULL"
    ),
    "a month the ledger does not know": (
        {"5f"}, "UPDATE disbursement_monthstatement SET figures = jsonb_set(figures, '{cash,closing}', '\"1.00\"')"
    ),
    "a posting slipped into a closed month": (
        {"5f"}, "UPDATE disbursement_journalentry SET at = at - interval '20 days' WHERE memo LIKE '资金到位%'",
        "UPDATE disbursement_posting SET amount = amount * 2 WHERE entry_id IN (SELECT id FROM disbursement_journalentry"
        " WHERE memo LIKE '资金到位%')",
    ),
    "a difference closed by who explained it": (
        {"5i"},
        "UPDATE disbursement_explanationverdict SET by_id = (SELECT explained_by_id FROM disbursement_explanation)",
    ),
    "a bank line matched to another amount": ({"5g"}, "UPDATE disbursement_bankline SET amount = amount + 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_a_breach_is_found(case):
    wanted, *statements = BREAKS[case]
    behind_the_back(*statements)
    assert wanted <= set(faults())
