"""Each invariant of money is broken behind the code's back, and seen to be broken; money that was moved right has none."""

from __future__ import annotations

import pytest
from django.db import connection

from core.append_only import trigger_names
from disbursement.models import Award, InstalmentLine, Payment, Pool, Source
from disbursement.services import batches, results
from disbursement.services.results import Failed, Paid
from portal.invariants import ledger
from portal.invariants import money as holdings
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

INVARIANTS = [*holdings.INVARIANTS, *ledger.INVARIANTS]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL lets its triggers sleep"),
]


@pytest.fixture(autouse=True)
def half_paid():
    """Two projects over two pools: paid, failed, returned and paid again; one more batch under way."""
    team = money.team()
    money.pool(budget=12_000_000, received=12_000_000), money.pool(Source.CITY, received=0)
    one, other = money.payable(team, 2)
    batch = money.sent(batches.prepare_batch([one], actor=team.officer, at=NOW), team)
    answers = {p.pk: Paid(f"HD{p.pk}") for p in batch.payments.all()}
    results.record_results(batch, answers, key="示例", actor=team.officer, at=NOW)
    results.record_return(batch.payments.latest("pk"), "户名不符", actor=team.officer, at=moment(days=1))
    again = money.sent(batches.prepare_batch([one], actor=team.officer, at=moment(days=1)), team, moment(days=1))
    failed = {p.pk: Failed("账户异常") for p in again.payments.all()}
    results.record_results(again, failed, key="示例2", actor=team.officer, at=moment(days=2))
    money.sent(batches.prepare_batch([other], actor=team.officer, at=moment(days=2)), team, moment(days=2))


def behind_the_back(*statements):
    """Raw SQL with the triggers of PostgreSQL asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def faults():
    """The breaches by the key of their invariant."""
    found = {one.key: one.look().faults for one in INVARIANTS}
    return {key: said for key, said in found.items() if said}


def without(table, constraint):
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def test_money_that_was_moved_right_has_no_breach():
    assert faults() == {}
    assert all(one.count() for one in INVARIANTS)


BREAKS = {
    "an award above its limit": (
        {"2b"},
        without("disbursement_award", "an_award_is_within_its_limit"),
        'UPDATE disbursement_award SET granted = "limit" + 1 WHERE id = (SELECT min(id) FROM disbursement_award)',
    ),
    "parts beyond the award": (
        {"2b", "2c"},
        "UPDATE disbursement_awardline SET entitled = entitled + 1 WHERE id = (SELECT min(id) FROM disbursement_awardline)",
    ),
    "central money above the ceiling": (
        {"2c"},
        without("disbursement_award", "central_money_is_within_the_ceiling"),
        "UPDATE disbursement_award SET central = ceiling + 1",
    ),
    "more held than is due": (
        {"3a"},
        "UPDATE disbursement_award SET entitlement = 0",
        "UPDATE disbursement_awardline SET entitled = 0",
    ),
    "an instalment called paid": ({"3b"}, "UPDATE disbursement_instalment SET state = 'paid' WHERE position = 2"),
    "an award's total": (
        {"3a", "3c", "5c"},
        without("disbursement_award", "no_payment_beyond_the_award"),
        "UPDATE disbursement_award SET paid = paid + 100000000000",
    ),
    "a pool beyond its budget": (
        {"4a", "4b", "5b"},
        without("disbursement_pool", "committed_within_the_budget"),
        "UPDATE disbursement_pool SET committed = budget + 1",
    ),
    "a pool beyond what came": (
        {"4a", "4b", "5b"},
        without("disbursement_pool", "central_money_is_paid_only_after_it_came"),
        "UPDATE disbursement_pool SET received = 0 WHERE source = 'central'",
    ),
    "a total that nothing explains": ({"4b", "5b"}, "UPDATE disbursement_pool SET budget = budget + 1"),
    "an entry without postings": (
        {"5h"},
        """INSERT INTO disbursement_journalentry (key, at, memo, ground_id)
            SELECT 'empty', at, memo, ground_id FROM disbursement_journalentry LIMIT 1""",
    ),
    "two entries whose errors cancel": (
        {"5a"},
        """UPDATE disbursement_posting posting SET amount = amount + CASE id WHEN two.one THEN 1 ELSE -1 END
            FROM (SELECT min(id) AS one, max(id) AS other FROM disbursement_posting GROUP BY account_id
                HAVING min(entry_id) <> max(entry_id) LIMIT 1) two WHERE id IN (two.one, two.other)""",
    ),
    "a posting that does not balance": (
        {"5a", "5b", "5c"},
        """UPDATE disbursement_posting SET amount = amount + 1 WHERE id = (
            SELECT min(p.id) FROM disbursement_posting p JOIN disbursement_ledgeraccount a ON a.id = p.account_id
            WHERE a.kind = 'committed')""",
    ),
    "an entry that vanished": (
        {"5b", "5c"},
        """DELETE FROM disbursement_posting WHERE entry_id = (
            SELECT min(id) FROM disbursement_journalentry WHERE key LIKE 'payment:%%:paid')""".replace("%%", "%"),
        "DELETE FROM disbursement_journalentry WHERE id NOT IN (SELECT entry_id FROM disbursement_posting)",
    ),
    "a trigger taken away": ({"5d"}, "DROP TRIGGER disbursement_posting_is_append_only ON disbursement_posting"),
    "one hand twice": (
        {"6h"},
        "UPDATE disbursement_paymentbatch SET reviewed_by_id = prepared_by_id",
    ),
    "a payment without its notice": ({"6i"}, "UPDATE applications_project SET notice_closed_at = NULL"),
    "a payment to an account nobody confirmed": (
        {"6i"},
        "UPDATE applications_bankaccount SET confirmed_at = NULL, confirmed_by_id = NULL",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_found(what):
    expected, *statements = BREAKS[what]
    behind_the_back(*statements)
    assert set(faults()) == expected


def test_a_line_paid_twice_is_found():
    behind_the_back("DROP INDEX an_instalment_line_is_paid_once")
    payment = Payment.objects.filter(state="paid").first()
    payment.pk, payment.receipt_number = None, "HD-zwei"
    payment._state.adding = True
    payment.save(force_insert=True)
    found = faults()
    assert found["3b"] == [f"分批款明细 {payment.line_id}：有 2 笔有效拨付。"]
    assert {"3c", "4b"} <= set(found)


def test_a_breach_is_told_in_yuan():
    pool = Pool.objects.get(source=Source.CITY)
    behind_the_back(f"UPDATE disbursement_pool SET budget = budget + 1 WHERE id = {pool.pk}")  # one 分
    [said] = faults()["5b"]
    assert "可安排预算账户" in said and ".01 元" in said


def test_awards_and_lines_exist_to_be_broken():
    assert (Award.objects.count(), InstalmentLine.objects.count()) == (2, 8)


def test_every_table_the_database_protects_is_looked_for():
    protected = {name.removesuffix("_is_append_only") for name in trigger_names(connection)}
    assert {name for name in protected if name.startswith("disbursement_")} == set(ledger.LEDGER_TABLES)
