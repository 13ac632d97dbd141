"""A second round: only over a wide spread, with a reason, on new sheets, the old ones kept and shown beside them."""

import pytest
from django.db import DatabaseError, transaction

from core.models import Notice
from core.moves import ConditionUnmet, NotYours
from review.models import Assignment, ScoreChange, ScoreResult, ScoreSheet
from review.moderation_queries import tables_by_round
from review.services import assignments, rounds
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
LATER = moment(days=9).date()


def apart(*totals):
    return make.scored(make.under_review(of_call=make.small_call(len(totals))), totals)


def opened(project, lead=None):
    return rounds.open_second_round(
        project, reason="对节能效果看法不一。", due_on=LATER, actor=lead or people.bureau_lead(), at=NOW
    )


def test_more_than_twenty_points_apart_opens_a_second_round():
    project = apart(90, 69.5, 80)
    before = set(project.assignments.values_list("expert", flat=True))
    opened(project)
    now = project.assignments.current()
    assert set(now.values_list("expert", flat=True)) == before
    assert set(now.values_list("round", "open", "due_on")) == {(2, True, LATER)}
    assert ScoreSheet.objects.filter(assignment__in=now, submitted_at=None).count() == 3


def test_the_experts_are_told_the_reason_and_no_score():
    project = apart(90, 60)
    opened(project)
    letters = Notice.objects.filter(subject__startswith="请复评")
    assert letters.count() == 2
    assert all("看法不一" in one.body and "90" not in one.body for one in letters)


def test_twenty_points_apart_is_not_wide_and_missing_scores_are_no_round():
    with pytest.raises(ConditionUnmet, match="不需要复评"):
        opened(apart(90, 70))
    project = make.under_review(of_call=make.small_call(2))
    make.assigned(project, make.expert(), make.expert())
    with pytest.raises(ConditionUnmet, match="没有全部提交"):
        opened(project)


def test_a_third_round_is_refused():
    project = apart(90, 60)
    opened(project)
    for one, total in zip(project.assignments.current(), (95, 60), strict=True):
        make.handed_in(one, total)
    with pytest.raises(ConditionUnmet, match="已经复评过一次"):
        opened(project)


@pytest.mark.parametrize("who", ["bureau_officer", "supervisor", "expert", "district_lead"])
def test_only_the_lead_opens_it(who):
    with pytest.raises(NotYours):
        opened(apart(90, 60), lead=getattr(people, who)())


def test_the_first_round_is_kept_beside_the_second_and_the_mean_is_the_seconds():
    project, lead = apart(90, 60), people.bureau_lead()
    opened(project)
    assert ScoreResult.objects.get().mean_hundredths is None
    assert [number for number, _ in tables_by_round(project, lead)] == [1]
    for one, total in zip(project.assignments.current(), (80, 76), strict=True):
        make.handed_in(one, total)
    assert ScoreResult.objects.get().mean_hundredths == 7800
    assert [(n, sorted(table.totals)) for n, table in tables_by_round(project, lead)] == [(1, [60, 90]), (2, [76, 80])]


def test_sheets_left_behind_before_all_were_in_stay_sealed():
    project, lead = make.under_review(of_call=make.small_call(2)), people.bureau_lead()
    one, _ = make.assigned(project, make.expert(), make.expert())
    make.handed_in(one, 71)
    assignments.retire(project, at=NOW)
    assert not ScoreSheet.objects.visible_to(lead).exists()
    make.assigned(project, make.expert(), make.expert())
    assert set(project.assignments.current().values_list("round", flat=True)) == {2}


def test_an_expert_of_the_second_round_sees_no_sheet_but_his_new_one():
    project = apart(90, 60)
    opened(project)
    one = project.assignments.current().first()
    assert list(ScoreSheet.objects.visible_to(one.expert.user)) == [one.sheet]


def test_an_expert_bound_by_now_is_left_out():
    project = apart(90, 60, 80)
    bound = project.assignments.first().expert
    assignments.declare_conflict(bound, project.enterprise, kind="kin", actor=bound.user, at=NOW)
    opened(project)
    assert not Assignment.objects.current().filter(expert=bound).exists()


def test_every_change_of_a_sheet_is_kept_and_cannot_be_altered():
    (one,) = make.assigned(make.under_review())
    make.saved(one, 70)
    make.saved(one, 70)
    make.saved(one, 72, comment="再想想。")
    rows = ScoreChange.objects.filter(sheet=one.sheet, item__isnull=False).values_list("half_points", flat=True)
    assert sorted(rows) == [20, 24, 120]
    assert ScoreChange.objects.filter(item=None).count() == 2
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ScoreChange.objects.update(half_points=1)


def test_the_pages_show_and_do_it(visit, post):
    project, lead = apart(90, 60), people.bureau_lead()
    assert "启动复评" in visit(lead, "review-project", project.pk).content.decode()
    data = {"reason": "对节能效果看法不一。", "due_on": "2030-01-01"}
    assert post(lead, "review-second-round", project.pk, data=data).status_code == 302
    text = visit(lead, "review-rounds", project.pk).content.decode()
    assert "看法不一" in text and "90.0" in text
