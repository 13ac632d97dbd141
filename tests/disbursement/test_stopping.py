"""Termination, failure and 取消资格 stop every unpaid instalment at once and claim all that was paid (第十三条)."""

from decimal import Decimal

import pytest

from applications.models import DishonestyEntry, Hold, Project
from applications.states import State
from core import moves
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import Instalment, Payment, Pool, Recovery
from disbursement.services import closing, ending, stopping
from disbursement.states import AgreementState, InstalmentState, PaymentState
from tests.disbursement import situations as given
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db

PAPER = {"reason": "伪造设备发票。", "number": "示例决〔2026〕1号", "at": NOW}
PAID = Decimal("3750000.00")


def states(project):
    return list(Instalment.objects.filter(award__project=project).order_by("position").values_list("state", flat=True))


def terminated(project):
    money.heard(project, "terminate")
    return ending.terminate(project, actor=people.bureau_lead(), **PAPER)


def test_disqualification_stops_claims_and_registers():
    project = given.half_paid()

    moved = given.revoked(project)

    assert moved.state == State.REVOKED
    assert states(project) == [InstalmentState.PAID, InstalmentState.CANCELLED]
    assert Recovery.objects.get(project=project).demanded == PAID
    assert DishonestyEntry.objects.get().organisation == project.enterprise
    assert Pool.objects.get().committed == PAID
    assert Hold.objects.open().get().kind == "recovery"


def test_what_waits_in_a_batch_is_taken_out_of_it():
    project = given.half_paid()
    given.in_batch(Instalment.objects.get(award__project=project, position=2))

    given.revoked(project)

    assert states(project)[1] == InstalmentState.CANCELLED
    assert not Payment.objects.filter(state=PaymentState.PREPARED).exists()
    assert Pool.objects.get().in_payment == 0


def test_what_the_bank_has_already_is_claimed_when_it_arrives():
    project = given.half_paid()
    sent = given.in_batch(Instalment.objects.get(award__project=project, position=2))
    Payment.objects.filter(pk=sent[0].pk).update(state=PaymentState.SENT)
    revoked = given.revoked(project)
    ground = people.ground("bank_receipt")

    funds.book_paid(Payment.objects.filter(pk=sent[0].pk), actor=SYSTEM, at=NOW, ground=ground)
    Payment.objects.filter(pk=sent[0].pk).update(state=PaymentState.PAID)
    stopping.true_up(revoked, reason="late_payment", ground=ground, at=NOW)

    assert sorted(Recovery.objects.values_list("reason", "demanded")) == [("late_payment", PAID), ("revoked", PAID)]


def test_truing_up_again_changes_nothing():
    project = terminated(given.half_paid())

    again = stopping.true_up(project, reason="terminated", ground=people.ground(), at=NOW)

    assert again is None
    assert Recovery.objects.count() == 1


def test_a_terminated_project_may_still_be_disqualified():
    project = terminated(given.half_paid())

    moved = given.revoked(project, "示例决〔2026〕2号")

    assert moved.state == State.REVOKED
    assert Recovery.objects.count() == 1


def test_a_failed_acceptance_ends_the_project_and_claims_back():
    acceptance = given.reported(given.half_paid())
    money.heard(acceptance.project, "fail")

    closing.fail(acceptance, reason="主要设备未到位。", number="示例决〔2026〕3号", actor=people.bureau_lead(), at=NOW)

    project = Project.objects.get()
    assert (project.state, project.agreements.get().state) == (State.TERMINATED, AgreementState.ENDED)
    assert Recovery.objects.get().reason == "failed"


def test_rectification_comes_once_and_holds_payments():
    project = given.half_paid()
    closing.require_rectification(given.reported(project), text="补齐铭牌。", actor=people.bureau_lead(), at=NOW)
    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.holds.open().get().kind) == (State.RECTIFICATION, "rectification")

    again = given.reported(project)

    assert not Project.objects.get(pk=project.pk).holds.open().exists()
    with pytest.raises(moves.ConditionUnmet, match="整改只有一次"):
        closing.require_rectification(again, text="再改。", actor=people.bureau_lead(), at=NOW)


def test_an_officer_cannot_disqualify():
    project = given.half_paid()

    with pytest.raises(moves.NotYours):
        ending.revoke(project, actor=people.bureau_officer(), **PAPER)

    assert Project.objects.get(pk=project.pk).state == State.DISBURSEMENT


def test_before_the_award_there_is_nothing_to_claim():
    from tests.factories import applications as filings

    project = filings.project(State.CITY_REVIEW)

    assert given.revoked(project).state == State.REVOKED
    assert not Recovery.objects.exists()
