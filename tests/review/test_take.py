"""A filing is taken by one officer, worked by him, and handed over; the first check ends the recall (第九条二)."""

import pytest
from django.utils import timezone

from applications.models import Project
from core import audit, delegations, moves
from core.models import Notice, User
from core.moves import NotYours, Overtaken
from review.services import district, handling
from review.services.refusals import ReviewRefused
from tests.factories import applications as filed
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def held_by(project):
    return Project.objects.get(pk=project.pk).taken_by


def verify_one(project, actor):
    entry = project.call.materials.first()
    return district.check_material(project, entry, verdict="verified", actor=actor, at=NOW)


def test_taking_is_recorded_and_leaves_the_recall_open():
    project, officer = make.at_the_district(), people.district_officer()
    taken = handling.take(project, actor=officer, at=NOW)
    assert (taken.taken_by, taken.taken_at) == (officer, None)
    assert [event.label for event in audit.timeline_of(taken)] == ["领取，开始经办"]
    assert moves.may(taken, "recall", people.approver(taken.enterprise), at=NOW)


def test_the_first_check_takes_it_and_ends_the_recall():
    project, officer = make.at_the_district(), people.district_officer()
    verify_one(project, officer)
    begun = Project.objects.get(pk=project.pk)
    assert (begun.taken_by, begun.taken_at) == (officer, NOW)
    assert not moves.may(begun, "recall", people.approver(begun.enterprise), at=NOW)


def test_taking_again_changes_nothing():
    project, officer = make.at_the_district(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    handling.take(project, actor=people.district_lead(), at=moment(days=1))
    assert held_by(project) == officer
    assert audit.timeline_of(project).count() == 1


def test_what_a_colleague_has_is_not_worked_beside_him_but_a_lead_may():
    project, officer, colleague = make.at_the_district(), people.district_officer(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    with pytest.raises(NotYours, match="由另一位同事经办"):
        verify_one(project, colleague)
    assert verify_one(project, people.district_lead()).verdict == "verified"
    assert held_by(project) == officer


def test_who_stands_in_for_the_holder_works_on_in_his_name():
    project, officer, colleague = make.at_the_district(), people.district_officer(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    day = timezone.localdate()
    delegations.delegate(officer, colleague, from_on=day, to_on=day, reason="休假", actor=officer, at=timezone.now())
    check = verify_one(project, User.objects.get(pk=colleague.pk))
    assert (check.by, held_by(project)) == (colleague, officer)
    assert audit.timeline_of(project).first().on_behalf_of == officer


def test_it_is_handed_over_with_the_reason_and_both_are_told():
    project, officer, to = make.at_the_district(), people.district_officer(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    handling.hand_over(project, to, reason="调岗", actor=officer, at=NOW)
    assert held_by(project) == to
    assert audit.timeline_of(project).first().summary == f"{officer} → {to}：调岗"
    assert list(Notice.objects.filter(subject__startswith="移交经办").values_list("recipient", flat=True)) == [to.pk]


def test_a_lead_assigns_what_nobody_has_and_an_officer_does_not():
    project, to = make.at_the_district(), people.district_officer()
    with pytest.raises(ReviewRefused, match="还没有人经办"):
        handling.hand_over(project, to, reason="分工", actor=people.district_officer(), at=NOW)
    handling.hand_over(project, to, reason="分工", actor=people.district_lead(), at=NOW)
    assert held_by(project) == to


@pytest.mark.parametrize("to", [lambda p: people.district_officer("hunnan"), lambda p: people.bureau_officer()])
def test_it_is_handed_to_no_stranger(to):
    project, officer = make.at_the_district(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    with pytest.raises(ReviewRefused, match="只能移交给本区县"):
        handling.hand_over(project, to(project), reason="调岗", actor=officer, at=NOW)


def test_nor_to_one_with_an_interest_in_the_enterprise():
    project, officer, tied = make.at_the_district(), people.district_officer(), people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    delegations.declare(project.enterprise, kind="kin", actor=tied, at=NOW)
    with pytest.raises(ReviewRefused, match="没有利益关系"):
        handling.hand_over(project, tied, reason="调岗", actor=officer, at=NOW)


@pytest.mark.parametrize("who", ["approver", "bureau_officer", "expert", "supervisor", "administrator"])
def test_others_do_not_take(who):
    with pytest.raises(NotYours):
        handling.take(make.at_the_district(), actor=getattr(people, who)(), at=NOW)


def test_another_district_does_not_take():
    with pytest.raises(NotYours):
        handling.take(make.at_the_district("tiexi"), actor=people.district_officer("hunnan"), at=NOW)


def test_a_draft_is_not_taken():
    with pytest.raises(Overtaken):
        handling.take(filed.project("draft"), actor=people.district_officer(), at=NOW)


def test_the_pages_take_and_hand_over(visit, post):
    project, officer, to = make.at_the_district(), people.district_officer(), people.district_officer()
    assert "领取这个项目" in visit(officer, "district-review", project.pk).content.decode()
    post(officer, "district-take", project.pk)
    assert "由另一位同事经办" in visit(to, "district-review", project.pk).content.decode()
    assert visit(to, "district-hand-over", project.pk).status_code == 403
    assert visit(people.district_lead("hunnan"), "district-hand-over", project.pk).status_code == 404
    post(officer, "district-hand-over", project.pk, data={"to": to.pk, "reason": "调岗"})
    assert held_by(project) == to
