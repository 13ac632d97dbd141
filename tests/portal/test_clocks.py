"""The clocks: what is overdue lapses, what nears is reminded of once, and running again changes nothing."""

import pytest

from applications.models import Project
from applications.states import CallState, State
from core.models import Notice
from portal import tasks
from portal.reminders import remind
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_a_draft_lapses_and_its_call_closes_in_one_turn():
    call = filings.call(closes_at=moment(days=-1))
    draft = filings.project(State.DRAFT, of_call=call)

    done = tasks.turn_clocks(NOW)

    assert (done["lapsed filings"], done["closed calls"]) == (1, 1)
    assert Project.objects.get(pk=draft.pk).state == State.LAPSED
    assert type(call).objects.get(pk=call.pk).state == CallState.CLOSED


def test_running_again_changes_nothing():
    filings.project(State.CORRECTION, due_on=moment(days=-3).date())
    tasks.turn_clocks(NOW)

    assert set(tasks.turn_clocks(moment(hours=1)).values()) == {0}


def test_a_clock_that_fails_stops_no_other(monkeypatch, caplog):
    def broken(at):
        raise RuntimeError("the clock stands still")

    monkeypatch.setattr(tasks, "CLOCKS", (("broken", broken), ("whole", lambda at: 3)))

    assert tasks.turn_clocks(NOW) == {"broken": 0, "whole": 3}
    assert "the clock stands still" in caplog.text


def test_the_district_is_reminded_once_of_a_nearing_deadline():
    officer = people.district_officer()
    filings.project(State.DISTRICT_REVIEW, due_on=moment(days=1).date())

    assert (remind(NOW), remind(moment(hours=2))) == (1, 0)
    assert [letter.subject for letter in Notice.objects.filter(recipient=officer)] == [
        "期限提醒：数控产线智能化改造，2026年3月6日前"
    ]


def test_a_prolonged_deadline_is_reminded_of_again():
    project = filings.project(State.DISTRICT_REVIEW, due_on=moment(days=1).date())
    remind(NOW)
    Project.objects.filter(pk=project.pk).update(due_on=moment(days=8).date())

    assert remind(moment(days=6)) == 1


def test_far_deadlines_and_ended_projects_are_left_alone():
    filings.project(State.DISTRICT_REVIEW, due_on=moment(days=20).date())
    filings.project(State.WITHDRAWN, due_on=moment(days=1).date())

    assert remind(NOW) == 0
