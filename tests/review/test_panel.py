"""The panel sits over scored projects and ends in the report; each conclusion is carried out at once (第九条三)."""

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from applications.models import Project
from applications.states import State
from core import audit, jobs
from core.files import read_stored
from core.models import Notice
from core.moves import ConditionUnmet, NotYours
from review.facts import mean_hundredths
from review.models import Consultation, PanelConclusion, ReviewReport
from review.panel_queries import ranking
from review.services import panels, papers
from review.services.panels import Said
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def scored(*totals, call=None):
    call = call or make.small_call()
    return [make.scored(make.under_review(of_call=call), [total]) for total in totals]


def issue(meeting, lead=None, number="示例评审〔2026〕1号"):
    return panels.issue_report(meeting, number=number, text="建议公示。", actor=lead or people.bureau_lead(), at=NOW)


def states():
    return list(Project.objects.order_by("pk").values_list("state", flat=True))


def test_one_report_carries_out_three_conclusions():
    one, two, three = scored(90, 70, 65)
    officer = people.bureau_officer()
    said = {f"p{two.pk}": "decline", f"p{three.pk}": "again"}
    report = issue(make.decided(make.panel(one, two, three), officer, **said))
    assert states() == [State.PUBLIC_NOTICE, State.DECLINED, State.DISTRICT_REVIEW]
    entries = report.entries.order_by("rank")
    assert [(e.rank, e.conclusion) for e in entries] == [(1, "support"), (2, "decline"), (3, "again")]
    assert {report.ground_id} <= set(one.grounds.values_list("ground", flat=True))
    assert report.ground_id in two.grounds.values_list("ground", flat=True)


def test_the_refused_enterprise_reads_reasons_clause_and_report():
    (project,) = scored(70)
    owner = people.approver(project.enterprise)
    issue(make.decided(make.panel(project), people.bureau_officer(), **{f"p{project.pk}": "decline"}))
    body = Notice.objects.get(recipient=owner, subject__startswith="不予支持").body
    assert "方案可行。（评审报告 示例评审〔2026〕1号）" in body and "第九条（三）" in body and "行政复议" in body


def test_a_proposal_starts_at_the_limit_and_never_passes_it():
    (project,) = scored(80)
    meeting, officer = make.panel(project), people.bureau_officer()
    limit = meeting.items.get().proposed
    assert limit == project.determinations.get().limit
    more = {project.pk: Said(PanelConclusion.SUPPORT, "可行。", limit + Decimal("0.01"))}
    with pytest.raises(ReviewRefused, match="超过测算上限"):
        panels.save_table(meeting, more, minutes="纪要", actor=officer, at=NOW)
    entry = issue(make.decided(meeting, officer)).entries.get()
    assert (entry.proposed, entry.limit) == (limit, limit)


def test_nothing_is_issued_half_done():
    one, two = scored(80, 59)
    meeting, officer = make.panel(one, two), people.bureau_officer()
    with pytest.raises(ReviewRefused, match="会议纪要"):
        issue(meeting)
    panels.save_table(meeting, {one.pk: Said("support", "可行。")}, minutes="纪要", actor=officer, at=NOW)
    with pytest.raises(ReviewRefused, match="还没有结论"):
        issue(meeting)
    with pytest.raises(ConditionUnmet, match="低于合格线"):
        issue(make.decided(meeting, officer))
    assert states() == [State.CITY_REVIEW] * 2 and not ReviewReport.objects.exists()


def test_who_judged_at_the_district_sits_on_no_panel():
    (project,) = scored(80)
    guest = people.bureau_officer()
    make.district_hand(project, guest)
    with pytest.raises(ReviewRefused, match="办理过.*区县初审"):
        make.panel(project, members=[guest])


def test_a_project_lies_on_one_table_and_after_the_report_nothing_is_saved():
    (project,) = scored(80)
    meeting, officer = make.panel(project), people.bureau_officer()
    with pytest.raises(ReviewRefused, match="另一次评审会"):
        make.panel(project)
    issue(make.decided(meeting, officer))
    with pytest.raises(ReviewRefused, match="已经出具"):
        make.decided(meeting, officer)


def test_somebody_who_saved_meanwhile_is_not_overwritten():
    (project,) = scored(80)
    meeting, officer = make.panel(project), people.bureau_officer()
    make.decided(meeting, officer)
    with pytest.raises(ReviewRefused, match="另一个人保存过"):
        panels.save_table(meeting, {}, minutes="别的", actor=officer, at=NOW, seen_version=meeting.version)


@pytest.mark.parametrize("who", ["bureau_officer", "district_lead", "expert", "supervisor", "approver"])
def test_only_the_lead_issues(who):
    meeting = make.decided(make.panel(*scored(80)), people.bureau_officer())
    with pytest.raises(NotYours):
        issue(meeting, lead=getattr(people, who)())


@given(totals=st.lists(st.integers(0, 200), min_size=1, max_size=7))
def test_the_ranking_computes_the_mean_of_the_facts(totals):
    project = make.scored(make.under_review(of_call=make.small_call(len(totals))), [Decimal(t) / 2 for t in totals])
    row = ranking(people.bureau_officer(), project.call).get()
    assert (row.mean_hundredths, row.spread_half_points) == (mean_hundredths(totals), max(totals) - min(totals))
    assert row.rank == 1


def test_the_ranking_leaves_out_what_is_not_all_in_and_goes_to_excel():
    call = make.small_call(2)
    make.scored(make.under_review(of_call=call, title="还差一名"), [80])
    best = make.scored(make.under_review(of_call=call, title="=齐全"), [80, 90])
    officer = people.bureau_officer()
    job = papers.ask_for_ranking(call, by=officer, at=NOW)
    jobs.run(job.pk)
    job.refresh_from_db()
    rows = list(load_workbook(BytesIO(read_stored(job.result_file))).active.values)
    assert [row[1:3] for row in rows[2:]] == [(best.number, "=齐全")] and rows[2][7] == 85


def test_the_meeting_is_in_the_audit_trail():
    meeting = make.decided(make.panel(*scored(80)), people.bureau_officer())
    issue(meeting)
    events = audit.timeline_of(meeting).values_list("event", flat=True)
    assert list(events) == ["panel.reported", "panel.saved", "panel.convened"]


def test_the_pages_lead_from_ranking_to_report(visit, post):
    (project,) = scored(80)
    lead, call = people.bureau_lead(), project.call
    assert project.title in visit(lead, "panel-ranking", call.pk).content.decode()
    seats = [people.bureau_officer().pk for _ in range(3)]
    data = {"projects": [project.pk], "members": seats, "chair": seats[0], "held_on": "2026-03-05", "place": "301"}
    assert post(lead, "panel-new", call.pk, data=data).status_code == 302
    meeting = make.PanelMeeting.objects.get()
    data = {f"conclusion_{project.pk}": "support", f"reasons_{project.pk}": "可行。", f"proposed_{project.pk}": "1,000.00",
            "minutes": "纪要", "seen_version": meeting.version}  # fmt: skip
    assert post(lead, "panel", meeting.pk, data=data).status_code == 302
    meeting.refresh_from_db()
    said = {"number": "示例评审〔2026〕9号", "text": "公示。", "seen_version": meeting.version}
    assert post(lead, "panel-report", meeting.pk, data=said).status_code == 302
    assert states() == [State.PUBLIC_NOTICE]
    assert "1,000.00" in visit(lead, "panel", meeting.pk).content.decode()


def test_departments_answers_form_check_and_visits_lie_beside_the_scores(visit):
    (project,) = scored(80)
    officer = people.bureau_officer()
    Consultation.objects.create(
        project=project,
        department=make.department("市税务局"),
        question="纳税情况",
        due_on=NOW.date(),
        asked_at=NOW,
        asked_by=officer,
    )
    page = visit(people.bureau_lead(), "panel", make.panel(project).pk).content.decode()
    assert "形式审查通过" in page and "市税务局：未答复" in page
