"""Every page of the room opens for the people it is for, and is closed to others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import core as people
from tests.factories import review as make

pytestmark = pytest.mark.django_db


def page(user, name, *args, **query):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse(name, args=args), query)


def test_the_districts_pages_open():
    project = make.with_opinion(make.at_the_district())
    lead = people.district_lead()
    for name in ("return-for-correction", "opinion", "recommend"):
        assert page(lead, f"district-{name}", project.pk).status_code == 200, name
    assert page(lead, "district-review", project.pk).status_code == 200
    assert project.title in page(lead, "district-queue").content.decode()
    assert page(lead, "project-decline", project.pk).status_code == 200


def test_the_bureaus_pages_open():
    project = make.scored(make.under_review(of_call=make.small_call()))
    lead = people.bureau_lead()
    assert project.title in page(lead, "review-board").content.decode()
    for name in ("project", "assign", "prolong", "conclude", "send-back"):
        assert page(lead, f"review-{name}", project.pk).status_code == 200, name
    assert page(lead, "notice-new").status_code == 200


def test_the_experts_pages_open():
    (assignment,) = make.assigned(make.under_review())
    user = assignment.expert.user
    make.saved(assignment)
    assert assignment.project.title in page(user, "expert-desk").content.decode()
    for name in ("score", "submit", "step-aside"):
        assert page(user, f"expert-{name}", assignment.pk).status_code == 200, name


def test_the_publics_pages_open_without_an_account():
    notice = make.published()
    objection = make.objection(notice)
    assert page(None, "notices").status_code == 200
    assert page(None, "notice", notice.pk).status_code == 200
    assert page(None, "objection-find").status_code == 200
    assert page(None, "objection-receipt", objection.receipt).status_code == 200
    lead = people.bureau_lead()
    assert page(lead, "objections").status_code == 200
    assert page(lead, "objection", objection.pk).status_code == 200
