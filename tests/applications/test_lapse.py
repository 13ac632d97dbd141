"""逾期失效: drafts left at the deadline and corrections not handed in; the clock alone does it."""

from datetime import date

import pytest

from applications import services
from applications.models import Project
from applications.states import CallState, State
from core import moves
from core.models import AuditEvent, GroundKind, Notice
from core.people import SYSTEM
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def state_of(project):
    return Project.objects.get(pk=project.pk).state


def test_a_draft_lapses_after_the_closing_and_its_enterprise_is_told():
    project = filing.started()

    assert services.lapse_overdue(moment(days=31)) == 1

    assert state_of(project) == State.LAPSED
    event = AuditEvent.objects.get(stream=project.audit_stream(), event="project.lapsed")
    assert (event.ground.kind, event.actor) == (GroundKind.CLOCK_RECORD, None)
    assert Notice.objects.get(recipient=project.created_by).subject.startswith("未提交")


def test_a_draft_inside_the_window_stays():
    project = filing.started()

    assert services.lapse_overdue(moment(days=29)) == 0
    assert state_of(project) == State.DRAFT


def test_a_correction_lapses_the_day_after_its_last_day():
    project = filings.project(State.CORRECTION, due_on=date(2026, 3, 6))

    assert services.lapse_overdue(moment(days=1)) == 0
    assert services.lapse_overdue(moment(days=2)) == 1
    assert state_of(project) == State.LAPSED


def test_what_was_filed_in_time_does_not_lapse():
    project = filing.filed()

    services.lapse_overdue(moment(days=31))

    assert state_of(project) == State.DISTRICT_REVIEW


@pytest.mark.parametrize("role", people.EVERY_ROLE)
def test_nobody_lapses_a_project_by_hand(role):
    project = filing.started()

    with pytest.raises(moves.NotYours):
        moves.perform(
            project, "lapse", actor=people.EVERY_ROLE[role](), at=moment(days=31),
            ground=people.ground(GroundKind.CLOCK_RECORD),
        )  # fmt: skip


@pytest.mark.parametrize(
    "state", [state for state in State if state not in (State.DRAFT, State.CORRECTION, State.AGREEMENT)]
)
def test_no_other_state_lapses(state):
    project = filings.project(state, due_on=date(2026, 3, 1))

    services.lapse_overdue(moment(days=60))

    assert state_of(project) == state
    with pytest.raises(moves.Overtaken):
        moves.perform(project, "lapse", actor=SYSTEM, at=NOW, ground=people.ground(GroundKind.CLOCK_RECORD))


def test_the_clock_closes_the_call_once():
    call = filings.call()

    assert [services.close_calls(moment(days=31)), services.close_calls(moment(days=32))] == [1, 0]
    assert type(call).objects.get(pk=call.pk).state == CallState.CLOSED
