"""Drafts left are reminded of 7, 3 and 1 working days before their call closes, once a step."""

import pytest

from applications.models import Call
from applications.states import State
from core.models import Notice
from portal.filing_reminders import remind_of_drafts
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import moment

pytestmark = pytest.mark.django_db

# NOW is Thursday 2026-03-05; the call closes on Monday 2026-03-16, seven working days later.
CLOSES = moment(days=11)


@pytest.fixture
def draft():
    return filings.project(State.DRAFT, of_call=filings.call(closes_at=CLOSES))


def test_each_step_is_written_of_once(draft):
    days = range(-3, 12)

    assert [day for day in days if remind_of_drafts(moment(days=day, hours=-1))] == [0, 6, 8]
    assert remind_of_drafts(moment(days=8)) == 0


def test_the_people_of_the_enterprise_are_told_and_no_one_else(draft):
    colleague, stranger = people.approver(draft.enterprise), people.approver()

    remind_of_drafts(moment())

    assert "申报还没有提交" in Notice.objects.get(recipient=colleague).subject
    assert not Notice.objects.filter(recipient=stranger).exists()


def test_a_missed_day_is_made_up_for_with_the_nearest_step_only(draft):
    assert (remind_of_drafts(moment(days=7)), remind_of_drafts(moment(days=7, hours=1))) == (1, 0)


def test_an_extended_call_is_reminded_of_anew(draft):
    remind_of_drafts(moment())
    Call.objects.update(closes_at=moment(days=25))

    assert (remind_of_drafts(moment(days=1)), remind_of_drafts(moment(days=14))) == (0, 1)


@pytest.mark.parametrize("state", [State.DISTRICT_REVIEW, State.WITHDRAWN, State.LAPSED])
def test_what_is_no_draft_any_more_is_left_alone(state):
    filings.project(state, of_call=filings.call(closes_at=CLOSES))

    assert remind_of_drafts(moment()) == 0
