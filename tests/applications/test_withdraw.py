"""撤回项目: the enterprise gives a project up before the award, by a signed request."""

import pytest

from applications import services
from applications.models import Project
from applications.states import BEFORE_AWARD, State
from core import moves
from core.models import AuditEvent, GroundKind, Notice
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def withdraw(project, actor=None, **more):
    return services.withdraw(project, reason="停止投资", actor=actor or project.created_by, at=NOW, **more)


@pytest.mark.parametrize("state", BEFORE_AWARD)
def test_withdraw_ends_a_project_before_the_award(state):
    project = filings.project(state)

    assert withdraw(project).state == State.WITHDRAWN

    event = AuditEvent.objects.get(stream=project.audit_stream(), event="project.withdrawn")
    assert (event.ground.kind, event.summary) == (GroundKind.SIGNED_REQUEST, "停止投资")


@pytest.mark.parametrize("state", [state for state in State if state not in BEFORE_AWARD])
def test_withdraw_is_refused_after_the_award_and_after_the_end(state):
    with pytest.raises(moves.Overtaken):
        withdraw(filings.project(state))


@pytest.mark.parametrize("role", people.EVERY_ROLE)
def test_nobody_else_withdraws(role):
    project = filings.project(State.CITY_REVIEW)

    with pytest.raises(moves.NotYours):
        withdraw(project, actor=people.EVERY_ROLE[role]())


def test_the_request_keeps_its_scan():
    project = filing.filed()

    withdraw(project, upload=filing.pdf("撤回申请.pdf"))

    assert project.grounds.get(move="withdraw").ground.file.original_name == "撤回申请.pdf"


def test_the_district_and_the_bureau_are_told_of_what_they_had():
    officer, bureau = people.district_officer(), people.bureau_officer()

    withdraw(filing.filed())

    assert set(Notice.objects.filter(subject__startswith="企业撤回项目").values_list("recipient", flat=True)) >= {
        officer.pk,
        bureau.pk,
    }


def test_withdrawing_a_draft_tells_nobody():
    people.district_officer()

    withdraw(filing.started())

    assert not Notice.objects.filter(subject__startswith="企业撤回项目").exists()


def test_the_page_withdraws_by_password_and_takes_only_documents(client, live_call):
    project = filing.started(of_call=live_call)
    client.force_login(project.created_by)
    address = f"/projects/{project.pk}/withdraw/"
    answers = {"reason": "停止投资", "password": "portal-test-2026"}

    refused = client.post(address, {**answers, "file": filing.text()})
    assert refused.status_code == 200
    assert Project.objects.get(pk=project.pk).state == State.DRAFT

    client.post(address, answers)
    assert Project.objects.get(pk=project.pk).state == State.WITHDRAWN


def test_a_filer_is_refused_with_403_and_a_stranger_with_404(client, live_call):
    project = filing.started(of_call=live_call)
    address = f"/projects/{project.pk}/withdraw/"
    client.force_login(people.filer(project.enterprise))
    assert client.get(address).status_code == 403

    client.force_login(people.approver())
    assert client.get(address).status_code == 404
