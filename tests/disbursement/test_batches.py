"""A payment batch: prepared, checked, reviewed and released by four persons, paid by 市工信局 (第十二条)."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from applications.models import BankAccount, DishonestyEntry, Hold
from core import audit, jobs, moves
from core.accounts import role_group
from core.files import read_stored
from core.models import Job, Role
from disbursement import funds
from disbursement.bank_file import fingerprint
from disbursement.models import Award, Instalment, Payment, PaymentBatch, Pool, Source
from disbursement.queries.payments import payable_instalments, payable_lines
from disbursement.services import batches
from disbursement.services.refusal import Refused
from disbursement.states import AgreementState, BatchState, InstalmentState, PaymentState
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW

pytestmark = pytest.mark.django_db

STEPS = {
    "check_batch": (batches.check_batch, "lead", (Role.BUREAU_LEAD,), BatchState.CHECKED),
    "review_batch": (batches.review_batch, "finance_officer", (Role.FINANCE_OFFICER,), BatchState.REVIEWED),
    "release": (batches.release, "finance_lead", (Role.FINANCE_LEAD,), BatchState.RELEASED),
    "send_to_bank": (batches.send_to_bank, "officer", (Role.BUREAU_OFFICER, Role.BUREAU_LEAD), BatchState.SENT),
}


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(budget=5_000_000, received=5_000_000), money.pool(Source.CITY, received=0)


@pytest.fixture
def first(team, pools):
    return money.payable(team)[0]


@pytest.fixture
def batch(first, team):
    return batches.prepare_batch([first], actor=team.officer, at=NOW)


def stand_before(step, batch, team):
    for name, (service, who, _, _) in STEPS.items():
        if name == step:
            return PaymentBatch.objects.get(pk=batch.pk)
        service(batch, actor=getattr(team, who), at=NOW)
    raise AssertionError(step)


def test_a_batch_holds_a_payment_a_line_with_the_account_as_it_is(batch, first, pools):
    rows = [(p.pool, p.amount, p.account_number, p.state) for p in batch.payments.all()]
    number = "0000000000000001"
    assert rows == [
        (pools[0], Decimal(2_500_000), number, PaymentState.PREPARED),
        (pools[1], Decimal(1_250_000), number, PaymentState.PREPARED),
    ]
    assert (batch.number, Instalment.objects.get(pk=first.pk).state) == ("2026-001", InstalmentState.IN_PAYMENT)
    assert Award.objects.get().in_payment == Decimal(3_750_000)


def test_batches_are_numbered_in_their_year(team, pools):
    payable = money.payable(team, 2, investment=10_000_000)
    numbers = [batches.prepare_batch([one], actor=team.officer, at=NOW).number for one in payable]
    assert numbers == ["2026-001", "2026-002"]


def test_an_instalment_stands_in_one_batch(batch, first, team):
    with pytest.raises(moves.Overtaken):
        batches.prepare_batch([first], actor=team.officer, at=NOW)
    assert PaymentBatch.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in EVERY_ROLE if role != Role.BUREAU_OFFICER])
def test_only_a_bureau_officer_prepares(first, role):
    with pytest.raises(moves.NotYours):
        batches.prepare_batch([first], actor=EVERY_ROLE[role](), at=NOW)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_moves_and_is_recorded(batch, team, step):
    service, who, _, target = STEPS[step]
    after = service(stand_before(step, batch, team), actor=getattr(team, who), at=NOW)
    event = audit.timeline_of(after).first()
    assert (after.state, event.actor, event.ground.facts["total"]) == (target, getattr(team, who), "3750000.00")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_each_step_refuses_every_other_role(batch, team, step, role):
    service, _, wanted, _ = STEPS[step]
    before = stand_before(step, batch, team)
    if role in wanted:
        return
    with pytest.raises(moves.NotYours):
        service(before, actor=EVERY_ROLE[role](), at=NOW)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_taken_once(batch, team, step):
    service, who, _, _ = STEPS[step]
    service(stand_before(step, batch, team), actor=getattr(team, who), at=NOW)
    with pytest.raises(moves.Overtaken):
        service(batch, actor=getattr(team, who), at=NOW)


@pytest.mark.parametrize(
    ("step", "earlier"),
    [
        ("check_batch", "officer"), ("review_batch", "officer"), ("review_batch", "lead"), ("release", "officer"),
        ("release", "lead"), ("release", "finance_officer"),
    ],
)  # fmt: skip
def test_maker_and_checker_are_never_one_person(batch, team, step, earlier):
    before, person = stand_before(step, batch, team), getattr(team, earlier)
    for role in (Role.BUREAU_LEAD, Role.FINANCE_OFFICER, Role.FINANCE_LEAD):
        person.groups.add(role_group(role))
    with pytest.raises(moves.NotYours):
        STEPS[step][0](before, actor=type(person).objects.get(pk=person.pk), at=NOW)


# --- what keeps money back --------------------------------------------------------------------------------------------


def spoil(what, instalment):
    """Make one of the checks before payment fail."""
    project = instalment.award.project
    if what == "hold":
        money.held(project)
    elif what == "dishonesty":
        DishonestyEntry.objects.create(
            organisation=project.enterprise, ground=people.ground(), reason="虚假材料", from_on=NOW
        )
    elif what == "account replaced":
        BankAccount.objects.update(replaced_at=NOW)
    elif what == "another holder":
        BankAccount.objects.update(holder="别的公司")
    elif what == "agreement ended":
        type(instalment.agreement).objects.update(state=AgreementState.ENDED)


SPOILS = ["hold", "dishonesty", "account replaced", "another holder", "agreement ended"]


@pytest.mark.parametrize("what", SPOILS)
def test_what_keeps_money_back_keeps_it_out_of_a_batch(first, team, what):
    assert payable_lines(NOW).count() == 2
    spoil(what, first)
    assert not payable_instalments(NOW).exists()
    with pytest.raises(Refused, match="不能列入批次"):
        batches.prepare_batch([first], actor=team.officer, at=NOW)


@pytest.mark.parametrize("step", ["release", "send_to_bank"])
@pytest.mark.parametrize("what", SPOILS)
def test_release_and_payment_look_again(batch, first, team, step, what):
    service, who, _, _ = STEPS[step]
    before = stand_before(step, batch, team)
    spoil(what, first)
    with pytest.raises(Refused, match="付前核对"):
        service(before, actor=getattr(team, who), at=NOW)


def test_an_instalment_whose_condition_is_not_met_is_not_paid(first, team):
    second = Instalment.objects.get(position=2)
    with pytest.raises(Refused, match="条件尚未成就"):
        batches.prepare_batch([second], actor=team.officer, at=NOW)


def test_central_money_that_has_not_come_is_not_put_in_a_batch(team):
    money.pool(received=3_000_000)
    [first] = money.payable(team)
    with pytest.raises(funds.PoolShort, match="750,000.00"):
        batches.prepare_batch([first], actor=team.officer, at=NOW)
    assert (PaymentBatch.objects.count(), Instalment.objects.get(pk=first.pk).state) == (0, InstalmentState.PLANNED)


# --- ways back --------------------------------------------------------------------------------------------------------


def test_an_instalment_taken_out_is_payable_again(team, pools):
    kept, out = money.payable(team, 2, investment=10_000_000)
    batch = batches.prepare_batch([kept, out], actor=team.officer, at=NOW)
    batches.take_out(batch, out, "核查中", actor=team.finance_officer, at=NOW)
    assert list(payable_instalments(NOW)) == [out]
    assert Pool.objects.get(pk=pools[0].pk).in_payment == Decimal(750_000)
    assert audit.timeline_of(batch).first().summary == "1 笔，合计 750,000.00 元：核查中"


def test_a_batch_without_payments_goes_nowhere(batch, first, team):
    batches.take_out(batch, first, "核查中", actor=team.officer, at=NOW)
    with pytest.raises(moves.ConditionUnmet, match="没有可拨付的款项"):
        batches.check_batch(batch, actor=team.lead, at=NOW)


@pytest.mark.parametrize("step", STEPS)
def test_a_batch_is_cancelled_until_the_bank_has_it(batch, first, team, step):
    before = stand_before(step, batch, team)
    cancelled = batches.cancel_batch(before, "重新编制", actor=team.finance_lead, at=NOW)
    assert (cancelled.state, Instalment.objects.get(pk=first.pk).state) == (
        BatchState.CANCELLED,
        InstalmentState.PLANNED,
    )
    assert {(p.in_payment, p.paid) for p in Pool.objects.all()} == {(Decimal(0), Decimal(0))}
    assert batches.prepare_batch([first], actor=team.officer, at=NOW).number == "2026-002"


def test_a_batch_with_the_bank_is_not_cancelled(batch, first, team):
    money.sent(batch, team)
    with pytest.raises(moves.Overtaken):
        batches.cancel_batch(batch, "重新编制", actor=team.officer, at=NOW)
    with pytest.raises(Refused, match="已送银行"):
        batches.take_out(batch, first, "核查中", actor=team.officer, at=NOW)


@pytest.mark.parametrize("role", [Role.ENTERPRISE_APPROVER, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR])
def test_others_do_not_cancel_a_batch(batch, role):
    with pytest.raises(moves.NotYours):
        batches.cancel_batch(batch, "不", actor=EVERY_ROLE[role](), at=NOW)


# --- the bank file and the pages --------------------------------------------------------------------------------------


def test_the_bank_file_has_fixed_columns_whole_accounts_total_and_fingerprint(batch, team):
    money.sent(batch, team)
    jobs.run(Job.objects.get(kind="batch.bank_file").pk)
    stored = PaymentBatch.objects.get().bank_file
    rows = list(openpyxl.load_workbook(io.BytesIO(read_stored(stored))).active.values)
    body = [["" if cell is None else cell for cell in row] for row in rows[2:4]]
    assert rows[1][2:8] == ("付款单位", "收款户名", "收款账号", "开户行", "联行号", "金额（元）")
    assert [(row[2], row[4], row[7]) for row in body] == [
        ("沈阳市工业和信息化局", "0000000000000001", "2500000.00"),
        ("沈阳市工业和信息化局", "0000000000000001", "1250000.00"),
    ]
    assert (rows[4][7], rows[5][1]) == ("3750000.00", fingerprint(body))


def test_account_numbers_are_whole_for_finance_and_masked_for_others(client, batch, team):
    pages = {}
    for who in ("officer", "finance_officer"):
        client.force_login(getattr(team, who))
        pages[who] = client.get(batch.get_absolute_url()).content.decode()
    assert "0000000000000001" in pages["finance_officer"]
    assert "0000****0001" in pages["officer"] and "0000000000000001" not in pages["officer"]


def test_the_bank_file_is_for_those_who_pay(client, batch, team):
    money.sent(batch, team)
    jobs.run(Job.objects.get(kind="batch.bank_file").pk)
    address = reverse("batch-bank-file", args=[batch.pk])
    for person, status in ((people.supervisor(), 403), (people.approver(), 403)):
        client.force_login(person)
        assert client.get(address).status_code == status


def test_release_asks_for_the_password_and_names_the_sum(client, batch, team):
    stand_before("release", batch, team)
    client.force_login(team.finance_lead)
    assert "放行 3,750,000.00 元" in client.get(batch.get_absolute_url()).content.decode()
    address = reverse("batch-step", args=[batch.pk, "release"])
    assert "密码不正确" in client.post(address, {"release-password": "x"}).content.decode()
    assert client.post(address, {"release-password": "portal-test-2026"}).status_code == 302
    assert PaymentBatch.objects.get().state == BatchState.RELEASED


def test_a_hold_shows_on_the_page_and_refuses_the_release_there(client, batch, first, team):
    stand_before("release", batch, team)
    money.held(first.award.project)
    client.force_login(team.finance_lead)
    page = client.post(reverse("batch-step", args=[batch.pk, "release"]), {"release-password": "portal-test-2026"})
    assert "付前核对有 1 项没有通过" in page.content.decode()


def test_the_new_batch_page_pays_what_was_ticked_and_says_what_is_blocked(client, team, pools):
    one, other = money.payable(team, 2, investment=10_000_000)
    Hold.objects.all().delete()
    money.held(other.award.project)
    client.force_login(team.officer)
    page = client.get(reverse("batch-new")).content.decode()
    assert page.count('name="instalments"') == 1 and "有未解除的暂停" in page
    assert client.post(reverse("batch-new"), {"instalments": [one.pk]}).status_code == 302
    assert Payment.objects.get().line.instalment == one


def test_nothing_ticked_is_an_error_of_the_form(client, team, first):
    client.force_login(team.officer)
    assert "请至少选择一笔可拨付的款项" in client.post(reverse("batch-new"), {}).content.decode()


def test_strangers_have_no_batches(client, batch):
    client.force_login(people.approver(batch.payments.first().project.enterprise))
    assert client.get(batch.get_absolute_url()).status_code == 403
    assert not PaymentBatch.objects.visible_to(people.district_lead()).exists()
