"""定时发布: the lead sets the moment, the clock publishes once with its ground; nothing changes in between (第八条)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import services
from applications.models import Call
from applications.states import CallState
from core import moves
from core.models import AuditEvent, GroundKind, Role
from tests.applications.test_publish import opened
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def scheduled(days=0, hours=5, **fields):
    call = opened(**fields)
    return services.schedule_call(
        call, publish_at=moment(days, hours), number="沈工信发〔2026〕9号", actor=people.bureau_lead(), at=NOW
    )


def test_the_clock_publishes_at_the_set_moment_and_not_before():
    call = scheduled()

    assert services.publish_due_calls(moment(hours=4)) == 0
    assert not Call.objects.visible_to_public().exists()
    assert services.publish_due_calls(moment(hours=5)) == 1

    event = AuditEvent.objects.get(event="call.published")
    assert (event.actor, event.ground.kind, event.ground.number) == (
        None,
        GroundKind.CALL_NOTICE,
        "沈工信发〔2026〕9号",
    )
    assert Call.objects.visible_to_public().get() == call


def test_the_clock_publishes_once():
    scheduled()

    assert [services.publish_due_calls(moment(hours=6)), services.publish_due_calls(moment(hours=7))] == [1, 0]
    assert AuditEvent.objects.filter(event="call.published").count() == 1


def test_one_that_cannot_be_published_stops_no_other():
    stale = scheduled(policy_version="2025-03")
    Call.objects.filter(pk=stale.pk).update(policy_version="2025-03/99")
    scheduled()

    assert services.publish_due_calls(moment(hours=6)) == 1
    assert Call.objects.get(pk=stale.pk).state == CallState.SCHEDULED


def test_a_scheduled_call_is_frozen_until_the_lead_takes_the_moment_back():
    call = scheduled()
    with pytest.raises(moves.Overtaken, match="取消定时发布"):
        services.save_call(call, values={"title": "另一个标题"}, actor=people.bureau_officer(), at=NOW)

    services.unschedule_call(call, reason="材料清单有误", actor=people.bureau_lead(), at=NOW)

    saved = services.save_call(call, values={"title": "另一个标题"}, actor=people.bureau_officer(), at=NOW)
    assert (saved.title, saved.publish_at, services.publish_due_calls(moment(hours=9))) == ("另一个标题", None, 0)


@pytest.mark.parametrize("when", [NOW, NOW - timedelta(hours=1), moment(30)])
def test_a_moment_that_is_over_or_after_the_closing_is_refused(when):
    with pytest.raises(services.ScheduleRefused):
        services.schedule_call(opened(), publish_at=when, actor=people.bureau_lead(), at=NOW)


@pytest.mark.parametrize("role", [role for role in people.EVERY_ROLE if role != Role.BUREAU_LEAD])
def test_nobody_but_the_lead_sets_the_moment(role):
    with pytest.raises(moves.NotYours):
        services.schedule_call(opened(), publish_at=moment(hours=5), actor=people.EVERY_ROLE[role](), at=NOW)


def test_the_pages_set_and_take_back_the_moment(client):
    call = opened(closes_at=moment(4000))
    client.force_login(people.bureau_lead())
    address = reverse("call-publish", args=[call.pk])
    assert "请填写发布时间" in client.post(address, {"when": "later"}).content.decode()

    client.post(address, {"when": "later", "publish_at": "2035-03-06T09:00", "number": ""})
    assert Call.objects.get(pk=call.pk).state == CallState.SCHEDULED
    assert "由系统发布" in client.get(reverse("call", args=[call.pk])).content.decode()

    client.post(reverse("call-unschedule", args=[call.pk]), {"reason": "清单有误"})
    assert Call.objects.get(pk=call.pk).state == CallState.DRAFT
