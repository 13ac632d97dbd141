"""Unsigned 任务书 are reminded of 7, 3 and 1 working days before their term ends, once a step (第九条三)."""

import pytest

from core.models import AuditEvent, Notice
from disbursement.models import Agreement
from disbursement.services import agreements
from portal.agreement_reminders import remind_of_agreements
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    money.pool()
    money.approved(money.awaiting_approval(), by=money.team())
    return Agreement.objects.get()  # to be signed by 19 March; NOW is Thursday 5 March


def test_each_step_is_written_of_once(paper):
    assert [day for day in range(15) if remind_of_agreements(moment(days=day))] == [5, 11, 13]
    assert remind_of_agreements(moment(days=14)) == 0


def test_only_the_side_that_has_not_signed_is_hurried(paper):
    approver = money.approver_of(paper.project)
    agreements.sign(paper, actor=approver, at=NOW)
    Notice.objects.all().delete()
    assert remind_of_agreements(moment(days=11)) == 1
    assert not Notice.objects.filter(recipient=approver).exists() and Notice.objects.exists()


def test_a_reminder_made_up_for_says_the_days_really_left(paper):
    remind_of_agreements(moment(days=12))
    assert AuditEvent.objects.get(event="agreement.reminded").summary == "签署期限还剩 2 个工作日"
    remind_of_agreements(moment(days=14))
    assert Notice.objects.filter(body__contains="2026年3月19日，今天到期").exists()


def test_nobody_is_hurried_while_the_project_is_held(paper):
    money.held(paper.project)
    assert remind_of_agreements(moment(days=11)) == 0


def test_a_signed_one_is_left_alone(paper):
    money.signed(paper.project, money.team())
    assert remind_of_agreements(moment(days=11)) == 0
