"""Several projects are countersigned with one letter, all or none (第九条二)."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import delegations, jobs
from core.files import read_stored
from core.models import Job, Role, User
from core.moves import ConditionUnmet, NotYours, Overtaken
from review.models import Opinion, RecommendationLetter
from review.services import recommending
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db


def ready(number=3, **more):
    call, officer = make.small_call(), people.district_officer()
    return [make.with_opinion(make.at_the_district(of_call=call, **more), officer) for _ in range(number)]


def sign(projects, lead=None, **facts):
    return recommending.recommend_all(
        projects, number="示例推〔2026〕2号", actor=lead or people.district_lead(), at=NOW, **facts
    )


def states(projects):
    return {Project.objects.get(pk=one.pk).state for one in projects}


def test_one_letter_and_one_ground_move_them_all():
    projects = ready()
    letter = sign(projects)
    assert states(projects) == {State.CITY_REVIEW}
    assert {one.grounds.get(move="recommend").ground for one in projects} == {letter.ground}
    assert set(Opinion.objects.values_list("letter", "ground")) == {(letter.pk, letter.ground_id)}


def test_one_that_cannot_be_signed_leaves_them_all_where_they_are():
    projects = [*ready(2), make.at_the_district()]
    Project.objects.update(call=projects[0].call)
    with pytest.raises(ConditionUnmet, match="还没有初审意见"):
        sign(projects)
    assert states(projects) == {State.DISTRICT_REVIEW}
    assert not RecommendationLetter.objects.exists()


def test_the_own_opinion_among_them_is_not_signed():
    both = people.person("郑 兼", Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD, organisation=people.district_bureau())
    mine = make.with_opinion(make.at_the_district(of_call=make.small_call()), both)
    with pytest.raises(NotYours, match="须由另一位负责人签批"):
        sign([mine], both)


def stand_in(delegator, to):
    day = timezone.localdate()
    delegations.delegate(delegator, to, from_on=day, to_on=day, reason="休假", actor=delegator, at=timezone.now())
    return User.objects.get(pk=to.pk)


def test_the_leads_stand_in_does_not_sign_his_own_opinion():
    officer, lead = people.district_officer(), people.district_lead()
    project = make.with_opinion(make.at_the_district(), officer)
    with pytest.raises(NotYours, match="初审意见是您填写的"):
        sign([project], stand_in(lead, officer))


def test_nor_does_a_stand_in_sign_for_the_lead_what_the_lead_wrote_himself():
    lead, officer = people.district_lead(), people.district_officer()
    project = make.with_opinion(make.at_the_district(), lead)
    with pytest.raises(NotYours, match="的名义"):
        sign([project], stand_in(lead, officer))


def test_a_stand_in_signs_a_colleagues_opinion_in_both_names():
    lead, officer = people.district_lead(), people.district_officer()
    letter = sign([make.with_opinion(make.at_the_district())], stand_in(lead, officer))
    opinion = letter.opinions.get()
    assert (opinion.countersigned_by, opinion.countersigned_for, letter.ground.on_behalf_of) == (officer, lead, lead)


def test_two_districts_or_two_calls_are_no_letter():
    with pytest.raises(ReviewRefused, match="同一批次"):
        sign([make.with_opinion(make.at_the_district()), make.with_opinion(make.at_the_district())])


def test_a_page_seen_before_somebody_moved_is_refused():
    projects = ready(2)
    with pytest.raises(Overtaken, match="没有签批"):
        sign(projects, seen={projects[1].pk: 7})


def test_the_move_asks_no_more_for_each_further_project():
    small, large, counts = ready(2), ready(6), []
    for projects in (small, large):
        with Questions() as asked:
            sign(projects)
        counts.append(asked.count)
    each = (counts[1] - counts[0]) / 4
    assert each <= 18  # the checks, conditions and holds of one project; the move itself asks nothing more


def test_letter_and_table_are_made_by_jobs():
    letter = sign(ready(2))
    for job in Job.objects.filter(kind__startswith="review.re") | Job.objects.filter(facts__paper="letter"):
        jobs.run(job.pk)
    letter.refresh_from_db()
    assert letter.file.content_type == "application/pdf"
    rows = list(openpyxl.load_workbook(io.BytesIO(read_stored(letter.table))).active.values)
    assert rows[0][1] == "示例推〔2026〕2号"
    invested = sum(one.submission.investment for one in letter.opinions.all())
    assert Decimal(str(rows[-1][7])) == invested


def test_the_lead_sends_an_opinion_back_to_its_writer():
    project, officer, lead = make.at_the_district(), people.district_officer(), people.district_lead()
    make.with_opinion(project, officer)
    recommending.refuse_opinion(project, reason="投资真实性没有写明。", actor=lead, at=NOW)
    with pytest.raises(ConditionUnmet, match="还没有初审意见"):
        sign([project], lead)
    assert officer.notices.filter(subject__startswith="初审意见退回").count() == 1
    make.with_opinion(project, officer)
    assert sign([project], lead).opinions.get().written_by == officer
    assert Opinion.objects.count() == 2


def test_an_officer_sends_nothing_back_and_a_reason_is_needed():
    project = make.with_opinion(make.at_the_district())
    with pytest.raises(NotYours):
        recommending.refuse_opinion(project, reason="不妥", actor=project.taken_by, at=NOW)
    with pytest.raises(ReviewRefused, match="请写明"):
        recommending.refuse_opinion(project, reason=" ", actor=people.district_lead(), at=NOW)


def test_the_pages_preview_and_sign(visit, post):
    projects, lead = ready(2), people.district_lead()
    other = make.with_opinion(make.at_the_district("hunnan"))
    query = {"project": [one.pk for one in (*projects, other)]}
    page = visit(lead, "district-recommend-many", **query).content.decode()
    assert projects[0].number in page and other.number not in page and "签批并推荐 2 个项目" in page


def test_letters_are_the_own_districts(visit):
    letter = sign(ready(1))
    assert letter.number in visit(people.district_officer(), "recommendations").content.decode()
    assert letter.number not in visit(people.district_officer("hunnan"), "recommendations").content.decode()
    for name in ("recommendation", "recommendation-file", "recommendation-table"):
        assert visit(people.district_officer("hunnan"), name, letter.pk).status_code == 404
