"""A colleague stands in for a person between two days, under both names (代理)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import audit, delegations, moves
from core.delegations import Refused
from core.models import AuditEvent, Delegation, Ground, GroundKind, Notice, Role, User
from core.people import roles_of
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def lend(delegator, to, *, actor=None, first=0, last=3):
    days = {"from_on": today() + timedelta(days=first), "to_on": today() + timedelta(days=last)}
    return delegations.delegate(delegator, to, **days, reason="外出培训", actor=actor or delegator, at=timezone.now())


def anew(user):
    """The person as the next request reads him."""
    return User.objects.get(pk=user.pk)


def test_the_delegate_has_the_duty_from_the_first_day_to_the_last():
    lead, officer = people.district_lead(), people.district_officer()
    lend(lead, officer)
    assert roles_of(anew(officer)) == {Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD}
    for first, last in ((1, 3), (-5, -1)):
        Delegation.objects.update(from_on=today() + timedelta(days=first), to_on=today() + timedelta(days=last))
        assert roles_of(anew(officer)) == {Role.DISTRICT_OFFICER}


def test_revoked_or_after_the_account_closed_nothing_is_lent():
    lead, officer = people.district_lead(), people.district_officer()
    made = lend(lead, officer)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert Role.DISTRICT_LEAD not in roles_of(anew(officer))
    User.objects.filter(pk=lead.pk).update(is_active=True)
    delegations.revoke(made, actor=anew(lead), at=timezone.now())
    assert Role.DISTRICT_LEAD not in roles_of(anew(officer))


def test_what_was_lent_is_not_lent_on():
    lead, first, second = people.district_lead(), people.district_officer(), people.district_officer()
    lend(lead, first)
    lend(first, second)
    assert roles_of(anew(second)) == {Role.DISTRICT_OFFICER}


def test_ground_and_audit_name_both_persons_where_the_own_duty_would_not_do():
    lead, officer = people.district_lead(), people.district_officer()
    lend(lead, officer)
    project, actor = make.at_the_district(), anew(officer)
    moves.require(project, "recommend", actor, at=NOW)
    ground = Ground.issue(kind=GroundKind.OPINION, title="意见", by=actor, at=NOW)
    audit.record(project, "project.noted", actor=actor, at=NOW, label="记录", ground=ground)
    event = AuditEvent.objects.get(event="project.noted")
    assert (ground.issued_by, ground.on_behalf_of, event.on_behalf_of) == (officer, lead, lead)
    assert event.actor_name == f"铁西区工业和信息化局 {officer}（代 {lead}）"
    assert ground.digest == ground.compute_digest()
    assert list(audit.faults()) == []


def test_what_the_own_duty_allows_is_done_in_the_own_name():
    lead, officer = people.district_lead(), people.district_officer()
    lend(lead, officer)
    project, actor = make.at_the_district(), anew(officer)
    moves.require(project, "recommend", actor, at=NOW)
    moves.require(project, "return_for_correction", actor, at=NOW)
    assert Ground.issue(kind=GroundKind.DEFECT_LIST, title="补正", by=actor, at=NOW).on_behalf_of is None


@pytest.mark.parametrize(
    ("giver", "taker"),
    [
        ("district_officer", "district_lead"),
        ("district_lead", "bureau_officer"),
        ("bureau_lead", "finance_officer"),
        ("expert", "expert"),
        ("approver", "filer"),
    ],
)
def test_only_a_colleague_of_the_same_body_with_no_higher_duty_stands_in(giver, taker):
    with pytest.raises(Refused):
        lend(getattr(people, giver)(), getattr(people, taker)())
    assert not Delegation.objects.exists()


def test_a_lead_delegates_for_an_officer_and_a_stranger_for_nobody():
    absent, colleague = people.district_officer(), people.district_officer()
    lend(absent, colleague, actor=people.district_lead())
    with pytest.raises(Refused, match="只能为自己委托"):
        lend(colleague, absent, actor=people.district_lead("hunnan"))
    assert Notice.objects.filter(recipient=colleague, subject__startswith="委托代理").count() == 1


@pytest.mark.parametrize(("first", "last"), [(3, 1), (-5, -2), (0, 400)])
def test_days_that_cannot_stand_are_refused(first, last):
    with pytest.raises(Refused):
        lend(people.district_lead(), people.district_officer(), first=first, last=last)


def test_one_person_is_stood_in_for_by_one_colleague_at_a_time():
    lead, first, second = people.district_lead(), people.district_officer(), people.district_officer()
    lend(lead, first)
    with pytest.raises(Refused, match="已经有委托"):
        lend(lead, second, first=2, last=5)


def test_the_database_refuses_to_stand_in_for_oneself():
    made = lend(people.district_lead(), people.district_officer())
    with pytest.raises(IntegrityError, match="nobody_stands_in_for_himself"), transaction.atomic():
        Delegation.objects.update(delegate=made.delegator_id)


def test_the_pages_register_and_revoke():
    lead, officer, stranger = people.district_lead(), people.district_officer(), people.district_lead("hunnan")
    client = Client()
    client.force_login(lead)
    days = {"from_on": today().isoformat(), "to_on": today().isoformat(), "reason": "休假"}
    client.post(reverse("delegations"), {"delegator": lead.pk, "delegate": officer.pk, **days})
    made = Delegation.objects.get()
    assert "代理中" in client.get(reverse("delegations")).content.decode()
    away = Client()
    away.force_login(stranger)
    assert away.get(reverse("delegation-revoke", args=[made.pk])).status_code == 404
    client.post(reverse("delegation-revoke", args=[made.pk]))
    assert Delegation.objects.get().revoked_by == lead
