"""The one move: it locks, asks the machine, demands its ground, records and announces, or leaves nothing."""

import pytest

from applications.models import Project, ProjectGround
from applications.states import State
from core import moves
from core.models import AuditEvent, GroundKind, Notice
from core.notices import Letter
from core.workflow import GroundMissing
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def withdraw(project, actor, **more):
    ground = people.ground(GroundKind.SIGNED_REQUEST, actor)
    return moves.perform(project, "withdraw", actor=actor, at=NOW, ground=ground, **more)


@pytest.fixture
def project():
    return filings.project(State.DISTRICT_REVIEW)


def test_a_move_changes_the_state_and_records_ground_actor_and_event(project):
    actor = project.created_by

    moved = withdraw(project, actor)

    assert Project.objects.get(pk=project.pk).state == State.WITHDRAWN
    event = AuditEvent.objects.get(stream=moved.audit_stream(), event="project.withdrawn")
    assert (event.actor, event.at, event.ground.kind) == (actor, NOW, GroundKind.SIGNED_REQUEST)
    assert ProjectGround.objects.get(project=project).move == "withdraw"


def test_a_stranger_is_refused_and_nothing_changes(project):
    with pytest.raises(moves.NotYours):
        withdraw(project, people.approver())

    assert Project.objects.get(pk=project.pk).state == State.DISTRICT_REVIEW
    assert not AuditEvent.objects.filter(stream=project.audit_stream()).exists()


def test_a_move_from_another_state_says_somebody_was_faster(project):
    withdraw(project, project.created_by)

    with pytest.raises(moves.Overtaken, match="撤回"):
        withdraw(project, project.created_by)


def test_a_version_seen_long_ago_is_refused(project):
    with pytest.raises(moves.Overtaken):
        withdraw(project, project.created_by, seen_version=project.version + 1)


def test_a_ground_of_another_kind_is_refused(project):
    wrong = people.ground(GroundKind.OPINION, project.created_by)

    with pytest.raises(GroundMissing):
        moves.perform(project, "withdraw", actor=project.created_by, at=NOW, ground=wrong)


def test_the_bare_method_demands_its_ground_too(project):
    with pytest.raises(GroundMissing):
        project.withdraw(ground=None, actor=project.created_by, at=NOW)


def test_letters_are_written_in_the_same_transaction(project):
    reader = people.district_officer()

    withdraw(project, project.created_by, letters=[Letter([reader, reader], "企业撤回了项目")])

    assert [notice.subject for notice in Notice.objects.filter(recipient=reader)] == ["企业撤回了项目"]


def test_a_condition_explains_itself():
    project = filings.project(State.PUBLIC_NOTICE)
    actor = people.bureau_lead()
    ground = people.ground(GroundKind.NOTICE_CLOSURE, actor)

    with pytest.raises(moves.ConditionUnmet, match="公示期未满"):
        moves.perform(project, "close_notice", actor=actor, at=NOW, ground=ground)


def test_perform_many_moves_all_or_none():
    ours = filings.project(State.DISTRICT_REVIEW)
    other = filings.project(State.SETTLED, enterprise=ours.enterprise, of_call=ours.call)
    ground = people.ground(GroundKind.SIGNED_REQUEST, ours.created_by)

    with pytest.raises(moves.Overtaken):
        moves.perform_many([ours, other], "withdraw", actor=ours.created_by, at=NOW, ground=ground)

    assert Project.objects.get(pk=ours.pk).state == State.DISTRICT_REVIEW


def test_perform_many_records_each_project():
    first = filings.project(State.DISTRICT_REVIEW)
    second = filings.project(State.CITY_REVIEW, enterprise=first.enterprise, of_call=first.call)
    ground = people.ground(GroundKind.SIGNED_REQUEST, first.created_by)

    moves.perform_many([first, second], "withdraw", actor=first.created_by, at=NOW, ground=ground)

    assert set(Project.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    assert AuditEvent.objects.filter(event="project.withdrawn").count() == 2


def test_open_moves_are_those_of_the_person_and_say_what_blocks_them():
    project = filings.project(State.PUBLIC_NOTICE)
    lead = people.bureau_lead()

    found = {move.name: move.blocked_by for move in moves.open_moves(project, lead, at=NOW)}

    assert found == {"close_notice": "公示期未满。", "decline": "", "revoke": "", "uphold_objection": ""}


def test_perform_many_gives_each_record_its_own_words():
    first = filings.project(State.DISTRICT_REVIEW)
    ground = people.ground(GroundKind.SIGNED_REQUEST, first.created_by)

    rows, words = Project.objects.filter(pk=first.pk), "{0.title} 撤回"
    moves.perform_many(rows, "withdraw", actor=first.created_by, at=NOW, ground=ground, summary=words.format)

    assert AuditEvent.objects.get(event="project.withdrawn").summary == f"{first.title} 撤回"
