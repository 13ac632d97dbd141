"""What only real connections show: one instalment is paid once, a pool never promises or pays more than it has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from applications.models import Project
from applications.services.enterprises import AccountRefused, confirm_account, enter_account
from core import audit, moves
from core.models import AuditEvent
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import (
    Award,
    AwardLine,
    Instalment,
    Payment,
    PaymentBatch,
    PlanTemplate,
    Pool,
    Proposal,
    Source,
)
from disbursement.plans import Part
from disbursement.services import agreements, approvals, batches, plans, results
from disbursement.services.refusal import Refused
from disbursement.states import InstalmentState, PaymentState, ProposalState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
REFUSALS = (moves.Refusal, Refused, funds.PoolShort, funds.BeyondEntitlement, AccountRefused)


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Do all deeds at the same moment, each on a connection of its own; what each gave, or how it was refused."""
    start, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(number: int) -> None:
        try:
            start.wait(timeout=20)
            answers[number] = deeds[number]()
        except (*REFUSALS, IntegrityError) as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    return answers


def refused(answers: list[object]) -> list[object]:
    return [answer for answer in answers if isinstance(answer, Exception)]


def setup(parts: int = 1, **fields):
    with transaction.atomic():
        team, pool = money.team(), money.pool(**fields)
        return team, pool, money.payable(team, parts, investment=10_000_000)


def test_a_chain_begun_by_eight_at_once_is_one_chain():
    answers = at_once([lambda: audit.record("test:1", "e", actor=SYSTEM, at=NOW, label="l")] * 8)

    assert refused(answers) == []
    assert list(AuditEvent.objects.filter(stream="test:1").values_list("sequence", flat=True)) == list(range(1, 9))
    assert list(audit.faults()) == []


def test_two_batches_at_once_pay_an_instalment_once():
    team, pool, [first] = setup()
    officers = [people.bureau_officer() for _ in range(2)]
    answers = at_once([lambda who=who: batches.prepare_batch([first], actor=who, at=NOW) for who in officers])

    assert len(refused(answers)) == 1
    assert (PaymentBatch.objects.count(), Payment.objects.count()) == (1, 1)
    assert Pool.objects.get(pk=pool.pk).in_payment == Decimal(750_000)


def test_the_same_results_from_eight_connections_are_booked_once():
    team, pool, [first] = setup()
    with transaction.atomic():
        batch = money.sent(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    given = {payment.pk: results.Paid("HD1") for payment in batch.payments.all()}
    deed = lambda: results.record_results(batch, given, key="同一回单", actor=team.officer, at=NOW)  # noqa: E731 - one deed
    answers = at_once([deed] * 8)

    assert refused(answers) == []
    assert (Pool.objects.get(pk=pool.pk).paid, Award.objects.get().paid) == (Decimal(750_000), Decimal(750_000))
    assert Instalment.objects.get(position=1).state == InstalmentState.PAID


def test_a_batch_sent_from_eight_connections_is_sent_once():
    team, pool, [first] = setup()
    with transaction.atomic():
        batch = money.released(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    answers = at_once([lambda: batches.send_to_bank(batch, actor=team.officer, at=NOW)] * 8)

    assert [type(one) for one in refused(answers)] == [moves.Overtaken] * 7
    assert (Payment.objects.get().state, Payment.objects.get().version) == (PaymentState.SENT, 2)
    assert Pool.objects.get(pk=pool.pk).in_payment == Decimal(750_000)


def account_typed(enterprise, tail, actor):
    return enter_account(
        enterprise, holder=enterprise.name, bank="示例银行沈阳支行", cnaps="000221000000", number=f"000000000000{tail}",
        actor=actor, at=NOW,
    )  # fmt: skip


def test_two_officers_who_type_an_account_at_once_leave_one_that_waits():
    with transaction.atomic():
        enterprise = people.enterprise()
        typists = [people.approver(enterprise) for _ in range(8)]
    answers = at_once([lambda n=n, who=who: account_typed(enterprise, 1000 + n, who) for n, who in enumerate(typists)])

    assert refused(answers) == []
    assert enterprise.bank_accounts.filter(confirmed_at=None, replaced_at=None).count() == 1


def test_an_account_confirmed_while_another_is_typed_leaves_one_in_use_at_most():
    with transaction.atomic():
        enterprise = people.enterprise()
        first, second = (people.approver(enterprise) for _ in range(2))
        lead, waits = people.bureau_lead(), account_typed(enterprise, 1000, first)
    answers = at_once([
        lambda: confirm_account(waits, actor=lead, at=NOW), lambda: confirm_account(waits, actor=second, at=NOW),
        lambda: account_typed(enterprise, 2000, second),
    ])  # fmt: skip

    in_use = list(enterprise.bank_accounts.in_use())
    assert len(in_use) + len(refused(answers)) == 2  # confirmed by one of two, or by none: a newer one was typed first
    assert all(isinstance(one, AccountRefused) for one in refused(answers)) and in_use in ([], [waits])
    assert enterprise.bank_accounts.get(confirmed_at=None, replaced_at=None).number_tail == "2000"


def test_batches_prepared_at_once_get_numbers_of_their_own():
    team, _, instalments = setup(4)
    answers = at_once([lambda one=one: batches.prepare_batch([one], actor=team.officer, at=NOW) for one in instalments])
    assert refused(answers) == []
    assert sorted(PaymentBatch.objects.values_list("number", flat=True)) == [f"2026-00{n}" for n in range(1, 5)]


def test_central_money_that_came_is_never_paid_twice_over():
    team, pool, instalments = setup(4, received=1_500_000)
    answers = at_once([lambda one=one: batches.prepare_batch([one], actor=team.officer, at=NOW) for one in instalments])
    assert len(refused(answers)) == 2
    assert Pool.objects.get(pk=pool.pk).in_payment == Decimal(1_500_000)


def agreed_proposals(team, count):
    call = filings.call()
    made = []
    for number in range(count):
        project = money.awaiting_approval(of_call=call, investment=10_000_000)
        proposal = money.proposed(project, by=team)
        Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.AGREED, title=f"方案 {number}")
        made.append(Proposal.objects.get(pk=proposal.pk))
    return made


def test_commitments_at_once_stop_at_the_budget():
    with transaction.atomic():
        first, pool = money.pool(), money.pool(Source.CITY, budget=6_000_000, received=0)
        awards = [money.award(parts={first: 1_000_000}) for _ in range(10)]
        part = Decimal(1_000_000)
        lines = [AwardLine.objects.create(award=a, pool=pool, entitled=part, committed=part) for a in awards]
        ground = people.ground()

    def commit(line):
        with transaction.atomic():
            funds.commit([line], actor=SYSTEM, at=NOW, ground=ground)

    answers = at_once([lambda line=line: commit(line) for line in lines])
    assert [type(one) for one in refused(answers)] == [funds.PoolShort] * 4
    assert Pool.objects.get(pk=pool.pk).committed == Decimal(6_000_000)


def test_both_sides_sign_at_once_and_it_is_in_force_once():
    with transaction.atomic():
        team = money.team()
        money.pool()
        money.approved(money.awaiting_approval(), by=team)
        paper = Project.objects.get().agreements.get()
        approver = money.approver_of(paper.project)
    answers = at_once([lambda who=who: agreements.sign(paper, actor=who, at=NOW) for who in (team.lead, approver)])
    assert refused(answers) == []
    assert Instalment.objects.count() == 2


def test_release_and_cancellation_at_once_leave_one_of_them():
    team, _, [first] = setup()
    with transaction.atomic():
        batch = batches.prepare_batch([first], actor=team.officer, at=NOW)
        batches.check_batch(batch, actor=team.lead, at=NOW)
        batches.review_batch(batch, actor=team.finance_officer, at=NOW)
    answers = at_once(
        [
            lambda: batches.send_to_bank(
                batches.release(batch, actor=team.finance_lead, at=NOW), actor=team.officer, at=NOW
            ),
            lambda: batches.cancel_batch(batch, "重新编制", actor=team.lead, at=NOW),
        ]
    )
    payment, award = Payment.objects.get(), Award.objects.get()
    assert len(refused(answers)) == 1
    assert (payment.state, award.in_payment) in {
        (PaymentState.SENT, Decimal(750_000)), (PaymentState.CANCELLED, Decimal(0)),
    }  # fmt: skip


def test_fifty_approvals_at_once_against_a_pool_that_bears_thirty():
    with transaction.atomic():
        team, pool = money.team(), money.pool(budget=100_000_000)
        proposals = agreed_proposals(team, 50)
        Pool.objects.filter(pk=pool.pk).update(budget=Decimal(45_000_000))  # 1.5 million each: 30 of 50
    deeds = [
        lambda one=one: approvals.record_approval(
            one, number=f"示例政〔2026〕{one.pk}号", on=NOW.date(), actor=team.government, at=NOW
        )
        for one in proposals
    ]
    short = refused(at_once(deeds))
    assert [type(one) for one in short] == [funds.PoolShort] * 20
    assert all("预算不足：还差 1,500,000.00 元" in str(one) for one in short)
    assert (Pool.objects.get(pk=pool.pk).committed, Award.objects.count()) == (Decimal(45_000_000), 30)
    assert Project.objects.filter(award__isnull=False).count() == 30
    assert Proposal.objects.filter(state=ProposalState.AGREED).count() == 20


def test_of_two_default_plans_adopted_at_once_the_later_is_the_default():
    with transaction.atomic():
        team = money.team()
        said = {"reason": "试", "is_default": True, "actor": team.officer, "at": NOW}
        drafts = [plans.draft_plan(name, [Part(10_000, "accepted")], **said) for name in ("甲", "乙")]
    answers = at_once([lambda plan=plan: plans.adopt_plan(plan, actor=team.lead, at=NOW) for plan in drafts])

    assert refused(answers) == [] and PlanTemplate.objects.in_use().count() == 2
    assert PlanTemplate.objects.in_use().filter(is_default=True).count() == 1


def test_of_two_editions_drafted_at_once_one_is_refused():
    lead = people.bureau_lead()
    said = {"reason": "试", "is_default": False, "actor": lead, "at": NOW}
    answers = at_once([lambda: plans.draft_plan("甲", [Part(10_000, "accepted")], **said)] * 2)
    assert [type(one) for one in refused(answers)] == [Refused] and PlanTemplate.objects.count() == 1
