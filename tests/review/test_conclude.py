"""The mean, the pass mark, and the report that moves projects to public notice (第九条三)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Project
from applications.services.holds import place_hold
from applications.states import State
from core import audit
from core.models import Notice
from core.moves import ConditionUnmet, NotYours, Overtaken
from core.people import SYSTEM
from review.facts import mean_hundredths
from review.models import Assignment, Opinion, ReportEntry, ReviewReport
from review.services import conclusions
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def passed(totals=(80,), **fields):
    return make.scored(make.under_review(of_call=make.small_call(len(totals)), **fields), totals)


def end(*projects, lead=None, number="示例评审〔2026〕1号"):
    return conclusions.conclude(projects, number=number, text="通过。", actor=lead or people.bureau_lead(), at=NOW)


@pytest.mark.parametrize(
    ("totals", "mean"),
    [
        ([80], "80.00"),
        ([80, 81], "80.50"),
        ([70, 80, 81], "77.00"),
        ([60, 70, 70.5, 71, 99], "70.50"),  # one highest and one lowest dropped
        ([60, 60, 60, 61, 61], "60.33"),
        ([60, 70, 70, 70.5, 99, 100], "77.38"),  # 77.375 rounds up
    ],
)
def test_the_mean_drops_the_ends_from_five_and_rounds_half_up(totals, mean):
    assert Decimal(mean_hundredths([int(total * 2) for total in totals])).scaleb(-2) == Decimal(mean)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=11))
def test_the_mean_agrees_with_exact_arithmetic(totals):
    kept = sorted(totals)[1:-1] if len(totals) >= 5 else totals
    exact = sum(Decimal(total) for total in kept) / 2 / len(kept)
    assert Decimal(mean_hundredths(totals)).scaleb(-2) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_projects_move_together_under_one_report_and_it_is_recorded():
    call = make.small_call()
    projects = [make.scored(make.under_review(of_call=call), [total]) for total in (80, 90)]
    (assignment, _) = Assignment.objects.all()
    report = end(*projects)
    assert set(Project.objects.values_list("state", flat=True)) == {State.PUBLIC_NOTICE}
    assert [entry.mean for entry in report.entries.all()] == [Decimal("90.00"), Decimal("80.00")]
    assert {audit.timeline_of(project).first().ground for project in projects} == {report.ground}
    assignment.refresh_from_db()
    assert not assignment.open


def test_the_enterprise_is_written_to_without_its_score():
    project = passed((81,))
    owner = people.approver(project.enterprise)
    end(project)
    notice = Notice.objects.get(recipient=owner)
    assert notice.subject == f"评审通过：{project.title}" and "81" not in notice.body


def test_scores_missing_or_below_the_mark_are_refused():
    project = make.under_review(of_call=make.small_call(2))
    make.scored(project, [80])
    with pytest.raises(ConditionUnmet, match="评分还没有全部提交"):
        end(project)
    with pytest.raises(ConditionUnmet, match=r"平均 59\.50 分，低于合格线 60 分"):
        end(passed((Decimal("59.5"),)))
    assert not ReviewReport.objects.exists()


def test_a_hold_stops_the_conclusion():
    project = passed()
    ground = people.ground()
    place_hold(project, kind="inspection", note="核查", ground=ground, actor=SYSTEM, at=NOW)
    with pytest.raises(ConditionUnmet, match="未解除的暂停"):
        end(project)


def test_one_refused_project_holds_back_the_whole_report():
    call = make.small_call()
    good, bad = (make.scored(make.under_review(of_call=call), [total]) for total in (80, 50))
    with pytest.raises(ConditionUnmet):
        end(good, bad)
    assert Project.objects.get(pk=good.pk).state == State.CITY_REVIEW


def test_who_signed_at_the_district_does_not_conclude_at_the_city():
    project, lead = passed(), people.bureau_lead()
    Opinion.objects.create(
        project=project, submission=project.current_submission, conclusion="recommend", text="同意。",
        written_at=NOW, written_by=lead,
    )  # fmt: skip
    with pytest.raises(NotYours, match="区县初审"):
        end(project, lead=lead)


@pytest.mark.parametrize("who", ["approver", "district_lead", "bureau_officer", "expert", "supervisor"])
def test_others_do_not_conclude(who):
    with pytest.raises(NotYours):
        end(passed(), lead=getattr(people, who)())


def test_a_project_elsewhere_a_used_number_and_mixed_calls_are_refused():
    with pytest.raises(Overtaken):
        end(make.at_the_district())
    end(passed())
    with pytest.raises(ReviewRefused, match="已经用过"):
        end(passed())
    with pytest.raises(ReviewRefused, match="同一批次"):
        end(passed(), passed(), number="示例评审〔2026〕2号")


def test_enterprise_and_expert_never_read_the_report():
    project = passed()
    expert = Assignment.objects.get().expert.user
    end(project)
    for reader in (people.approver(project.enterprise), expert):
        assert not ReviewReport.objects.visible_to(reader).exists()
        assert not ReportEntry.objects.visible_to(reader).exists()
    assert ReviewReport.objects.visible_to(people.district_lead()).count() == 1


def test_the_page_concludes(post, visit):
    project, lead = passed(), people.bureau_lead()
    data = {"number": "示例评审〔2026〕3号", "text": "通过。", "seen_version": project.version}
    assert visit(people.bureau_officer(), "review-conclude", project.pk).status_code == 403
    assert post(lead, "review-conclude", project.pk, data=data).status_code == 302
    assert Project.objects.get(pk=project.pk).state == State.PUBLIC_NOTICE
