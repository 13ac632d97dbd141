"""The opinion is written by one, signed by another, and the project goes to the city (第九条二)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from applications.models import Project
from applications.states import State
from core import audit
from core.models import Notice, Role
from core.moves import ConditionUnmet, NotYours, Overtaken
from review.models import Conclusion, Opinion, Verdict
from review.services import district
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def sign(project, lead=None, **facts):
    return district.countersign_and_recommend(project, actor=lead or people.district_lead(), at=NOW, **facts)


def test_it_moves_to_the_city_with_the_reviews_term_and_is_recorded():
    moved = sign(make.with_opinion(make.at_the_district()), number="示例推〔2026〕1号")
    assert (moved.state, moved.due_on) == (State.CITY_REVIEW, date(2026, 4, 2))
    opinion, event = Opinion.objects.get(), audit.timeline_of(moved).first()
    assert (event.event, event.ground, opinion.ground.number) == (
        "project.recommended", opinion.ground, "示例推〔2026〕1号",
    )  # fmt: skip


def test_enterprise_and_bureau_are_written_to():
    project, officer = make.at_the_district(), people.bureau_officer()
    owner = people.approver(project.enterprise)
    sign(make.with_opinion(project))
    subjects = {notice.recipient: notice.subject for notice in Notice.objects.exclude(subject__startswith="待签批")}
    assert subjects[owner] == f"已推荐：{project.title}"
    assert subjects[officer] == f"待评审：{project.title}"


def test_who_wrote_the_opinion_does_not_sign_it():
    both = people.person("郑 兼", Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD, organisation=people.district_bureau())
    project = make.with_opinion(make.at_the_district(), both)
    with pytest.raises(NotYours, match="须由另一位负责人签批"):
        sign(project, both)


def test_the_database_refuses_one_hand_on_both_sides():
    sign(make.with_opinion(make.at_the_district()))
    with pytest.raises(IntegrityError, match="did_not_write_it"), transaction.atomic():
        Opinion.objects.update(countersigned_by=F("written_by"))


def test_without_an_opinion_or_with_an_open_doubt_it_is_refused():
    project, officer = make.at_the_district(), people.district_officer()
    with pytest.raises(ConditionUnmet, match="还没有初审意见"):
        sign(project)
    make.with_opinion(project, officer)
    make.checked(project, officer, Verdict.QUESTIONED, "印章不清")
    with pytest.raises(ConditionUnmet, match="存疑没有消除"):
        sign(project)


def test_a_recommendation_is_not_written_over_open_doubts_a_refusal_is():
    project, officer = make.at_the_district(), people.district_officer()
    make.checked(project, officer, Verdict.QUESTIONED, "印章不清")
    with pytest.raises(ReviewRefused, match="存疑没有消除"):
        district.write_opinion(project, conclusion=Conclusion.RECOMMEND, text="同意。", actor=officer, at=NOW)
    district.write_opinion(project, conclusion=Conclusion.DECLINE, text="行业不符。", actor=officer, at=NOW)
    with pytest.raises(ConditionUnmet, match="不予推荐"):
        sign(project)


def test_an_opinion_is_written_anew_until_it_is_signed():
    project = make.with_opinion(make.at_the_district())
    make.with_opinion(project)
    sign(project)
    assert Opinion.objects.count() == 1


def test_what_is_proposed_is_not_in_the_timeline_before_it_is_decided():
    project = make.with_opinion(make.at_the_district())
    assert [event.summary for event in audit.timeline_of(project)] == ["", "", ""]


@pytest.mark.parametrize("who", ["approver", "district_officer", "bureau_lead", "supervisor"])
def test_others_do_not_recommend(who):
    with pytest.raises(NotYours):
        sign(make.with_opinion(make.at_the_district()), getattr(people, who)())


def test_a_project_elsewhere_is_not_recommended():
    with pytest.raises(Overtaken):
        sign(make.under_review())


def test_the_pages_write_and_sign(post, visit):
    project, officer, lead = make.at_the_district(), people.district_officer(), people.district_lead()
    make.checked(project, officer)
    post(officer, "district-opinion", project.pk, data={"conclusion": "recommend", "text": "建议推荐。"})
    assert "建议推荐。" in visit(lead, "district-recommend", project.pk).content.decode()
    data = {"number": "", "seen_version": project.version, "password": "wrong"}
    assert "密码不正确" in post(lead, "district-recommend", project.pk, data=data).content.decode()
    data["password"] = "portal-test-2026"
    answer = post(lead, "district-recommend", project.pk, data=data)
    assert answer.status_code == 302
    assert Project.objects.get(pk=project.pk).state == State.CITY_REVIEW
    assert visit(officer, "district-recommend", project.pk).status_code == 409
    assert visit(people.district_lead("hunnan"), "district-recommend", project.pk).status_code == 404
