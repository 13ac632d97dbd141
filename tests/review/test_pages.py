"""Every page of the room opens for the people it is for, and is closed to others."""

from __future__ import annotations

import pytest

from tests.factories import core as people
from tests.factories import review as make

pytestmark = pytest.mark.django_db


def test_the_districts_pages_open(visit):
    project = make.with_opinion(make.at_the_district())
    lead = people.district_lead()
    for name in ("return-for-correction", "opinion", "recommend"):
        assert visit(lead, f"district-{name}", project.pk).status_code == 200, name
    assert visit(lead, "district-review", project.pk).status_code == 200
    assert project.title in visit(lead, "district-queue").content.decode()
    assert visit(lead, "project-decline", project.pk).status_code == 200


def test_the_bureaus_pages_open(visit):
    project = make.scored(make.under_review(of_call=make.small_call()))
    lead = people.bureau_lead()
    assert project.title in visit(lead, "review-board").content.decode()
    for name in ("project", "assign", "prolong", "conclude", "send-back"):
        assert visit(lead, f"review-{name}", project.pk).status_code == 200, name
    assert visit(lead, "notice-new").status_code == 200


def test_the_experts_pages_open(visit):
    (assignment,) = make.assigned(make.under_review())
    user = assignment.expert.user
    make.saved(assignment)
    assert assignment.project.title in visit(user, "expert-desk").content.decode()
    for name in ("score", "submit", "step-aside"):
        assert visit(user, f"expert-{name}", assignment.pk).status_code == 200, name


def test_the_publics_pages_open_without_an_account(visit):
    notice = make.published()
    objection = make.objection(notice)
    assert visit(None, "notices").status_code == 200
    assert visit(None, "notice", notice.pk).status_code == 200
    assert visit(None, "objection-find").status_code == 200
    assert visit(None, "objection-receipt", objection.receipt).status_code == 200
    lead = people.bureau_lead()
    assert visit(lead, "objections").status_code == 200
    assert visit(lead, "objection", objection.pk).status_code == 200
