"""Officials declare interests; whoever declared one handles nothing of that enterprise (第十六条)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import delegations, moves
from core.delegations import Refused
from core.models import Interest, User
from core.moves import NotYours
from review.services import handling
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def declared(person, organisation, **fields):
    said = {"kind": "kin", **fields}
    made = delegations.declare(organisation, **said, actor=person, at=timezone.now())
    return User.objects.get(pk=person.pk), made


def test_nothing_of_the_enterprise_is_taken_and_the_reason_is_said():
    project, other = make.at_the_district(), make.at_the_district()
    officer, _ = declared(people.district_officer(), project.enterprise)
    with pytest.raises(NotYours, match="您已申报与这家企业的利益关系，按规定回避（第十六条）"):
        handling.take(project, actor=officer, at=NOW)
    assert handling.take(other, actor=officer, at=NOW).taken_by == officer


@pytest.mark.parametrize(
    ("who", "move", "record"),
    [
        ("district_lead", "recommend", make.at_the_district),
        ("district_lead", "decline", make.at_the_district),
        ("bureau_officer", "send_back", make.under_review),
        ("bureau_lead", "conclude", make.under_review),
    ],
)
def test_neither_signature_nor_conclusion_is_open(who, move, record):
    project = record()
    person = getattr(people, who)()
    assert moves.may(project, move, person, at=NOW)
    person, _ = declared(person, project.enterprise)
    assert not moves.may(project, move, person, at=NOW)


def test_a_stand_in_is_bound_by_the_interests_of_whom_he_stands_in_for():
    project, lead, officer = make.at_the_district(), people.district_lead(), people.district_officer()
    day = timezone.localdate()
    delegations.delegate(lead, officer, from_on=day, to_on=day, reason="休假", actor=lead, at=timezone.now())
    assert moves.may(project, "recommend", User.objects.get(pk=officer.pk), at=NOW)
    declared(lead, project.enterprise)
    assert not moves.may(project, "recommend", User.objects.get(pk=officer.pk), at=NOW)


def test_it_ends_with_its_day_or_when_taken_back_with_a_reason():
    project = make.at_the_district()
    officer, made = declared(people.district_officer(), project.enterprise, expires_on=timezone.localdate())
    Interest.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert moves.may(project, "return_for_correction", User.objects.get(pk=officer.pk), at=NOW)
    Interest.objects.update(expires_on=None)
    with pytest.raises(Refused, match="为什么"):
        delegations.end_interest(made, because=" ", actor=officer, at=NOW)
    delegations.end_interest(made, because="亲属已离职。", actor=officer, at=NOW)
    assert moves.may(project, "return_for_correction", User.objects.get(pk=officer.pk), at=NOW)


def test_the_pages_declare_and_take_back_and_show_ones_own_alone():
    project, officer, colleague = make.at_the_district(), people.district_officer(), people.district_officer()
    client = Client()
    client.force_login(officer)
    client.post(reverse("declarations"), {"uscc": project.enterprise.uscc, "kind": "kin", "note": "", "expires_on": ""})
    made = Interest.objects.get()
    assert project.enterprise.name in client.get(reverse("declarations")).content.decode()
    other = Client()
    other.force_login(colleague)
    assert project.enterprise.name not in other.get(reverse("declarations")).content.decode()
    assert other.get(reverse("declaration-end", args=[made.pk])).status_code == 404
    client.post(reverse("declaration-end", args=[made.pk]), {"because": "已离职。"})
    assert Interest.objects.get().ended_because == "已离职。"


def test_an_unknown_code_comes_back_with_what_was_typed():
    client = Client()
    client.force_login(people.district_officer())
    page = client.post(reverse("declarations"), {"uscc": people.credit_code(9), "kind": "kin", "note": "堂兄持股"})
    assert "没有找到这家企业" in page.content.decode()
    assert "堂兄持股" in page.content.decode()
