"""撤回修改: while the window is open and the district has not begun; the number stays."""

import pytest

from applications import services
from applications.models import Project
from applications.states import State
from core import moves
from core.models import AuditEvent, GroundKind, Notice
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def recall(project, actor=None, at=NOW):
    return services.recall(project, reason="补充发票", actor=actor or project.created_by, at=at)


def test_recall_gives_the_draft_back_and_keeps_the_number():
    project = filing.filed()

    moved = recall(project)

    assert (moved.state, moved.number, moved.due_on) == (State.DRAFT, "SYJG-2026-106-001", None)


def test_recall_is_recorded_and_the_district_is_told():
    officer = people.district_officer()
    project = recall(filing.filed())

    event = AuditEvent.objects.get(stream=project.audit_stream(), event="project.recalled")

    assert (event.ground.kind, event.summary) == (GroundKind.SIGNED_REQUEST, "补充发票")
    assert Notice.objects.filter(recipient=officer, subject__startswith="企业撤回修改").count() == 1


def test_a_recalled_filing_is_filed_again_under_its_number():
    project = recall(filing.filed())

    again = services.submit(project, actor=project.created_by, at=moment(hours=1))

    assert (again.number, again.current_submission.sequence) == ("SYJG-2026-106-001", 2)


def test_a_recalled_filing_is_hidden_from_the_district():
    officer = people.district_officer()
    project = filing.filed()
    assert Project.objects.visible_to(officer).filter(pk=project.pk).exists()

    recall(project)

    assert not Project.objects.visible_to(officer).filter(pk=project.pk).exists()


def test_recall_after_the_district_has_begun_is_refused():
    project = filing.filed()
    Project.objects.filter(pk=project.pk).update(taken_at=NOW, taken_by=people.district_officer())

    with pytest.raises(moves.ConditionUnmet, match="已开始核验"):
        recall(project)


def test_recall_after_the_window_is_refused():
    with pytest.raises(moves.ConditionUnmet, match="不在申报时间内"):
        recall(filing.filed(), at=moment(days=31))


@pytest.mark.parametrize("role", people.EVERY_ROLE)
def test_nobody_else_recalls(role):
    project = filing.filed()

    with pytest.raises(moves.NotYours):
        recall(project, actor=people.EVERY_ROLE[role]())


@pytest.mark.parametrize("state", [state for state in State if state != State.DISTRICT_REVIEW])
def test_no_other_state_is_recalled_from(state):
    with pytest.raises(moves.Overtaken):
        recall(filings.project(state))


def test_the_page_recalls_with_the_password_and_refuses_without(client, live_call):
    project = filing.filed(of_call=live_call)
    client.force_login(project.created_by)
    address = f"/filing/{project.pk}/recall/"

    refused = client.post(address, {"reason": "补充发票", "password": "wrong"})
    assert "密码不正确" in refused.content.decode()
    assert "补充发票" in refused.content.decode()

    client.post(address, {"reason": "补充发票", "password": "portal-test-2026"})
    assert Project.objects.get(pk=project.pk).state == State.DRAFT


def test_a_stranger_sees_404(client, live_call):
    project = filing.filed(of_call=live_call)
    client.force_login(people.approver())

    assert client.get(f"/filing/{project.pk}/recall/").status_code == 404
