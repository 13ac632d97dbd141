"""The bureau's form check comes before the experts; other departments are asked with a deadline (第九条三)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import audit, delegations
from core.accounts import bureau_desk, role_group
from core.models import Role, User
from core.moves import ConditionUnmet, NotYours, Overtaken
from review.models import Consultation, Department, FormCheck, FormPoint, Opinion
from review.services import consultations, decisions, form_checks, handling
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.factories.filing import PDF

pytestmark = pytest.mark.django_db
ALL = {point.value: ("verified", "") for point in FormPoint}


def test_every_point_is_judged_before_it_passes():
    project, officer = make.unlooked_at(), people.bureau_officer()
    form_checks.judge(project, {FormPoint.LETTER: ("verified", "")}, actor=officer, at=NOW)
    with pytest.raises(ConditionUnmet, match="还有 5 个要点没有审查"):
        form_checks.pass_on(project, actor=officer, at=NOW)
    form_checks.judge(project, ALL, actor=officer, at=NOW)
    assert form_checks.pass_on(project, actor=officer, at=NOW).passed_by == officer
    assert audit.timeline_of(project).first().label == "形式审查通过"


def test_a_questioned_point_says_why_and_stops_it():
    project, officer = make.unlooked_at(), people.bureau_officer()
    with pytest.raises(ReviewRefused, match="存疑的原因"):
        form_checks.judge(project, {FormPoint.LETTER: ("questioned", " ")}, actor=officer, at=NOW)
    form_checks.judge(project, ALL | {FormPoint.LETTER: ("questioned", "缺签批")}, actor=officer, at=NOW)
    with pytest.raises(ConditionUnmet, match="有存疑的要点"):
        form_checks.pass_on(project, actor=officer, at=NOW)


def test_no_expert_is_asked_before_it_passed():
    project = make.unlooked_at()
    with pytest.raises(ConditionUnmet, match="形式审查还没有通过"):
        make.assigned(project)
    make.form_checked(project)
    assert len(make.assigned(project)) == 1


def test_what_comes_again_from_the_district_is_looked_at_again():
    project, officer = make.under_review(), people.bureau_officer()
    decisions.send_back(project, reasons="缺推荐函。", actor=officer, at=NOW)
    assert not FormCheck.objects.filter(ended_at=None).exists()


def test_one_person_has_it():
    project, first = make.unlooked_at(), people.bureau_officer()
    form_checks.take(project, actor=first, at=NOW)
    with pytest.raises(NotYours, match="经办"):
        form_checks.judge(project, ALL, actor=people.bureau_officer(), at=NOW)


@pytest.mark.parametrize("who", ["district_lead", "expert", "supervisor", "approver", "finance_lead"])
def test_others_do_not_check_the_form(who):
    with pytest.raises(NotYours):
        form_checks.take(make.unlooked_at(), actor=getattr(people, who)(), at=NOW)


def test_what_is_not_in_the_citys_review_is_not_checked():
    with pytest.raises(Overtaken):
        form_checks.take(make.at_the_district(), actor=people.bureau_officer(), at=NOW)


def test_the_pages_take_judge_and_pass(visit, post):
    project, officer = make.unlooked_at(), people.bureau_officer()
    assert project.title in visit(officer, "review-board", tab="form_check").content.decode()
    post(officer, "review-form-check-take", project.pk)
    post(officer, "review-form-check", project.pk, data={f"verdict_{point}": "verified" for point in FormPoint})
    post(officer, "review-form-check-pass", project.pk)
    assert FormCheck.objects.get().passed_by == officer
    assert project.title in visit(officer, "review-board", tab="to_assign").content.decode()


@pytest.mark.parametrize("roles", [(Role.DISTRICT_OFFICER, Role.BUREAU_OFFICER)])
def test_nobody_acts_at_both_levels_on_one_project(roles):
    both = people.person("吴 双", *roles, organisation=people.district_bureau())
    both.groups.add(bureau_desk())
    project = make.unlooked_at()
    form_checks.take(project, actor=both, at=NOW)
    decisions.send_back(project, reasons="缺推荐函。", actor=people.bureau_officer(), at=NOW)
    with pytest.raises(NotYours, match="办理过这个项目的市级评审"):
        handling.take(project, actor=both, at=NOW)


def test_nor_does_one_who_stands_in_for_a_person_of_the_other_level():
    lead, officer = people.bureau_lead(), people.bureau_officer()
    project = make.unlooked_at()
    Opinion.objects.create(
        project=project, submission=project.current_submission, conclusion="recommend", text="同意。", written_at=NOW,
        written_by=lead,
    )  # fmt: skip
    day = timezone.localdate()
    delegations.delegate(lead, officer, from_on=day, to_on=day, reason="休假", actor=lead, at=timezone.now())
    actor = User.objects.get(pk=officer.pk)
    actor.groups.remove(role_group(Role.BUREAU_OFFICER))
    with pytest.raises(NotYours, match="办理过这个项目的区县初审"):
        form_checks.take(project, actor=actor, at=NOW)


# --- other departments ----------------------------------------------------------------------------------------------


def asked(project, *departments, actor=None, due_on=None):
    said = {"question": "环评手续是否齐全。", "due_on": due_on or NOW.date() + timedelta(days=7)}
    rows = [make.department(name) for name in departments or ("市生态环境局",)]
    return consultations.ask(project, rows, **said, actor=actor or people.bureau_officer(), at=NOW)


def answered(row, **more):
    said = {"stance": "remarks", "answer": "须补办排污许可。", "letter_number": "示例环函〔2026〕1号"}
    said |= {"answered_on": NOW.date(), **more}
    return consultations.record_answer(row, **said, actor=people.bureau_officer(), at=NOW)


def test_departments_are_asked_and_their_letter_is_recorded_once():
    row, _ = asked(make.under_review(), "市生态环境局", "市应急管理局")
    upload = SimpleUploadedFile("复函.pdf", PDF, content_type="application/pdf")
    kept = answered(row, upload=upload)
    assert (kept.get_stance_display(), kept.file.original_name) == ("有意见", "复函.pdf")
    with pytest.raises(ReviewRefused, match="已经登记"):
        answered(row)


def test_one_who_has_not_answered_is_not_asked_again():
    project = make.under_review()
    asked(project)
    with pytest.raises(ReviewRefused, match="还没有答复"):
        asked(project)


@pytest.mark.parametrize(
    "said", [{"answer": " "}, {"answered_on": date(2026, 3, 6)}, {"stance": "against", "answer": ""}]
)
def test_an_answer_that_cannot_stand_is_refused(said):
    (row,) = asked(make.under_review())
    with pytest.raises(ReviewRefused):
        answered(row, **said)


def test_overdue_is_shown_to_the_bureau_and_nothing_of_it_to_the_others(visit):
    project = make.under_review()
    owner = people.approver(project.enterprise)
    (row,) = asked(project)
    answered(row)
    asked(project, "市应急管理局")
    Consultation.objects.filter(recorded_at=None).update(due_on=timezone.localdate() - timedelta(days=1))
    page = visit(people.bureau_officer(), "review-project", project.pk).content.decode()
    assert "逾期未答复" in page and "须补办排污许可" in page
    for person in (owner, people.district_lead()):
        for tab in ("", "records", "review"):
            shown = visit(person, "project-tab", project.pk, tab) if tab else visit(person, "project", project.pk)
            assert "排污许可" not in shown.content.decode() and "生态环境局" not in shown.content.decode()
        assert visit(person, "consultations").status_code == 403
    assert not Consultation.objects.visible_to(owner).exists()
    assert not Consultation.objects.visible_to(people.district_lead()).exists()


def test_the_bureau_adds_changes_and_suspends_departments(visit, post):
    officer, project = people.bureau_officer(), make.under_review()
    post(officer, "departments", data={"name": "市数据局", "is_active": "yes"})
    row = Department.objects.get(name="市数据局")
    assert "市数据局" in visit(officer, "review-consult", project.pk).content.decode()
    post(officer, "department-edit", row.pk, data={"name": "市数据管理局", "is_active": "no"})
    assert "市数据管理局" in visit(officer, "departments").content.decode()
    assert "市数据管理局" not in visit(officer, "review-consult", project.pk).content.decode()
    assert visit(people.supervisor(), "departments").status_code == 403


def test_a_department_stands_in_the_list_once(post):
    make.department("市税务局")
    page = post(people.bureau_officer(), "departments", data={"name": "市税务局", "is_active": "yes"})
    assert "名单里已有这个部门" in page.content.decode()
    assert Department.objects.filter(name="市税务局").count() == 1
