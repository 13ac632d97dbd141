"""The only hands on money: totals, ledger and constraints agree after every movement, and too much is refused."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.people import SYSTEM
from disbursement import funds, ledger
from disbursement.models import AccountKind as K
from disbursement.models import Award, JournalEntry, Pool, Posting, Source
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db

HALF = Decimal("3750000.00")


def by(ground_kind="bank_receipt"):
    return {"actor": SYSTEM, "at": NOW, "ground": people.ground(ground_kind)}


def balances(pool):
    return {
        kind: ledger.balance(kind, pool_id=pool.pk) for kind in (K.AVAILABLE, K.COMMITTED, K.IN_PAYMENT, K.PAID, K.CASH)
    }


def expected(pool):
    """What the totals say the ledger must say."""
    pool = Pool.objects.get(pk=pool.pk)
    net = pool.paid - pool.returned
    return {
        K.AVAILABLE: pool.budget - pool.committed,
        K.COMMITTED: pool.committed - pool.in_payment - net,
        K.IN_PAYMENT: pool.in_payment,
        K.PAID: net,
        K.CASH: pool.received - net,
    }


@pytest.fixture
def pool():
    return money.pool(received=5_000_000)


@pytest.fixture
def payment(pool):
    award = money.award(parts={pool: 7_500_000})
    return money.payments(money.instalments(award)[0])[0]


def test_a_payment_walks_from_promise_to_paid_and_the_ledger_follows(pool, payment):
    funds.reserve([payment], **by("payment_application"))
    assert balances(pool) == expected(pool)
    funds.book_paid([payment], **by())

    assert balances(pool) == expected(pool)
    assert ledger.balance(K.PAID, pool_id=pool.pk) == HALF
    assert Award.objects.get().paid == HALF


def test_a_returned_payment_is_payable_again(pool, payment):
    funds.reserve([payment], **by())
    funds.book_paid([payment], **by())
    funds.book_returned([payment], **by())

    assert balances(pool) == expected(pool)
    assert Award.objects.get().net == 0


def test_a_cancelled_payment_frees_the_money(pool, payment):
    funds.reserve([payment], **by())
    funds.unreserve([payment], **by())

    assert balances(pool) == expected(pool)
    assert Award.objects.get().in_payment == 0


def test_the_same_movement_cannot_be_booked_twice(payment):
    funds.reserve([payment], **by())
    funds.book_paid([payment], **by())

    with pytest.raises(IntegrityError), transaction.atomic():
        funds.book_paid([payment], **by())


def test_central_money_that_has_not_come_is_not_paid():
    pool = money.pool(received=3_000_000)
    payment = money.payments(money.instalments(money.award(parts={pool: 7_500_000}))[0])[0]

    with pytest.raises(funds.PoolShort, match="750,000.00"):
        funds.reserve([payment], **by())


def test_local_money_is_bound_by_its_budget_only():
    pool = money.pool(Source.CITY, budget=7_500_000, received=0)
    payment = money.payments(money.instalments(money.award(parts={pool: 7_500_000}))[0])[0]

    funds.reserve([payment], **by())

    assert Pool.objects.get(pk=pool.pk).in_payment == HALF


def test_a_pool_never_promises_more_than_its_budget(pool):
    with pytest.raises(funds.PoolShort, match="还差 1,000,000.00 元"):
        money.award(parts={money.pool(Source.CITY, budget=6_500_000): 7_500_000})


def test_a_payment_beyond_the_entitlement_now_in_force_is_refused(payment):
    Award.objects.update(entitlement=Decimal("1000000.00"))

    with pytest.raises(funds.BeyondEntitlement, match="2,750,000.00"):
        funds.reserve([payment], **by())


def test_released_promises_are_available_again(pool, payment):
    line = Award.objects.get().lines.get()

    funds.release(line, Decimal("500000.00"), key="test", **by())

    assert balances(pool) == expected(pool)
    assert Pool.objects.get(pk=pool.pk).committed == Decimal("7000000.00")


def test_an_unbalanced_entry_is_refused(pool):
    entry = ledger.Entry("crooked", "不平", ((ledger.Account(K.CASH, pool.pk), Decimal("1.00")),))

    with pytest.raises(ledger.Unbalanced):
        ledger.post([entry], **by())


@pytest.mark.parametrize("model", [JournalEntry, Posting])
def test_the_database_refuses_to_change_the_ledger(pool, model):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all().delete() if model is Posting else model.objects.update(memo="改")


def test_a_reversal_mirrors_the_entry_once(pool):
    entry = JournalEntry.objects.filter(memo__startswith="资金到位").latest("pk")

    ledger.reverse(entry, memo="更正", **by())

    assert ledger.balance(K.CASH, pool_id=pool.pk) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.reverse(entry, memo="更正", **by())


def test_constraints_stand_behind_the_code(pool):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(committed=pool.budget + 1)
