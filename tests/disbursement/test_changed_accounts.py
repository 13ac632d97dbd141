"""A bank account changed less than thirty days ago is paid to only after a third person looked at it (第十二条、第十六条)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import services as accounts
from applications.models import BankAccount
from core.models import Notice
from disbursement.models import Payment
from disbursement.queries.payments import kept_back_by, met_instalments, payable_instalments
from disbursement.services import batches
from disbursement.services.refusal import Refused
from portal.invariants import instalments as invariants
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
NUMBER = "00000000000099"


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def instalment(team):
    money.pool()
    return money.payable(team)[0]


def changed(instalment, team, at=NOW):
    """A new account in the place of the first, entered by the enterprise and confirmed by 市工信局."""
    own = instalment.award.project.enterprise
    said = {"bank": "示例银行", "cnaps": "000221000000", "number": NUMBER}
    made = accounts.enter_account(own, holder=own.name, **said, actor=people.approver(own), at=at)
    return accounts.confirm_account(made, actor=team.officer, at=at)


def test_a_first_account_waits_for_nobody(instalment):
    assert list(payable_instalments(NOW)) == [instalment]


def test_a_changed_one_keeps_its_payments_back_for_thirty_days(instalment, team):
    changed(instalment, team)
    assert kept_back_by(met_instalments(NOW).get()) == ["收款账户近 30 日内变更，待另一人再次核实"]
    assert [payable_instalments(moment(days=day)).count() for day in (29, 30)] == [0, 1]


def test_a_third_person_lets_them_go(instalment, team):
    account = changed(instalment, team)
    accounts.recheck_account(account, actor=team.finance_officer, at=NOW)
    assert list(payable_instalments(NOW)) == [instalment]


def test_neither_hand_rechecks_nor_anybody_of_another_desk(instalment, team):
    account = changed(instalment, team)
    for actor in (team.officer, account.entered_by, people.supervisor(), people.district_lead(), people.approver()):
        with pytest.raises(accounts.AccountRefused):
            accounts.recheck_account(account, actor=actor, at=NOW)


def test_a_change_while_the_batch_goes_round_stops_its_release(instalment, team):
    batch = batches.prepare_batch([instalment], actor=team.officer, at=NOW)
    batches.check_batch(batch, actor=team.lead, at=NOW)
    batches.review_batch(batch, actor=team.finance_officer, at=NOW)
    changed(instalment, team)
    with pytest.raises(Refused, match="收款账户"):
        batches.release(batch, actor=team.finance_lead, at=NOW)


def test_the_enterprise_and_both_bureaux_are_told(instalment, team):
    account = changed(instalment, team)
    told = set(Notice.objects.filter(subject__contains="收款账户").values_list("recipient", flat=True))
    assert {team.finance_lead.pk, team.lead.pk, account.entered_by_id} <= told


def test_the_page_asks_for_the_number_and_shows_it_to_nobody(client, instalment, team):
    account = changed(instalment, team)
    client.force_login(team.finance_officer)
    page = reverse("bank-account-recheck", args=[account.pk])
    assert NUMBER not in client.get(page).content.decode() + client.get(reverse("bank-accounts")).content.decode()
    BankAccount.objects.filter(pk=account.pk).update(waits_until=NOW + timedelta(days=3650))
    assert "不一致" in client.post(page, {"number": "00000000000098"}).content.decode()
    client.post(page, {"number": NUMBER})
    assert BankAccount.objects.get(pk=account.pk).rechecked_by == team.finance_officer


def test_who_confirmed_it_finds_no_button(client, instalment, team):
    account = changed(instalment, team)
    BankAccount.objects.filter(pk=account.pk).update(waits_until=NOW + timedelta(days=3650))
    client.force_login(team.officer)
    assert "由另一人核实" in client.get(reverse("bank-accounts")).content.decode()
    assert client.get(reverse("bank-account-recheck", args=[account.pk])).status_code == 403


def test_a_payment_that_went_without_it_is_seen(instalment, team):
    account = changed(instalment, team)
    accounts.recheck_account(account, actor=team.finance_officer, at=NOW)
    money.sent(batches.prepare_batch([instalment], actor=team.officer, at=NOW), team)
    assert list(invariants.CHANGED_ACCOUNTS_WERE_RECHECKED.faults()) == []
    BankAccount.objects.filter(pk=account.pk).update(rechecked_at=None)
    assert len(list(invariants.CHANGED_ACCOUNTS_WERE_RECHECKED.faults())) == Payment.objects.count() == 1


def test_the_enterprise_reads_on_its_page_why_it_waits(client, instalment, team):
    account = changed(instalment, team)
    BankAccount.objects.filter(pk=account.pk).update(waits_until=NOW + timedelta(days=3650))
    client.force_login(account.entered_by)
    assert "近 30 日内变更" in client.get(reverse("enterprise")).content.decode()
