"""发布申报通知: a lead publishes a complete call; from then on everybody reads it and nobody changes it (第八条)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import services
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
    services.save_call(call, values={"title": "甲"}, actor=people.bureau_officer(), at=NOW, seen_version=call.version)

    with pytest.raises(moves.Overtaken, match="另一个人修改"):
        services.save_call(
            call, values={"title": "乙"}, actor=people.bureau_officer(), at=NOW, seen_version=call.version
        )


def editor_data(call_page, **changes):
    """What the editor's form would post as it stands, with some answers changed."""
    form, *grids = (call_page.context[name] for name in ("form", "materials", "rubric"))
    data = {bound.html_name: bound.value() if bound.value() is not None else "" for bound in form}
    for grid in grids:
        data |= {bound.html_name: bound.value() for bound in grid.management_form}
        for row in grid.forms:
            data |= {b.html_name: b.value() or "" for b in row if b.name != "DELETE"}
    for name in ("opens_at", "closes_at"):
        if hasattr(data[name], "strftime"):
            data[name] = timezone.localtime(data[name]).strftime("%Y-%m-%dT%H:%M")
    return {**data, **changes}


def test_the_editor_opens_filled_saves_and_previews(client):
    client.force_login(people.bureau_officer())
    start = timezone.localtime() + timedelta(days=1)
    written = {
        "title": "第二批", "text": "正文", "opens_at": start.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (start + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M"), "tracks": ["point", "line"],
    }  # fmt: skip

    response = client.post("/calls/new/", editor_data(client.get("/calls/new/"), **written), follow=True)

    assert "发布前的预览" in response.content.decode()
    call = Call.objects.get()
    assert (call.title, call.tracks, call.materials.count(), call.rubric.count()) == (
        "第二批",
        ["point", "line"],
        16,
        12,
    )


def test_the_editor_refuses_a_rubric_that_is_not_a_hundred_and_a_window_that_ends_before_it_begins(client):
    client.force_login(people.bureau_officer())
    wrong = {
        "title": "第二批", "text": "正文", "opens_at": "2026-05-01T09:00", "closes_at": "2026-04-01T09:00",
        "tracks": ["point"], "rubric-0-points": "9",
    }  # fmt: skip

    page = client.post("/calls/new/", editor_data(client.get("/calls/new/"), **wrong)).content.decode()

    assert "截止时间须晚于开始时间" in page
    assert "现在是 99 分" in page
    assert 'value="第二批"' in page


def test_the_page_publishes(client):
    call = opened(closes_at=timezone.now() + timedelta(days=9))
    client.force_login(people.bureau_lead())

    client.post(f"/calls/{call.pk}/publish/", {"number": "沈工信发〔2026〕1号"})

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
