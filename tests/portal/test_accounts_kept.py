"""The administrator's pages: accounts are opened with fitting roles, closed and reopened, all of it audited."""

import pytest
from django.urls import reverse

from core.models import AuditEvent, Role, User
from tests.factories import core as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = people.administrator()
    client.force_login(person)
    return person


def typed(**more):
    bureau = people.district_bureau()
    return {
        "username": "tiexi-2", "name": "吴二", "organisation": bureau.pk, "title": "初审员",
        "email": "wu@example.com", "roles": [Role.DISTRICT_OFFICER], "password": "long-enough-2026", **more,
    }  # fmt: skip


def test_an_account_is_opened_with_its_roles(client, admin):
    response = client.post(reverse("person-new"), typed())

    account = User.objects.get(username="tiexi-2")
    assert response.url == reverse("person", args=[account.pk])
    assert AuditEvent.objects.filter(event="account.opened", actor=admin).count() == 1


def test_a_role_that_does_not_fit_the_organisation_is_refused(client, admin):
    response = client.post(reverse("person-new"), typed(roles=[Role.FINANCE_LEAD]))

    assert "不能担任所选岗位" in response.content.decode()
    assert not User.objects.filter(username="tiexi-2").exists()


def test_a_name_in_use_is_refused(client, admin):
    response = client.post(reverse("person-new"), typed(username=admin.username))

    assert "已经有人使用" in response.content.decode()


def test_an_account_is_closed_and_reopened_with_a_reason(client, admin):
    person = people.filer()
    address = reverse("person", args=[person.pk])

    client.post(address, {"reason": "调离岗位"})
    assert User.objects.get(pk=person.pk).is_active is False
    client.post(address, {"reason": "回到岗位"})

    assert User.objects.get(pk=person.pk).is_active is True
    assert [e.summary for e in AuditEvent.objects.filter(event__in=["account.closed", "account.reopened"])] == [
        "调离岗位",
        "回到岗位",
    ]


def test_nobody_else_keeps_accounts(client):
    client.force_login(people.bureau_lead())

    assert client.get(reverse("people")).status_code == 403
    assert client.get(reverse("person-new")).status_code == 403


def test_the_list_finds_by_name(client, admin):
    people.person("欧阳修", Role.EXPERT)

    page = client.get(reverse("people"), {"q": "欧阳"})

    assert [account.name for account, _ in page.context["people"]] == ["欧阳修"]
