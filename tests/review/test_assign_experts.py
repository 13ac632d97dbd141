"""Experts are asked, never with a conflict; the assignment itself is what lets them see the project."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Project
from core import audit
from core.models import Notice
from core.moves import NotYours, Overtaken
from review.conflicts import exclusions_of
from review.models import Assignment, Expert, MaterialCheck
from review.services import assignments
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def declare(expert, project, **facts):
    return assignments.declare_conflict(expert, project.enterprise, kind="service", actor=expert.user, at=NOW, **facts)


def test_asking_is_recorded_without_names_and_the_expert_is_written_to():
    project, expert = make.under_review(), make.expert()
    make.assigned(project, expert)
    event = audit.timeline_of(project).first()
    assert (event.event, event.summary) == ("project.experts_assigned", "1 名")
    assert Notice.objects.get(recipient=expert.user).subject == f"请评分：{project.title}"


def test_an_open_assignment_and_nothing_else_shows_the_project():
    project, expert, other = make.under_review(), make.expert(), make.expert()
    (assignment,) = make.assigned(project, expert)
    assert list(Project.objects.visible_to(expert.user)) == [project]
    assert list(Project.objects.visible_to(other.user)) == []
    Assignment.objects.filter(pk=assignment.pk).update(open=False)
    assert list(Project.objects.visible_to(expert.user)) == []


def test_an_expert_of_the_enterprise_is_refused_and_not_offered():
    project = make.under_review()
    employed = make.expert()
    Expert.objects.filter(pk=employed.pk).update(employer=project.enterprise)
    inside = make.expert(user=people.person("内部 李", "expert", organisation=project.enterprise))
    for one in (employed, inside):
        with pytest.raises(ReviewRefused, match="利害关系"):
            make.assigned(project, one)
    assert set(exclusions_of(project, NOW.date())) == {employed.pk, inside.pk}


def test_a_declared_expert_is_refused_until_the_declaration_expires():
    project, expert = make.under_review(), make.expert()
    declare(expert, project, expires_on=moment(days=-1).date())
    assert make.assigned(project, expert)
    other = make.under_review()
    declare(expert, other, expires_on=moment(days=1).date())
    with pytest.raises(ReviewRefused):
        make.assigned(other, expert)


def test_declaring_shuts_an_assignment_at_once():
    project, expert = make.under_review(), make.expert()
    make.assigned(project, expert)
    declare(expert, project)
    assert list(Project.objects.visible_to(expert.user)) == []


def test_one_expert_is_asked_once_a_round():
    project, expert = make.under_review(), make.expert()
    (kept,) = make.assigned(project, expert)
    assert make.assigned(project, expert) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(project=project, expert=expert, assigned_at=NOW, assigned_by=kept.assigned_by)


@pytest.mark.parametrize("who", ["approver", "district_lead", "expert", "supervisor"])
def test_others_do_not_ask_experts(who):
    with pytest.raises(NotYours):
        make.assigned(make.under_review(), make.expert(), actor=getattr(people, who)())


def test_a_project_elsewhere_gets_no_experts():
    with pytest.raises(Overtaken):
        make.assigned(make.at_the_district(), make.expert())


def test_an_expert_steps_aside_and_another_is_asked(post):
    project, expert, officer = make.under_review(), make.expert(), people.bureau_officer()
    (assignment,) = make.assigned(project, expert)
    answer = post(expert.user, "expert-step-aside", assignment.pk, data={"because": "曾任该企业顾问"})
    assignment.refresh_from_db()
    assert (answer.status_code, assignment.open, assignment.declined_because) == (302, False, "曾任该企业顾问")
    assert "曾任该企业顾问" in Notice.objects.get(recipient=officer).body
    assert make.assigned(project, make.expert())


def test_only_he_himself_steps_aside_and_not_after_handing_in():
    (assignment,) = make.assigned(make.under_review())
    with pytest.raises(NotYours):
        assignments.decline_assignment(assignment, because="回避", actor=people.expert(), at=NOW)
    make.handed_in(assignment)
    with pytest.raises(Overtaken):
        assignments.decline_assignment(assignment, because="回避", actor=assignment.expert.user, at=NOW)


def test_the_clock_shuts_what_is_past_its_day_and_more_time_opens_it_again():
    project = make.under_review()
    make.assigned(project)
    assert assignments.close_scoring_due(moment(days=10)) == 0
    assert assignments.close_scoring_due(moment(days=60)) == 1
    officer, later = people.bureau_officer(), moment(days=70).date()
    assert assignments.prolong_scoring(project, due_on=later, actor=officer, at=moment(days=60)) == 1
    assert Assignment.objects.get().open


def test_the_page_asks_and_does_not_offer_the_conflicted(visit, post):
    project, officer = make.under_review(), people.bureau_officer()
    good = make.expert(fields=["轴承"])
    declare(make.expert(fields=["利害关系人"]), project)
    shown = visit(officer, "review-assign", project.pk).content.decode()
    assert "轴承" in shown and "利害关系人" not in shown
    assert post(officer, "review-assign", project.pk, data={"experts": [good.pk]}).status_code == 302
    assert Assignment.objects.get().expert == good


def test_an_expert_declares_an_interest_by_credit_code_on_his_page(post, visit):
    project, expert = make.under_review(), make.expert()
    make.assigned(project, expert)
    data = {"uscc": project.enterprise.uscc, "kind": "kin", "note": "配偶任职", "expires_on": ""}
    assert post(expert.user, "expert-interests", data=data).status_code == 302
    assert project.enterprise.name in visit(expert.user, "expert-interests").content.decode()
    assert list(Project.objects.visible_to(expert.user)) == []
    unknown = post(expert.user, "expert-interests", data=data | {"uscc": "91110000600037341L"})
    assert "系统里没有这个代码的企业" in unknown.content.decode()


def test_who_checked_materials_at_the_district_does_not_run_the_citys_review():
    project, officer = make.under_review(), people.bureau_officer()
    MaterialCheck.objects.create(
        project=project, submission=project.current_submission, requirement=project.call.materials.first(),
        verdict="verified", at=NOW, by=officer,
    )  # fmt: skip
    with pytest.raises(NotYours, match="区县初审"):
        make.assigned(project, make.expert(), actor=officer)
