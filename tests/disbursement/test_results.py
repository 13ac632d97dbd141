"""What the bank says: paid once, failed and paid again, returned and paid again; the same answer twice changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import audit, jobs, moves
from core.models import Job, Notice, Role
from core.people import SYSTEM
from disbursement.models import (
    Award,
    Instalment,
    JournalEntry,
    Payment,
    PaymentBatch,
    Pool,
    Recovery,
    RecoveryReason,
    Source,
)
from disbursement.services import batches, results
from disbursement.services.refusal import Refused
from disbursement.services.results import Failed, Paid
from disbursement.states import BatchState, InstalmentState, PaymentState
from tests.disbursement import situations
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(budget=5_000_000, received=5_000_000), money.pool(Source.CITY, received=0)


@pytest.fixture
def sent(team, pools):
    """A batch with the bank: one instalment, half central, half city."""
    return money.sent(batches.prepare_batch(money.payable(team), actor=team.officer, at=NOW), team)


def all_paid(batch):
    return {payment.pk: Paid(f"HD{payment.pk:06d}") for payment in batch.payments.filter(state=PaymentState.SENT)}


def record(batch, given, team, key="示例回单"):
    return results.record_results(batch, given, key=key, actor=team.officer, at=moment(days=1))


def totals():
    return [(p.in_payment, p.paid, p.returned) for p in Pool.objects.order_by("pk")]


def test_paid_payments_settle_the_instalment_and_complete_the_batch(sent, team):
    batch = record(sent, all_paid(sent), team)
    award, instalment = Award.objects.get(), Instalment.objects.get(position=1)
    assert (batch.state, instalment.state) == (BatchState.COMPLETED, InstalmentState.PAID)
    assert (award.paid, award.in_payment) == (Decimal(3_750_000), Decimal(0))
    assert totals() == [(0, Decimal(2_500_000), 0), (0, Decimal(1_250_000), 0)]
    event = audit.timeline_of(batch.payments.first()).first()
    assert (event.event, event.ground.kind, event.actor) == ("payment.paid", "bank_receipt", team.officer)


def test_the_same_results_twice_change_nothing(sent, team):
    given = all_paid(sent)
    record(sent, given, team)
    before = (totals(), JournalEntry.objects.count(), Notice.objects.count(), PaymentBatch.objects.get().version)
    record(sent, given, team)
    record(sent, given, team, key="同一文件再次导入")
    after = (totals(), JournalEntry.objects.count(), Notice.objects.count(), PaymentBatch.objects.get().version)
    assert after == before


def test_results_may_come_in_parts(sent, team):
    one, other = sorted(all_paid(sent).items())
    assert record(sent, dict([one]), team).state == BatchState.SENT
    assert Instalment.objects.get(position=1).state == InstalmentState.IN_PAYMENT
    assert record(sent, dict([one, other]), team).state == BatchState.COMPLETED
    assert Instalment.objects.get(position=1).state == InstalmentState.PAID


def test_a_failed_line_is_paid_in_another_batch_and_the_paid_one_is_not_paid_again(sent, team):
    central, city = sent.payments.order_by("pk")
    record(sent, {central.pk: Paid("HD1"), city.pk: Failed("账户状态异常")}, team)
    instalment = Instalment.objects.get(position=1)
    assert (instalment.state, totals()[1]) == (InstalmentState.PLANNED, (0, 0, 0))

    again = money.sent(batches.prepare_batch([instalment], actor=team.officer, at=NOW), team)
    assert [p.amount for p in again.payments.all()] == [city.amount]
    record(again, all_paid(again), team)
    assert Instalment.objects.get(position=1).state == InstalmentState.PAID
    assert Award.objects.get().net == Decimal(3_750_000)


def test_a_returned_payment_is_issued_again(sent, team):
    given = all_paid(sent)
    record(sent, given, team)
    payment = sent.payments.order_by("pk").first()
    results.record_return(payment, "户名不符", actor=team.officer, at=moment(days=2))
    instalment = Instalment.objects.get(position=1)
    assert (instalment.state, Award.objects.get().net) == (InstalmentState.PLANNED, Decimal(1_250_000))

    record(sent, given, team)  # the old file once more changes nothing
    again = money.sent(batches.prepare_batch([instalment], actor=team.officer, at=moment(days=2)), team, moment(days=2))
    record(again, all_paid(again), team)
    assert Award.objects.get().net == Decimal(3_750_000)
    assert totals()[0] == (0, Decimal(5_000_000), Decimal(2_500_000))


def test_the_same_return_twice_is_refused(sent, team):
    record(sent, all_paid(sent), team)
    payment = sent.payments.first()
    results.record_return(payment, "户名不符", actor=team.officer, at=NOW)
    with pytest.raises(moves.Overtaken):
        results.record_return(payment, "户名不符", actor=team.officer, at=NOW)


@pytest.mark.parametrize("contradiction", [Failed("不符"), Paid("HD999999")])
def test_results_that_contradict_what_is_booked_are_refused(sent, team, contradiction):
    given = all_paid(sent)
    record(sent, given, team)
    key = next(iter(given))
    with pytest.raises(Refused) as refused:
        record(sent, {key: contradiction}, team)
    assert refused.value.field == f"receipt-{key}"


def test_a_receipt_proves_one_payment(sent, team):
    central, city = sent.payments.order_by("pk")
    with pytest.raises(Refused, match="出现了两次"):
        record(sent, {central.pk: Paid("HD1"), city.pk: Paid("HD1")}, team)
    record(sent, {central.pk: Paid("HD1")}, team)
    with pytest.raises(Refused, match="已用于另一笔拨付"):
        record(sent, {city.pk: Paid("HD1")}, team)


@pytest.mark.parametrize(("result", "field"), [(Paid(" "), "receipt"), (Failed(""), "reason")])
def test_a_result_says_its_receipt_or_reason(sent, team, result, field):
    key = sent.payments.first().pk
    with pytest.raises(Refused) as refused:
        record(sent, {key: result}, team)
    assert refused.value.field == f"{field}-{key}"


def test_results_of_another_batch_are_refused(sent, team):
    with pytest.raises(Refused, match="不属于本批次"):
        record(sent, {0: Paid("HD1")}, team)


def test_results_before_the_bank_has_the_batch_are_refused(team, pools):
    batch = batches.prepare_batch(money.payable(team), actor=team.officer, at=NOW)
    with pytest.raises(Refused, match="不一致"):
        record(batch, {batch.payments.first().pk: Paid("HD1")}, team)


@pytest.mark.parametrize("role", [role for role in EVERY_ROLE if role not in (Role.BUREAU_OFFICER, Role.BUREAU_LEAD)])
def test_only_the_bureau_records_results_and_returns(sent, team, role):
    person, given = EVERY_ROLE[role](), all_paid(sent)
    with pytest.raises(moves.NotYours):
        results.record_results(sent, given, key="x", actor=person, at=NOW)
    record(sent, given, team)
    with pytest.raises(moves.NotYours):
        results.record_return(sent.payments.first(), "退票", actor=person, at=NOW)


def test_money_that_arrives_after_a_revocation_is_claimed_back(sent, team):
    project = Award.objects.get().project
    situations.revoked(project)
    record(sent, all_paid(sent), team)
    recovery = Recovery.objects.get()
    assert (recovery.reason, recovery.demanded) == (RecoveryReason.LATE_PAYMENT, Decimal(3_750_000))


def test_what_fails_after_a_revocation_is_not_planned_again(sent, team):
    situations.revoked(Award.objects.get().project)
    record(sent, {p.pk: Failed("账户冻结") for p in sent.payments.all()}, team)
    assert {one.state for one in Instalment.objects.all()} == {InstalmentState.CANCELLED}
    assert {pool.committed for pool in Pool.objects.all()} == {Decimal(0)}


# --- the enterprise ---------------------------------------------------------------------------------------------------


def test_the_enterprise_confirms_once(sent, team):
    record(sent, all_paid(sent), team)
    payment = sent.payments.first()
    approver = money.approver_of(payment.project)
    first = results.confirm_receipt(payment, actor=approver, at=moment(days=2))
    again = results.confirm_receipt(payment, actor=approver, at=moment(days=3))
    assert (first.confirmed_at, again.confirmed_at) == (moment(days=2), moment(days=2))
    assert audit.timeline_of(payment).filter(event="payment.receipt_confirmed").count() == 1


def test_nobody_else_confirms_and_nothing_before_it_came(sent, team):
    payment = sent.payments.first()
    with pytest.raises(PermissionDenied):
        results.confirm_receipt(payment, actor=people.approver(), at=NOW)
    with pytest.raises(Refused, match="还不能确认到账"):
        results.confirm_receipt(payment, actor=money.approver_of(payment.project), at=NOW)


def test_the_enterprise_is_told_and_confirms_on_its_page(client, sent, team):
    payment = sent.payments.first()
    approver = money.approver_of(payment.project)
    record(sent, all_paid(sent), team)
    assert Notice.objects.filter(recipient=approver, subject__startswith="补助已拨付").count() == 2
    client.force_login(approver)
    page = client.get(payment.get_absolute_url()).content.decode()
    assert "确认到账 2,500,000.00 元" in page and "0000000000000001" not in page
    assert client.post(reverse("payment-confirm", args=[payment.pk])).status_code == 302
    assert Payment.objects.get(pk=payment.pk).confirmed_by == approver


def test_another_enterprise_does_not_see_the_payment(client, sent):
    client.force_login(people.approver())
    names = ("payment", "payment-notice")
    assert [client.get(reverse(name, args=[sent.payments.first().pk])).status_code for name in names] == [404, 404]
    assert client.post(reverse("payment-confirm", args=[sent.payments.first().pk])).status_code == 404


def test_the_notice_names_the_payer(client, sent, team):
    record(sent, all_paid(sent), team)
    jobs.run(Job.objects.get(kind="payment.notices").pk)
    payment = sent.payments.first()
    client.force_login(money.approver_of(payment.project))
    answer = client.get(reverse("payment-notice", args=[payment.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    answer.close()


def test_the_results_page_books_what_was_typed_and_keeps_what_is_wrong(client, sent, team):
    central, city = sent.payments.order_by("pk")
    client.force_login(team.officer)
    address = reverse("batch-results", args=[sent.pk])
    typed = {f"outcome-{central.pk}": "paid", f"receipt-{central.pk}": "HD1", f"outcome-{city.pk}": "failed"}
    page = client.post(address, typed).content.decode()
    assert "请写明支付失败的原因" in page and 'value="HD1"' in page and totals()[0][1] == 0
    assert client.post(address, typed | {f"reason-{city.pk}": "账户状态异常"}).status_code == 302
    assert totals()[0][1] == Decimal(2_500_000)


def test_the_system_books_nothing_by_itself(sent):
    with pytest.raises(moves.NotYours):
        results.record_results(sent, all_paid(sent), key="x", actor=SYSTEM, at=NOW)
