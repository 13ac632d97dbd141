"""线 and 面: a lead opens the group, members join by their own approver, each files its own project (第六条二)."""

import pytest
from django.core.exceptions import ValidationError

from applications import services
from applications.models import GroupMembership, ProjectGroup
from core.models import AuditEvent, Notice
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, credit_code
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return people.approver()


@pytest.fixture
def group(live_call, lead):
    return services.open_group(
        call=live_call, lead=lead.organisation, track="line", name="机床链", place="工业母机", plan="同步改造",
        actor=lead, at=NOW,
    )  # fmt: skip


@pytest.fixture
def invited(group, lead):
    other = people.approver(people.enterprise(slug="hunnan"))
    member = services.invite(group, uscc=other.organisation.uscc, actor=lead, at=NOW)
    return member, other


def test_an_invited_enterprise_is_told_and_joins_by_its_approver(group, invited, lead):
    member, other = invited
    assert Notice.objects.get(recipient=other).subject == "邀请加入协同组：机床链"

    joined = services.confirm_membership(member, actor=other, at=NOW)

    assert (joined.confirmed_by, joined.confirmed_at) == (other, NOW)
    assert "已确认加入" in Notice.objects.get(recipient=lead).subject
    assert AuditEvent.objects.filter(event="group.answered").count() == 1


def test_a_member_files_its_own_project_in_its_own_district(group, invited, live_call):
    member, other = invited
    services.confirm_membership(member, actor=other, at=NOW)

    project = filing.filed(actor=other, of_call=live_call, track="line", group=group)

    assert project.number == "SYJG-2026-112-001"
    assert project.group == group


def test_an_enterprise_that_has_not_joined_cannot_file_in_the_group(group, invited, live_call):
    with pytest.raises(services.DraftRefused, match="还没有确认加入"):
        filing.started(actor=invited[1], of_call=live_call, track="line", group=group)


def test_nobody_answers_for_another_enterprise(invited):
    member, other = invited
    for actor in (people.approver(), people.filer(other.organisation), people.bureau_lead()):
        with pytest.raises(services.GroupRefused):
            services.confirm_membership(member, actor=actor, at=NOW)


def test_a_refusal_can_be_followed_by_another_invitation(group, invited, lead):
    member, other = invited
    services.refuse_membership(member, actor=other, at=NOW)

    again = services.invite(group, uscc=other.organisation.uscc, actor=lead, at=NOW)

    assert again.refused_at is None
    assert GroupMembership.objects.count() == 1


def test_a_member_with_a_project_does_not_leave(group, invited, live_call):
    member, other = invited
    services.confirm_membership(member, actor=other, at=NOW)
    filing.started(actor=other, of_call=live_call, track="line", group=group)

    with pytest.raises(services.GroupRefused, match="不能退出"):
        services.refuse_membership(member, actor=other, at=NOW)


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "123", "91110000600037341O"])
def test_a_wrong_credit_code_is_refused_at_its_field_and_kept(client, group, lead, code):
    client.force_login(lead)

    page = client.post(f"/groups/{group.pk}/", {"uscc": code}).content.decode()

    assert "有 1 处需要改正" in page
    assert f'value="{code}"' in page
    with pytest.raises(ValidationError):
        services.invite(group, uscc=code, actor=lead, at=NOW)


def test_an_unknown_the_own_and_a_doubled_code_are_told_apart(group, invited, lead):
    for code, said in [
        (credit_code(9999), "还没有在本系统"),
        (lead.organisation.uscc, "不用邀请自己"),
        (invited[1].organisation.uscc, "已在邀请名单"),
    ]:
        with pytest.raises(services.GroupRefused, match=said):
            services.invite(group, uscc=code, actor=lead, at=NOW)


def test_the_group_page_shows_all_and_what_each_lacks_but_not_the_others_text(client, group, invited, lead, live_call):
    member, other = invited
    services.confirm_membership(member, actor=other, at=NOW)
    filing.started(actor=other, of_call=live_call, track="line", group=group)
    client.force_login(lead)

    page = client.get(f"/groups/{group.pk}/").content.decode()

    assert other.organisation.name in page
    assert "还缺 6 项" in page
    assert "投资明细还没有填写" not in page


def test_the_pages_open_invite_and_answer(client, live_call, lead):
    client.force_login(lead)
    client.post(
        f"/groups/new/{live_call.pk}/", {"track": "area", "name": "航空园", "place": "航空", "plan": "整体改造"}
    )
    group = ProjectGroup.objects.get()
    other = people.approver()
    client.post(f"/groups/{group.pk}/", {"uscc": other.organisation.uscc})

    client.force_login(other)
    assert "是否加入这个协同组" in client.get(f"/groups/{group.pk}/").content.decode()
    client.post(f"/groups/{group.pk}/answer/", {"answer": "join"})

    assert GroupMembership.objects.get().confirmed_by == other


def test_a_stranger_sees_404(client, group):
    client.force_login(people.approver())

    assert client.get(f"/groups/{group.pk}/").status_code == 404
    assert client.post(f"/groups/{group.pk}/answer/", {"answer": "join"}).status_code == 404


def test_the_group_page_asks_the_same_for_one_drafting_member_and_for_three(client, group, lead, live_call):
    def with_members(count):
        for _ in range(count):
            member = people.approver()
            services.invite(group, uscc=member.organisation.uscc, actor=lead, at=NOW)
            services.confirm_membership(group.memberships.get(enterprise=member.organisation), actor=member, at=NOW)
            filing.started(actor=member, of_call=live_call, track=group.track, group=group)
        client.force_login(lead)
        with Questions() as asked:
            page = client.get(f"/groups/{group.pk}/").content.decode()
        return asked.count, page.count("还缺")

    assert with_members(1)[1] == 1
    few, many = with_members(0), with_members(2)
    assert (few[0], many[1]) == (many[0], 3)
