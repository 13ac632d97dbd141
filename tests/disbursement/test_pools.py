"""Pools: budget by two persons, reductions that stop at the promises, spending that is no project (第二、三、五条)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import jobs, moves
from core.models import Job, Notice
from core.models.jobs import JobState
from disbursement.funds import PoolShort
from disbursement.ledger import balance
from disbursement.models import AccountKind, BudgetLine, Pool, Source, Spending
from disbursement.services import pools, spending
from disbursement.services.refusal import Refused
from disbursement.states import EntryState, SpendingState
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pool():
    return money.pool(Source.CITY, budget=1_000_000, received=0)


def entered(pool, kind, amount, team, number="示例财指〔2026〕3号"):
    facts = {"document_number": number, "on": NOW.date(), "actor": team.finance_officer, "at": NOW}
    return pools.enter_budget(pool, kind, Decimal(amount), **facts)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# --- budget (第三条三) --------------------------------------------------------------------------------------------------


def test_a_budget_counts_only_when_another_person_confirms_it(team, pool):
    entry = entered(pool, "supplement", 500_000, team)
    assert fresh(pool).budget == Decimal(1_000_000)
    with pytest.raises(moves.NotYours):
        pools.confirm_entry(entry, actor=team.finance_officer, at=NOW)

    line = pools.confirm_entry(entry, actor=team.finance_lead, at=NOW)
    assert (fresh(pool).budget, fresh(entry).state, fresh(entry).line) == (1_500_000, EntryState.CONFIRMED, line)
    assert Notice.objects.filter(recipient=team.finance_lead, subject__startswith="请复核入账").count() == 1


def test_a_refused_entry_books_nothing_and_may_be_entered_again(team, pool):
    entry = entered(pool, "receipt", 500_000, team)
    pools.refuse_entry(entry, "金额应为 50 万", actor=team.finance_lead, at=NOW)
    assert (fresh(pool).received, fresh(entry).state) == (0, EntryState.REFUSED)
    assert entered(pool, "receipt", 500_000, team).state == EntryState.ENTERED


@pytest.mark.parametrize(("amount", "left"), [(700_000, 300_000), (700_001, None)])
def test_a_reduction_stops_at_what_is_committed(team, pool, amount, left):
    money.award(parts={pool: 300_000})
    if left is None:
        with pytest.raises(Refused, match="最多只能调减 700,000.00 元"):
            entered(pool, "reduction", amount, team)
    else:
        pools.confirm_entry(entered(pool, "reduction", amount, team), actor=team.finance_lead, at=NOW)
        assert fresh(pool).budget == left
        assert BudgetLine.objects.latest("pk").amount == -amount


def test_a_reduction_is_asked_again_when_it_is_confirmed(team, pool):
    entry = entered(pool, "reduction", 900_000, team)
    money.award(parts={pool: 300_000})
    with pytest.raises(PoolShort, match="最多只能调减到这个数，本次多减 200,000.00 元"):
        pools.confirm_entry(entry, actor=team.finance_lead, at=NOW)
    assert (fresh(pool).budget, fresh(entry).state) == (1_000_000, EntryState.ENTERED)


# --- spending that is no project (第五条) -------------------------------------------------------------------------------


def test_spending_is_bound_paid_and_given_back_in_the_ledger(team, pool):
    made = money.spending(pool, 300_000, by=team)
    assert fresh(pool).committed == 0
    made = spending.confirm_spending(made, actor=team.finance_lead, at=NOW)
    assert (fresh(pool).committed, balance(AccountKind.COMMITTED, pool_id=pool.pk)) == (300_000, 300_000)
    made = spending.pay_spending(made, "HD1", actor=team.officer, at=NOW)
    assert (fresh(pool).paid, balance(AccountKind.PAID, pool_id=pool.pk)) == (300_000, 300_000)
    made = spending.return_spending(made, "多付", actor=team.officer, at=NOW)
    assert (fresh(pool).committed, fresh(pool).returned, made.state) == (0, 300_000, SpendingState.RETURNED)
    assert balance(AccountKind.AVAILABLE, pool_id=pool.pk) == 1_000_000


def test_a_cancelled_spending_frees_its_pool(team, pool):
    made = spending.confirm_spending(money.spending(pool, by=team), actor=team.finance_lead, at=NOW)
    spending.cancel_spending(made, "培训取消", actor=team.finance_lead, at=NOW)
    assert (fresh(pool).committed, fresh(made).state) == (0, SpendingState.CANCELLED)


def test_central_money_pays_for_projects_only(team):
    with pytest.raises(Refused, match="第五条"):
        money.spending(money.pool(), by=team)


def test_spending_beyond_the_pool_is_refused_with_what_is_left(team, pool):
    with pytest.raises(Refused, match="只剩 1,000,000.00 元"):
        money.spending(pool, 1_000_001, by=team)
    made = money.spending(pool, 800_000, by=team)
    money.award(parts={pool: 300_000})
    with pytest.raises(PoolShort, match="还差 100,000.00 元"):
        spending.confirm_spending(made, actor=team.finance_lead, at=NOW)


def test_whoever_entered_a_spending_does_not_confirm_it_and_others_do_not_enter(team, pool):
    made = money.spending(pool, by=team)
    Spending.objects.filter(pk=made.pk).update(entered_by=team.finance_lead)
    with pytest.raises(moves.NotYours):
        spending.confirm_spending(fresh(made), actor=team.finance_lead, at=NOW)
    with pytest.raises(PermissionDenied):
        spending.enter_spending(
            pool,
            kind="review",
            title="评审费",
            payee="专家",
            amount=Decimal(1),
            document_number="示例",
            actor=team.lead,
            at=NOW,
        )


def test_the_same_paper_is_not_entered_twice(team, pool):
    money.spending(pool, by=team)
    with pytest.raises(Refused, match="已经登记过"):
        money.spending(pool, by=team)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_spending_goes_through_its_pages(client, team, pool):
    client.force_login(team.officer)
    typed = {"pool": pool.pk, "kind": "training", "title": "数控培训", "payee": "示例中心", "amount": "300,000",
             "document_number": "示例合同1号"}  # fmt: skip
    client.post(reverse("spending-new"), typed)
    made = Spending.objects.get()
    client.force_login(team.finance_lead)
    assert "复核列支" in client.get(made.get_absolute_url()).content.decode()
    client.post(reverse("spending-step", args=[made.pk, "confirm"]), {"confirm-seen_version": made.version})
    client.force_login(team.officer)
    client.post(reverse("spending-step", args=[made.pk, "pay"]), {"pay-reason": "HD9"})
    assert (fresh(made).state, fresh(made).receipt_number) == (SpendingState.PAID, "HD9")


def test_a_spending_above_the_pool_keeps_what_was_typed(client, team, pool):
    client.force_login(team.officer)
    typed = {"pool": pool.pk, "kind": "training", "title": "数控培训", "payee": "示例中心", "amount": "3,000,000",
             "document_number": "示例合同1号"}  # fmt: skip
    page = client.post(reverse("spending-new"), typed).content.decode()
    assert "只剩 1,000,000.00 元可安排" in page and "数控培训" in page and not Spending.objects.exists()


def test_the_execution_view_gathers_and_filters(client, team, pool):
    money.pool(budget=5_000_000), money.spent(pool, by=team)
    client.force_login(team.lead)
    rows = client.get(reverse("pools"), {"by": "source"}).context["rows"]
    assert [(row.label, row.budget, row.net) for row in rows] == [("中央", 5_000_000, 0), ("市级", 1_000_000, 300_000)]
    only = client.get(reverse("pools"), {"source": "city"}).context["rows"]
    assert [row.pool for row in only] == [pool]


def test_each_figure_leads_to_its_postings(client, team, pool):
    money.spent(pool, by=team)
    client.force_login(team.lead)
    page = client.get(reverse("pool-postings", args=[pool.pk]), {"figure": "paid"})
    assert page.context["balance"] == Decimal(300_000)
    assert "培训支付：智改数转网联培训" in page.content.decode()


@pytest.mark.parametrize("address", ["pools-export", "budgeting-export"])
def test_the_views_are_exported_by_a_job(client, team, pool, address):
    money.spent(pool, by=team)
    client.force_login(team.lead)
    client.post(reverse(address), {"by": "pool"})
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE and job.result_file.original_name.endswith(".xlsx")


def test_next_years_budget_says_what_is_owed_pending_and_asked(client, team):
    pool = money.pool(budget=3_000_000, received=1_000_000)
    money.award(parts={pool: 2_000_000})
    money.awaiting_approval(investment=10_000_000)  # 1.5 million by 第六条, 1 million of it central
    client.force_login(team.finance_lead)
    found = client.get(reverse("budgeting")).context["outlook"]
    assert [(row.pool, row.unpaid, row.uncovered) for row in found.owed] == [(pool, 2_000_000, 1_000_000)]
    [estimate] = found.estimates
    assert (estimate.wanted, estimate.central, estimate.unfunded) == (1_500_000, 1_000_000, 500_000)


def test_pools_of_all_are_read_by_the_right_people_only(client, pool):
    assert Pool.objects.visible_to(money.team().government).get() == pool
    assert not Pool.objects.visible_to(money.approver_of(money.awaiting_approval())).exists()
