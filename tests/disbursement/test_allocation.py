"""From the ranking list to the published result: line, 请示, 一事一议, 支持项目名单 (第四条、第七条、第九条三)."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from applications.services.determinations import determine_again
from core import documents, jobs, moves
from core.files import read_stored
from core.models import Job, Notice
from core.models.jobs import JobState
from disbursement.models import ProposalItem, PublishedResult, ResultNotice, Source, SpecialDecision
from disbursement.queries.ranking import draw_line, ranking, share_of
from disbursement.request_paper import request_context
from disbursement.services import exports, publication, special
from disbursement.services.refusal import Refused
from disbursement.states import EntryState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import portal as portfolio
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def call():
    return filings.call()


@pytest.fixture
def ranked(call):
    """Three projects of 1.5, 3 and 4.5 million; the last has the best score."""
    money.pool(budget=5_000_000), money.pool(Source.CITY, budget=2_000_000)
    projects = [money.awaiting_approval(of_call=call, investment=n * 10_000_000) for n in (1, 2, 3)]
    portfolio.reported(projects[::-1])
    return projects


# --- ranking ----------------------------------------------------------------------------------------------------------


def test_the_list_is_by_score_with_running_sums(ranked, call):
    rows = ranking(call)
    assert [(row.place, row.project, row.cumulative) for row in rows] == [
        (1, ranked[2], 4_500_000), (2, ranked[1], 7_500_000), (3, ranked[0], 9_000_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "at", "places"),
    [("amount", 7_500_000, [1, 2]), ("amount", "7499999.99", [1]), ("count", 3, [1, 2, 3]), ("score", "98.75", [1, 2]),
     ("score", 100, []), ("count", None, [])],
)  # fmt: skip
def test_a_line_is_drawn_by_amount_score_or_count(ranked, call, by, at, places):
    above = draw_line(ranking(call), by, None if at is None else Decimal(at))
    assert [row.place for row in above] == places


def test_what_the_policy_gives_above_the_line_is_central_first_then_local_then_pending(ranked, call):
    share = share_of(ranking(call), call)
    assert (share.wanted, share.central, share.local, share.pending) == (9_000_000, 5_000_000, 2_000_000, 2_000_000)


def test_the_page_ticks_what_is_above_the_line(client, team, ranked, call):
    client.force_login(team.officer)
    draft = money.proposals.draft_proposal(call, "2026年第一批资金方案", actor=team.officer, at=NOW)
    address = reverse("proposal-projects", args=[draft.pk])
    page = client.get(address, {"by": "count", "at": "2"})
    assert page.context["ticked"] == {str(ranked[2].pk), str(ranked[1].pk)}
    client.post(address, {"projects": [ranked[2].pk]})
    assert ProposalItem.objects.get().project == ranked[2]


# --- 请示 -------------------------------------------------------------------------------------------------------------


def done(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    return read_stored(job.result_file)


def test_the_request_says_projects_sums_and_sources(team, ranked):
    made = money.agreed(money.proposed(*ranked, by=team), team)
    assert done(exports.write_request(made, "沈工信请〔2026〕3号", actor=team.officer, at=NOW)).startswith(b"%PDF")
    context = request_context(made, "沈工信请〔2026〕3号")
    said = documents.render_html("documents/approval_request.html", context, at=NOW)
    for words in ("沈工信请〔2026〕3号", "9,000,000.00", "待安排", "妥否，请批示", ranked[0].number):
        assert words in said


def test_the_list_as_excel_sums_to_the_proposal(team, ranked):
    made = money.agreed(money.proposed(*ranked, by=team), team)
    sheet = load_workbook(io.BytesIO(done(exports.write_request_list(made, actor=team.officer, at=NOW)))).active
    rows = list(sheet.values)
    assert rows[-1][12:16] == (9_000_000, 5_000_000, 2_000_000, 2_000_000)
    assert [row[1] for row in rows[1:-1]] == [project.number for project in ranked]


def test_there_is_no_request_before_both_bureaux_agreed(client, team, ranked):
    made = money.proposed(*ranked, by=team)
    with pytest.raises(Refused, match="两局商定之后"):
        exports.write_request(made, "", actor=team.officer, at=NOW)
    client.force_login(team.officer)
    assert client.post(reverse("proposal-list", args=[made.pk])).status_code == 302
    assert not Job.objects.exists()


# --- 一事一议 (第七条（三）1) --------------------------------------------------------------------------------------------


@pytest.fixture
def other_industry(call):
    project = money.awaiting_approval(of_call=call, investment=10_000_000)
    determine_again(project, actor=people.bureau_lead(), at=NOW, reason="行业更正", industry4="6513")
    return project


def entered(project, team, amount=20_000_000):
    return special.enter_decision(
        project, amount=Decimal(amount), number="示例政纪〔2026〕1号", on=NOW.date(), actor=team.officer, at=NOW
    )


def test_the_decision_document_is_the_limit_and_walks_the_same_way(team, other_industry):
    money.pool(), money.pool(Source.CITY)
    decision = special.confirm_decision(entered(other_industry, team), actor=team.lead, at=NOW)
    assert (decision.determination.limit, decision.determination.ceiling) == (20_000_000, None)
    approval = money.approved(other_industry, by=team)
    award = approval.awards.get()
    assert (award.limit, award.amount, award.central) == (20_000_000, 20_000_000, 0)


def test_a_pilot_industry_gets_no_special_decision(team):
    project = money.awaiting_approval()
    decision = entered(project, team)
    with pytest.raises(Refused, match="按政策不能一事一议"):
        special.confirm_decision(decision, actor=team.lead, at=NOW)
    assert project.determinations.count() == 1 and SpecialDecision.objects.get().state == EntryState.ENTERED


def test_two_persons_and_no_proposed_project(team, other_industry):
    money.pool(), money.pool(Source.CITY)
    decision = entered(other_industry, team)
    with pytest.raises(moves.NotYours):
        special.confirm_decision(decision, actor=team.officer, at=NOW)
    with pytest.raises(PermissionDenied):
        special.enter_decision(other_industry, amount=Decimal(1), number="示例", on=NOW.date(), actor=team.lead, at=NOW)
    proposed = money.awaiting_approval()
    money.proposed(proposed, by=team)
    with pytest.raises(Refused, match="已列入资金方案"):
        entered(proposed, team)


def test_the_page_of_a_decision_is_for_both_persons(client, team, other_industry):
    address = reverse("special-decision", args=[other_industry.pk])
    client.force_login(team.officer)
    client.post(address, {"amount": "20,000,000", "number": "示例政纪〔2026〕1号", "on": "2026-03-05"})
    client.force_login(team.lead)
    decision = SpecialDecision.objects.get()
    client.post(reverse("special-step", args=[decision.pk, "confirm"]))
    assert "20,000,000.00" in client.get(address).content.decode()
    assert SpecialDecision.objects.get().state == EntryState.CONFIRMED


# --- the published result (第四条) --------------------------------------------------------------------------------------


def test_everybody_reads_the_list_as_it_was_published(client, team, ranked):
    approval = money.approved(*ranked, by=team)
    notice = publication.publish_results(approval, actor=team.lead, at=NOW)
    page = client.get(notice.get_absolute_url()).content.decode()
    assert all(project.title in page for project in ranked) and "9,000,000.00" in page
    assert notice.title in client.get(reverse("public_results")).content.decode()
    assert Notice.objects.filter(subject__startswith="支持项目名单已公布").count() == len(ranked)


def test_a_list_is_published_once_by_the_lead_and_before_that_by_nobody(client, team, ranked):
    approval = money.approved(*ranked, by=team)
    with pytest.raises(PermissionDenied):
        publication.publish_results(approval, actor=team.officer, at=NOW)
    assert "还没有公布的名单" in client.get(reverse("public_results")).content.decode()
    client.force_login(team.lead)
    for _ in range(2):
        client.post(reverse("result-publish", args=[approval.pk]))
    assert (ResultNotice.objects.count(), PublishedResult.objects.count()) == (1, 3)


def test_declined_projects_are_not_in_the_list(team, ranked):
    made = money.agreed(money.proposed(*ranked, by=team), team)
    first, *others = made.items.order_by("pk")
    decisions = {first.pk: money.approvals.Declined("不符合重点方向"), **{item.pk: item.granted for item in others}}
    approval = money.approvals.record_approval(
        made, number="示例政〔2026〕9号", on=NOW.date(), decisions=decisions, actor=team.government, at=NOW
    )
    notice = publication.publish_results(approval, actor=team.lead, at=NOW)
    assert list(notice.results.values_list("project", flat=True)) == [item.project_id for item in others]


def test_strangers_see_no_money_page(client, ranked):
    client.force_login(people.approver())
    for name in ("supplements", "budgeting", "spendings"):
        assert client.get(reverse(name)).status_code == 403
