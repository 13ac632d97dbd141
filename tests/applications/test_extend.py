"""延长申报时间: for everybody, with a reason that is public; whoever has a draft is told (第八条)."""

import pytest

from applications import services
from applications.models import Call, Project
from core import moves
from core.models import AuditEvent, GroundKind, Notice, Role
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def extend(call, actor=None, days=45):
    return services.extend_call(
        call, closes_at=moment(days=days), reason="首日访问拥堵", actor=actor or people.bureau_lead(), at=NOW
    )


def test_extend_moves_the_closing_and_is_recorded_with_its_reason():
    call = filings.call()

    assert extend(call).closes_at == moment(days=45)

    event = AuditEvent.objects.get(event="call.extended")
    assert (event.ground.kind, event.summary) == (GroundKind.DECISION, "首日访问拥堵")


def test_whoever_has_a_draft_is_told_once():
    call = filings.call()
    project = filing.started(of_call=call)
    filing.started(of_call=call, actor=project.created_by)

    extend(call)

    assert Notice.objects.filter(recipient=project.created_by, subject__startswith="申报时间延长").count() == 1


def test_everybody_who_may_still_use_the_time_is_told_with_the_reason_and_nobody_else():
    call = filings.call()
    filed, declined = filing.filed(of_call=call), filing.filed(of_call=call)
    Project.objects.filter(pk=declined.pk).update(state="declined")
    lead, invited, elsewhere = people.approver(), people.approver(), filing.started()
    group = services.open_group(
        call=call,
        lead=lead.organisation,
        track="line",
        name="协同",
        place="产业链",
        plan="同步改造",
        actor=lead,
        at=NOW,
    )
    services.invite(group, uscc=invited.organisation.uscc, actor=lead, at=NOW)

    extend(call)

    told = Notice.objects.filter(subject__startswith="申报时间延长", body__contains="首日访问拥堵")
    assert set(told.values_list("recipient", flat=True)) == {filed.created_by_id, lead.pk, invited.pk}
    assert elsewhere.created_by_id not in told.values_list("recipient", flat=True)


def test_the_reason_is_public(client):
    call = filings.call()
    extend(call)

    assert "首日访问拥堵" in client.get(f"/calls/{call.pk}/").content.decode()


def test_a_filing_is_taken_in_the_time_that_was_added():
    project = filing.ready()
    extend(project.call)

    assert services.submit(project, actor=project.created_by, at=moment(days=40)).number == "SYJG-2026-106-001"


@pytest.mark.parametrize("days", [-5, 30])
def test_an_earlier_or_equal_closing_is_refused(days):
    with pytest.raises(services.ExtensionRefused):
        extend(filings.call(), days=days)


@pytest.mark.parametrize("role", [role for role in people.EVERY_ROLE if role != Role.BUREAU_LEAD])
def test_nobody_but_the_lead_extends(role):
    with pytest.raises(moves.NotYours):
        extend(filings.call(), actor=people.EVERY_ROLE[role]())


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_a_published_call_is_extended(state):
    with pytest.raises(moves.Overtaken):
        extend(filings.call(state=state))


def test_the_page_asks_for_a_later_time_and_keeps_the_reason(client, live_call):
    client.force_login(people.bureau_lead())
    address = f"/calls/{live_call.pk}/extend/"

    page = client.post(address, {"closes_at": "2026-03-06T17:00", "reason": "首日访问拥堵"}).content.decode()
    assert "须晚于现在的截止时间" in page
    assert "首日访问拥堵" in page

    client.post(address, {"closes_at": "2030-03-06T17:00", "reason": "首日访问拥堵"})
    assert Call.objects.get(pk=live_call.pk).closes_at.year == 2030
