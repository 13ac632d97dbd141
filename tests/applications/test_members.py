"""Colleagues come in by an approver's invitation: signed, for a week, once; and go by his word."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.models import Invitation
from core.audit import timeline_of
from core.models import Role, User
from core.people import roles_of
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

PASSWORD = "portal-test-2026"


@pytest.fixture
def approver():
    return people.approver()


@pytest.fixture
def invite(approver, django_capture_on_commit_callbacks):
    """Invite somebody and take the token out of the letter."""

    def send(by=approver, email="lin@example.com", roles=(Role.ENTERPRISE_FILER,), at=NOW):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            services.invite_member(by.organisation, name="林女士", email=email, roles=roles, actor=by, at=at)
        return mail.outbox[0].body.split("/accounts/invitation/")[1].split("/")[0]

    return send


def accept(token, at=NOW):
    return services.accept_invitation(token, password=PASSWORD, phone="13900000000", at=at)


def test_the_invited_sets_his_own_password_and_has_the_roles_given(approver, invite):
    member = accept(invite())

    assert (member.organisation, roles_of(member)) == (approver.organisation, {Role.ENTERPRISE_FILER})
    assert member.check_password(PASSWORD)
    assert [event.event for event in timeline_of(approver.organisation)][:2] == [
        "enterprise.member_joined", "enterprise.member_invited",
    ]  # fmt: skip


def test_the_letter_goes_to_the_invited_alone(invite):
    invite()

    assert [letter.to for letter in mail.outbox] == [["lin@example.com"]]


def test_a_link_serves_once(invite):
    token = invite()
    accept(token)

    with pytest.raises(services.MemberRefused):
        accept(token)


def test_a_link_runs_out(invite):
    with pytest.raises(services.MemberRefused):
        accept(invite(), at=moment(days=7))


def test_a_second_invitation_voids_the_first(invite):
    first, second = invite(), invite()

    with pytest.raises(services.MemberRefused):
        accept(first)
    assert accept(second).username == "lin@example.com"


def test_a_link_of_somebody_closed_since_does_not_serve(approver, invite):
    token = invite()
    services.deactivate_member(approver, reason="离职", actor=people.approver(approver.organisation), at=NOW)

    with pytest.raises(services.MemberRefused):
        accept(token)


@pytest.mark.parametrize("token", ["x", "1", "../..", "a:b:c", "é" * 300, "%00"])
def test_a_forged_link_is_told_so(client, token):
    assert client.get(reverse("invitation", args=[token.replace("/", "-")])).status_code == 404


@pytest.mark.parametrize("who", ["filer", "bureau_lead", "district_lead", "administrator"])
def test_others_invite_nobody(approver, who):
    stranger = getattr(people, who)()

    with pytest.raises(services.MemberRefused):
        services.invite_member(
            approver.organisation, name="甲", email="a@example.com", roles=["enterprise_filer"], actor=stranger, at=NOW
        )


@pytest.mark.parametrize("roles", [[], ["bureau_lead"], ["enterprise_filer", "administrator"]])
def test_no_other_role_is_given_away(approver, roles):
    with pytest.raises(services.MemberRefused):
        services.invite_member(
            approver.organisation, name="甲", email="a@example.com", roles=roles, actor=approver, at=NOW
        )


def test_an_unverified_enterprise_invites_nobody():
    asked = filings.registration()

    assert not services.may_invite(asked.applicant, asked.organisation)


def test_the_pages_from_invitation_to_the_list(client, approver, django_capture_on_commit_callbacks):
    client.force_login(approver)
    typed = {"name": "林女士", "email": "lin@example.com", "roles": ["enterprise_filer", "enterprise_approver"]}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("member-invite"), typed)
    token = mail.outbox[0].body.split("/accounts/invitation/")[1].split("/")[0]
    assert "给林女士的邀请" in client.get(reverse("enterprise")).content.decode()
    client.logout()

    client.post(reverse("invitation", args=[token]), {"phone": "13900000000", "password": PASSWORD, "again": PASSWORD})

    client.force_login(User.objects.get(username="lin@example.com"))
    assert client.get(reverse("enterprise")).content.decode().count("停用") == 1


def test_a_member_is_closed_by_another_approver_never_by_himself(client, approver):
    colleague = people.filer(approver.organisation)
    client.force_login(approver)

    assert client.get(reverse("member-deactivate", args=[approver.pk])).status_code == 403
    client.post(reverse("member-deactivate", args=[colleague.pk]), {"reason": "调离"})

    colleague.refresh_from_db()
    assert not colleague.is_active


def test_people_and_invitations_of_others_are_not_found(client, approver, invite):
    invite(at=timezone.now())
    client.force_login(people.approver())
    addresses = [
        client.get(reverse("member-deactivate", args=[approver.pk])),
        client.post(reverse("invitation-cancel", args=[Invitation.objects.get().pk])),
    ]

    assert [answer.status_code for answer in addresses] == [404, 404]


def test_an_invitation_can_be_cancelled(client, approver, invite):
    token = invite(at=timezone.now())
    client.force_login(approver)
    client.post(reverse("invitation-cancel", args=[Invitation.objects.get().pk]))

    with pytest.raises(services.MemberRefused):
        accept(token, at=timezone.now() + timedelta(minutes=1))


def test_a_filer_reaches_no_page_of_inviting(client):
    client.force_login(people.filer())

    assert client.get(reverse("member-invite")).status_code == 403
