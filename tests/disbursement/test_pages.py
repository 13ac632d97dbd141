"""The money pages: everyone sees his own; lists ask the database the same number of questions whatever they hold."""

from __future__ import annotations

import pytest
from django.urls import reverse

from applications.states import State
from core.models import Role
from disbursement.models import (
    Agreement,
    BankStatement,
    BudgetEntry,
    PaymentBatch,
    Pool,
    Proposal,
    Recovery,
    ResultNotice,
    Source,
    TakeOverSheet,
)
from disbursement.plans import Part
from disbursement.services import batches, plans, pools
from disbursement.services.refusal import Refused
from disbursement.states import ProposalState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import take_over as sheets
from tests.factories.core import EVERY_ROLE, NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pool():
    return money.pool(budget=900_000_000, received=900_000_000)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args))


def test_every_page_of_a_journey_opens(client, team, pool):
    [first] = money.payable(team)
    proposal, agreement = Proposal.objects.get(), Agreement.objects.get()
    pages = [
        ("pools",), ("pool", pool.pk), ("proposals",), ("proposal", proposal.pk), ("approvals",), ("batches",),
        ("proposal-item", proposal.pk, proposal.items.get().pk), ("agreement", agreement.pk), ("batch-new",),
        ("proposal-new",),
    ]  # fmt: skip
    assert [get(client, team.officer, *page).status_code for page in pages] == [200] * len(pages)

    batch = money.sent(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    for page in [("batch", batch.pk), ("batch-results", batch.pk), ("payment", batch.payments.get().pk)]:
        assert get(client, team.officer, *page).status_code == 200
    assert get(client, team.finance_officer, "pool-new").status_code == 200


def test_a_draft_is_written_by_pages(client, team, pool):
    project = money.awaiting_approval()
    client.force_login(team.officer)
    client.post(reverse("proposal-new"), {"call": project.call_id, "title": "2026年第一批"})
    draft = Proposal.objects.get()
    assert project.title in client.get(reverse("proposal-projects", args=[draft.pk])).content.decode()
    client.post(reverse("proposal-projects", args=[draft.pk]), {"projects": [project.pk]})
    item = draft.items.get()
    client.post(reverse("proposal-remove", args=[draft.pk, item.pk]))
    assert not draft.items.exists()


# --- pools ------------------------------------------------------------------------------------------------------------


def test_finance_opens_a_pool_and_brings_money(client, team):
    client.force_login(team.finance_officer)
    client.post(reverse("pool-new"), {"source": "city", "year": 2026, "direction": "技术改造"})
    pool = Pool.objects.get()
    typed = {"kind": "budget", "amount": "1,000,000", "document_number": "示例财指〔2026〕9号", "on": "2026-03-05"}
    for data in (typed, typed | {"kind": "receipt", "amount": "400000"}):
        assert client.post(reverse("pool", args=[pool.pk]), data).status_code == 302
    client.force_login(team.finance_lead)
    for entry in BudgetEntry.objects.all():
        assert client.post(reverse("budget-entry-step", args=[entry.pk, "confirm"])).status_code == 302
    pool.refresh_from_db()
    assert (pool.budget, pool.received) == (1_000_000, 400_000)


def test_the_same_document_is_not_booked_twice(client, team):
    pool = pools.open_pool(source=Source.CITY, year=2026, actor=team.finance_officer, at=NOW)
    facts = {"document_number": "示例财指〔2026〕9号", "on": NOW.date(), "actor": team.finance_officer, "at": NOW}
    pools.enter_budget(pool, "budget", money.Decimal(100), **facts)
    with pytest.raises(Refused, match="已经登记过"):
        pools.enter_budget(pool, "budget", money.Decimal(100), **facts)
    with pytest.raises(Refused, match="已经建立"):
        pools.open_pool(source=Source.CITY, year=2026, actor=team.finance_officer, at=NOW)


@pytest.mark.parametrize("role", [Role.BUREAU_LEAD, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR, Role.ENTERPRISE_APPROVER])
def test_others_bring_no_money(client, pool, role):
    client.force_login(EVERY_ROLE[role]())
    data = {"kind": "budget", "amount": "1", "document_number": "示例", "on": "2026-03-05"}
    assert client.post(reverse("pool", args=[pool.pk]), data).status_code == 403
    assert client.get(reverse("pool-new")).status_code == 403


# --- questions asked --------------------------------------------------------------------------------------------------


def more_pools(count, team, pool):
    Pool.objects.bulk_create(Pool(source=Source.CITY, year=2100 + n) for n in range(count))


def more_proposals(count, team, pool):
    call = filings.call()
    for _ in range(count):
        money.proposal(call, ProposalState.AGREED)


def more_approvals(count, team, pool):
    for _ in range(count):
        money.award(parts={pool: 1000})


def more_batches(count, team, pool):
    ground = people.ground("payment_application")
    PaymentBatch.objects.bulk_create(
        PaymentBatch(number=f"2025-{n:03d}", prepared_at=NOW, prepared_by=team.officer, ground=ground)
        for n in range(count)
    )


def more_payable(count, team, pool):
    call = filings.call()
    for _ in range(count):
        project = filings.project(State.DISBURSEMENT, of_call=call, notice_closed_at=NOW)
        money.instalments(money.award(project, parts={pool: 1000}))
        money.bank_account(project.enterprise)


def more_spendings(count, team, pool):
    local = money.pool(Source.CITY)
    for number in range(count):
        money.spending(local, 1000 + number, by=team)


def more_supplements(count, team, pool):
    for _ in range(count):
        money.supplement(money.award(parts={pool: 1000}))


def more_take_overs(count, team, pool):
    paper = sheets.paper()
    for number in range(count):
        TakeOverSheet.objects.create(
            title=f"第 {number} 份", file=paper, sha256=f"{TakeOverSheet.objects.count():064d}", imported_at=NOW, imported_by=team.officer,
            state_since=NOW,
        )  # fmt: skip


def more_results(count, team, pool):
    for _ in range(count):
        approval = money.award(parts={pool: 1000}).approval
        ResultNotice.objects.create(
            approval=approval,
            title="支持项目名单",
            published_at=NOW,
            published_by=team.lead,
            ground=people.ground("decision"),
        )


def more_statements(count, team, pool):
    for _ in range(count):
        BankStatement.objects.create(
            name="技改专户", from_on=NOW, to_on=NOW, sha256=f"{BankStatement.objects.count():064d}", file=sheets.paper(), imported_at=NOW,
            imported_by=team.officer,
        )  # fmt: skip


def more_recoveries(count, team, pool):
    for _ in range(count):
        Recovery.objects.create(
            project=filings.project(State.TERMINATED), reason="terminated", ground=people.ground(), demanded=100,
            raised_at=NOW,
        )  # fmt: skip


def more_hearings(count, team, pool):
    for _ in range(count):
        money.hearing(filings.project(State.CITY_REVIEW))


def more_plans(count, team, pool):
    for number in range(count):
        said = {"reason": "试", "is_default": False, "actor": team.officer, "at": NOW}
        plans.draft_plan(f"两段 {number}", [Part(10_000, "accepted")], **said)


LISTS = {
    "spendings": more_spendings,
    "supplements": more_supplements,
    "pools": more_pools,
    "proposals": more_proposals,
    "approvals": more_approvals,
    "batches": more_batches,
    "batch-new": more_payable,
    "take-overs": more_take_overs,
    "public_results": more_results,
    "bank-statements": more_statements,
    "recoveries": more_recoveries,
    "hearings": more_hearings,
    "plans": more_plans,
}


QUESTIONS = {
    "pools": 8, "proposals": 6, "approvals": 7, "batches": 6, "batch-new": 10, "spendings": 5, "supplements": 6,
    "take-overs": 5, "public_results": 5, "bank-statements": 13, "recoveries": 5, "hearings": 5,
    "plans": 6,
}  # fmt: skip


def questions(client, user, address):
    client.force_login(user)
    client.get(address)
    with Questions() as asked:
        assert client.get(address).status_code == 200
    return asked.count


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_three(client, team, pool, name, rows):
    LISTS[name](rows, team, pool)
    assert questions(client, team.officer, reverse(name)) == QUESTIONS[name]


def test_the_postings_of_a_pool_ask_the_same_for_one_and_for_three(client, team):
    asked = []
    city = money.pool(Source.CITY)
    for rows in (1, 3):
        for number in range(rows):
            money.spent(city, 1000, by=team, document_number=f"示例合同〔2026〕{rows}{number}号")
        asked.append(questions(client, team.officer, reverse("pool-postings", args=[city.pk])))
    assert asked[0] == asked[1] <= 12


def test_a_proposal_and_a_batch_ask_the_same_whatever_they_hold(client, pool):
    asked = []
    for rows in (1, 5):
        team = money.team()
        batch = batches.prepare_batch(money.payable(team, rows, investment=1_000_000), actor=team.officer, at=NOW)
        addresses = [batch.get_absolute_url(), Proposal.objects.latest("pk").get_absolute_url()]
        asked.append([questions(client, team.officer, address) for address in addresses])
    assert asked[0] == asked[1]
