"""The ranking: by mean, sealed until all are in, in a fixed number of questions; results kept in step with every deed."""

import pytest

from portal.invariants.duties import results_are_in_step
from review.models import ScoreResult
from review.services import assignments
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db


def questions_of(client, address):
    client.get(address)  # what is asked once per process is asked now
    with Questions() as asked:
        assert client.get(address).status_code == 200
    return asked.count


def test_projects_stand_by_their_mean_and_those_not_in_come_last(visit):
    call, lead = make.small_call(1), people.bureau_lead()
    low = make.scored(make.under_review(of_call=call, title="低分项目"), [61])
    high = make.scored(make.under_review(of_call=call, title="高分项目"), [88])
    (open_one,) = make.assigned(make.under_review(of_call=call, title="未齐项目"))
    make.saved(open_one, 99)
    text = visit(lead, "review-progress").content.decode()
    assert text.index(high.title) < text.index(low.title) < text.index("未齐项目")
    assert "99.0" not in text


def test_the_filters_find_the_wide_and_the_low(visit):
    call, lead = make.small_call(2), people.bureau_lead()
    make.scored(make.under_review(of_call=call, title="分歧项目"), [90, 60])
    make.scored(make.under_review(of_call=call, title="低分项目"), [50, 52])
    wide = visit(lead, "review-progress", call_of=call.pk, standing="wide").content.decode()
    low = visit(lead, "review-progress", call_of=call.pk, standing="below").content.decode()
    assert "分歧项目" in wide and "低分项目" not in wide
    assert "低分项目" in low and "分歧项目" not in low


def test_the_page_asks_the_same_of_one_and_of_three(client):
    call = make.small_call(1)
    client.force_login(people.bureau_lead())
    make.scored(make.under_review(of_call=call), [70])
    one = questions_of(client, "/review/progress/")
    make.scored(make.under_review(of_call=call), [71])
    make.scored(make.under_review(of_call=call), [72])
    assert questions_of(client, "/review/progress/") == one <= 12


def test_one_more_expert_asked_seals_the_result_again():
    project = make.scored(make.under_review(of_call=make.small_call(1)), [70])
    assert ScoreResult.objects.get().mean_hundredths == 7000
    (late,) = make.assigned(project)
    assert ScoreResult.objects.get().mean_hundredths is None
    assignments.decline_assignment(late, because="出差", actor=late.expert.user, at=NOW)
    assert ScoreResult.objects.get().mean_hundredths == 7000


def test_the_invariant_finds_a_result_that_was_touched():
    make.scored(make.under_review(of_call=make.small_call(1)), [70])
    assert list(results_are_in_step()) == []
    ScoreResult.objects.update(mean_hundredths=9900)
    assert len(list(results_are_in_step())) == 1


def test_a_group_is_seen_together_scores_by_officials_alone(visit):
    from applications.models import ProjectGroup

    call, lead = make.small_call(1), people.bureau_lead()
    group = ProjectGroup.objects.create(
        call=call, track="line", name="五轴协同", place="链", plan="同步改造", lead=people.enterprise(), created_at=NOW,
        created_by=lead,
    )  # fmt: skip
    one = make.scored(make.under_review(of_call=call, track="line", group=group, title="成员甲"), [77])
    (mine,) = make.assigned(make.under_review(of_call=call, track="line", group=group, title="成员乙"))
    seen = visit(lead, "review-group", group.pk).content.decode()
    assert one.title in seen and "77.00" in seen and "成员乙" in seen
    by_expert = visit(mine.expert.user, "review-group", group.pk).content.decode()
    assert "成员甲" in by_expert and "77.00" not in by_expert
    assert visit(make.expert().user, "review-group", group.pk).status_code == 404
