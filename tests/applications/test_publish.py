"""发布申报通知: a lead publishes a complete call; from then on everybody reads it and nobody changes it (第八条)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import services
from applications.facts import call_parts
from applications.models import Call
from applications.states import CallState
from core import moves
from core.models import AuditEvent, GroundKind, Notice, Role
from core.people import call_ids_in_scope
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def opened(**fields):
    given = {
        "title": "2026 年第一批",
        "year": 2026,
        "text": "支持重点……",
        "opens_at": moment(1),
        "closes_at": moment(30),
    }
    filings.adopted_version()
    return services.open_call(**{**given, **fields}, actor=people.bureau_officer(), at=NOW)


def test_a_new_call_starts_with_the_default_lists_and_the_bureaus_desk_runs_it():
    call = opened()

    assert (call.materials.count(), call.rubric.count()) == (16, 12)
    assert sum(item.points for item in call.rubric.all()) == 100
    assert call.pk in call_ids_in_scope(people.bureau_officer())


def test_publish_makes_the_call_public_and_is_recorded_with_the_notice():
    call = opened()
    assert not Call.objects.visible_to_public().exists()

    services.publish_call(call, actor=people.bureau_lead(), at=NOW, number="沈工信发〔2026〕1号")

    assert Call.objects.visible_to_public().get().state == CallState.PUBLISHED
    ground = AuditEvent.objects.get(event="call.published").ground
    assert (ground.kind, ground.number, ground.facts["text"]) == (
        GroundKind.CALL_NOTICE,
        "沈工信发〔2026〕1号",
        "支持重点……",
    )
    assert not Notice.objects.filter(link__startswith="/calls/").exists()


@pytest.mark.parametrize("role", [role for role in people.EVERY_ROLE if role != Role.BUREAU_LEAD])
def test_nobody_but_the_lead_publishes(role):
    with pytest.raises(moves.NotYours):
        services.publish_call(opened(), actor=people.EVERY_ROLE[role](), at=NOW)


def test_an_incomplete_call_is_not_published():
    call = opened(materials=[])

    with pytest.raises(moves.ConditionUnmet, match="缺少"):
        services.publish_call(call, actor=people.bureau_lead(), at=NOW)


@pytest.mark.parametrize("state", [CallState.PUBLISHED, CallState.CLOSED])
def test_a_call_is_published_once_and_never_changed_after(state):
    call = opened()
    Call.objects.filter(pk=call.pk).update(state=state)
    call = Call.objects.get(pk=call.pk)

    with pytest.raises(moves.Overtaken):
        services.publish_call(call, actor=people.bureau_lead(), at=NOW)
    with pytest.raises(moves.Overtaken, match="已经发布"):
        services.save_call(call, values={"title": "另一个标题"}, actor=people.bureau_officer(), at=NOW)


def test_two_people_editing_a_call_are_told_apart():
    call = opened()
    seen = call_parts.fingerprint_of(call, "text")
    save = {"actor": people.bureau_officer(), "at": NOW, "part": "text", "seen": seen}
    services.save_call(call, values={"title": "甲"}, **save)

    with pytest.raises(services.CallConflict, match="另一个人修改"):
        services.save_call(call, values={"title": "乙"}, **save)


def test_two_people_at_two_parts_of_a_call_do_not_meet():
    call = opened()
    seen = call_parts.fingerprint_of(call, "window")
    services.save_call(call, values={"title": "甲"}, actor=people.bureau_officer(), at=NOW)

    saved = services.save_call(
        call, values={"closes_at": moment(40)}, part="window", seen=seen, actor=people.bureau_officer(), at=NOW
    )

    assert (saved.title, saved.closes_at) == ("甲", moment(40))


def test_the_page_publishes(client):
    call = opened(closes_at=timezone.now() + timedelta(days=9))
    client.force_login(people.bureau_lead())

    client.post(f"/calls/{call.pk}/publish/", {"when": "now", "number": "沈工信发〔2026〕1号"})

    assert Call.objects.get(pk=call.pk).state == CallState.PUBLISHED


def test_an_officer_gets_403_and_the_public_404_for_a_draft(client):
    call = opened()
    assert client.get(f"/calls/{call.pk}/").status_code == 404

    client.force_login(people.bureau_officer())
    assert client.get(f"/calls/{call.pk}/publish/").status_code == 403


def test_a_call_whose_window_is_over_is_not_published():
    call = opened()

    with pytest.raises(moves.ConditionUnmet, match="截止时间已过"):
        services.publish_call(call, actor=people.bureau_lead(), at=moment(30))


def test_a_call_bound_to_a_version_nobody_adopted_is_not_published():
    call = opened(policy_version="2025-03/99")

    with pytest.raises(moves.ConditionUnmet, match="还没有经市工信局、市财政局采用"):
        services.publish_call(call, actor=people.bureau_lead(), at=NOW)
