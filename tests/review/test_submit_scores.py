"""An expert's sheet: half points, a reason at the ends, locked once handed in, seen by nobody before all are in."""

from decimal import Decimal

import pytest

from core.models import Ground, Notice
from core.moves import ConditionUnmet, NotYours, Overtaken
from review.models import ItemScore, ScoreSheet
from review.services import scoring
from review.services.refusals import ReviewRefused
from review.services.scoring import Score
from review.states import SheetState
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment():
    return make.assigned(make.under_review())[0]


def test_saving_adds_up_in_halves_and_may_be_done_again(assignment):
    make.saved(assignment, Decimal("70.5"))
    sheet = make.saved(assignment, Decimal("72.5"))
    assert (sheet.total, sheet.state) == (Decimal("72.5"), SheetState.DRAFT)
    assert ItemScore.objects.count() == 2


def test_handing_in_locks_and_its_ground_tells_no_score(assignment):
    sheet = make.handed_in(assignment, 77)
    assert (sheet.state, sheet.submitted_at) == (SheetState.SUBMITTED, NOW)
    assert Ground.objects.get(kind="score_sheet").facts == {
        "assignment": assignment.pk,
        "seal": scoring.seal_of(ScoreSheet.objects.get()),
    }
    with pytest.raises(Overtaken):
        make.saved(assignment, 90)
    with pytest.raises(Overtaken):
        scoring.submit_scores(assignment, actor=assignment.expert.user, at=NOW)


@pytest.mark.parametrize("points", ["8.3", "-1", "60.5", "NaN"])
def test_points_out_of_step_or_range_are_refused(assignment, points):
    item = assignment.project.call.rubric.first()
    with pytest.raises(ReviewRefused):
        scoring.save_scores(assignment, {item.pk: Score(Decimal(points))}, actor=assignment.expert.user, at=NOW)


@pytest.mark.parametrize(("total", "needed"), [("59.5", True), ("60", False), ("90", False), ("90.5", True)])
def test_a_comment_is_needed_below_60_and_above_90(assignment, total, needed):
    make.saved(assignment, Decimal(total), comment="")
    try:
        scoring.submit_scores(assignment, actor=assignment.expert.user, at=NOW)
        refused = False
    except ReviewRefused:
        refused = True
    assert refused is needed


def test_a_missing_item_is_named(assignment):
    item = assignment.project.call.rubric.first()
    user = assignment.expert.user
    scoring.save_scores(assignment, {item.pk: Score(Decimal(60))}, comment="好。", actor=user, at=NOW)
    with pytest.raises(ReviewRefused, match="单位能耗下降"):
        scoring.submit_scores(assignment, actor=user, at=NOW)


@pytest.mark.parametrize("who", ["expert", "bureau_lead", "supervisor", "approver"])
def test_nobody_else_writes_on_the_sheet(assignment, who):
    with pytest.raises(NotYours):
        scoring.save_scores(assignment, {}, actor=getattr(people, who)(), at=NOW)


def test_after_the_window_nothing_is_written(assignment):
    with pytest.raises(ConditionUnmet, match="评分时间已过"):
        scoring.save_scores(assignment, {}, actor=assignment.expert.user, at=moment(days=60))


def test_scores_are_hidden_until_all_are_in(visit):
    project, lead = make.under_review(of_call=make.small_call(2)), people.bureau_lead()
    first, second = make.assigned(project, make.expert(), make.expert())
    make.handed_in(first, Decimal("77.5"))
    make.saved(second, Decimal("66.5"))
    for reader in (lead, people.supervisor()):
        assert not ScoreSheet.objects.visible_to(reader).exists()
        assert not ItemScore.objects.visible_to(reader).exists()
        assert "77.5" not in visit(reader, "review-project", project.pk).content.decode()
    scoring.submit_scores(second, actor=second.expert.user, at=NOW)
    assert ScoreSheet.objects.visible_to(lead).count() == 2
    assert "77.5" in visit(lead, "review-project", project.pk).content.decode()


def test_too_few_experts_are_not_all(visit):
    project = make.scored(make.under_review(of_call=make.small_call(3)), [77, 78])
    assert not ScoreSheet.objects.visible_to(people.bureau_lead()).exists()
    assert "77.0" not in visit(people.bureau_lead(), "review-project", project.pk).content.decode()


def test_an_expert_sees_his_own_sheet_alone_even_when_all_are_in(visit):
    project = make.under_review(of_call=make.small_call(2))
    first, second = make.assigned(project, make.expert(), make.expert())
    make.handed_in(first, 71)
    make.handed_in(second, 93)
    assert list(ScoreSheet.objects.visible_to(first.expert.user)) == [first.sheet]
    assert visit(first.expert.user, "expert-score", second.pk).status_code == 404


def test_the_bureau_is_told_when_the_last_one_is_in():
    lead = people.bureau_lead()
    make.scored(make.under_review(of_call=make.small_call(2)), [71, 72])
    assert Notice.objects.filter(recipient=lead, subject__startswith="评分齐了").count() == 1


def test_the_page_saves_forgives_full_width_and_hands_in(assignment, post):
    type(assignment).objects.update(due_on=None)  # the page asks the clock on the wall
    user, (one, two) = assignment.expert.user, assignment.project.call.rubric.all()
    wrong = post(user, "expert-score", assignment.pk, data={f"item_{one.pk}": "8.3"})
    assert "分数以 0.5 分为一档。" in wrong.content.decode()
    data = {f"item_{one.pk}": "４８．５", f"item_{two.pk}": "30", "comment": "可行。", "submit": ""}
    assert post(user, "expert-score", assignment.pk, data=data).url.endswith("/submit/")
    assert post(user, "expert-submit", assignment.pk, data={"seen_version": 1}).status_code == 302
    assert ScoreSheet.objects.get().total == Decimal("78.5")


def test_saving_by_itself_keeps_what_reads_and_tells_what_does_not(assignment, post):
    type(assignment).objects.update(due_on=None)
    user, (one, two) = assignment.expert.user, assignment.project.call.rubric.all()
    make.saved(assignment, 70, comment="已写的意见。")
    answer = post(user, "expert-autosave", assignment.pk, data={f"item_{one.pk}": "55.5", f"item_{two.pk}": "满分"})
    sheet = ScoreSheet.objects.get()
    assert answer.json()["faults"] == {f"item_{two.pk}": "分数只能填数字，例如 8.5。"}
    assert (sheet.total, sheet.comment) == (Decimal("65.5"), "已写的意见。")


def test_points_keep_to_the_step_of_the_item(assignment, post):
    type(assignment).objects.update(due_on=None)
    item = assignment.project.call.rubric.first()
    type(item).objects.filter(pk=item.pk).update(step=Decimal("2"))
    wrong = post(assignment.expert.user, "expert-score", assignment.pk, data={f"item_{item.pk}": "7"})
    assert "分数以 2 分为一档。" in wrong.content.decode()
    with pytest.raises(ReviewRefused, match="2 分为一档"):
        scoring.save_scores(assignment, {item.pk: Score(Decimal(7))}, actor=assignment.expert.user, at=NOW)


def test_the_call_says_from_which_totals_a_reason_is_due(assignment):
    type(assignment.project.call).objects.update(reason_below=75, reason_above=95)
    make.saved(assignment, 74, comment="")
    with pytest.raises(ReviewRefused, match="低于 75 分或高于 95 分"):
        scoring.submit_scores(assignment, actor=assignment.expert.user, at=NOW)
