"""The city returns a project to its district with reasons; the round of experts is left behind."""

from datetime import date

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from core.models import Notice
from core.moves import NotYours, Overtaken
from review.models import Assignment
from review.services import decisions
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def back(project, actor=None, reasons="备案证明与申报不一致。"):
    return decisions.send_back(project, reasons=reasons, actor=actor or people.bureau_officer(), at=NOW)


def test_it_moves_with_a_new_term_for_the_district_and_is_recorded():
    moved = back(make.under_review())
    assert (moved.state, moved.due_on) == (State.DISTRICT_REVIEW, date(2026, 3, 19))
    assert audit.timeline_of(moved).first().summary == "备案证明与申报不一致。"


def test_district_and_enterprise_read_the_reasons():
    project = make.under_review()
    readers = [people.district_officer(), people.approver(project.enterprise)]
    back(project)
    assert all("备案证明与申报不一致。" in Notice.objects.get(recipient=one).body for one in readers)


def test_assignments_are_retired_and_experts_may_be_asked_anew():
    project = make.under_review()
    (assignment,) = make.assigned(project)
    back(project)
    assignment.refresh_from_db()
    assert (assignment.open, assignment.retired_at) == (False, NOW)
    Project.objects.filter(pk=project.pk).update(state=State.CITY_REVIEW)
    again = make.form_checked(Project.objects.get(pk=project.pk))
    make.assigned(again, assignment.expert)
    assert Assignment.objects.current().count() == 1


@pytest.mark.parametrize("who", ["approver", "district_lead", "expert", "finance_lead", "supervisor"])
def test_others_do_not_send_back(who):
    with pytest.raises(NotYours):
        back(make.under_review(), getattr(people, who)())


def test_a_project_elsewhere_is_not_sent_back_nor_one_without_reasons():
    with pytest.raises(Overtaken):
        back(make.at_the_district())
    with pytest.raises(ReviewRefused):
        back(make.under_review(), reasons=" ")


def test_the_page_sends_back(post, visit):
    project = make.under_review()
    assert visit(people.district_lead(), "review-send-back", project.pk).status_code == 403
    assert post(people.bureau_officer(), "review-send-back", project.pk, data={"reasons": "不一致"}).status_code == 302
    assert Project.objects.get(pk=project.pk).state == State.DISTRICT_REVIEW
