"""进度报告 and plans: checked progress makes an instalment payable; a template is used for what is drawn later (第十二条)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.models import Project
from core import delegations, jobs, moves
from core.models import AuditEvent, GroundKind, Job, Notice, User
from disbursement.models import Agreement, Instalment, ProgressReport
from disbursement.plans import Part
from disbursement.services import plans, progress
from disbursement.services.refusal import Refused
from disbursement.states import ProgressState
from portal.invariants import instalments as invariants
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db

THIRDS = (Part(3000, "signed"), Part(4000, "progress", 60), Part(3000, "accepted"))
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def project(team):
    """Signed by a plan of 30 / 40 at 60 % / 30."""
    money.pool()
    money.plan("三段", *THIRDS, by=team)
    waiting = money.awaiting_approval()
    money.approved(waiting, by=team)
    money.signed(waiting, team)
    return Project.objects.get(pk=waiting.pk)


def reported(project, percent=60, invested="30000000"):
    said = {"as_of": NOW.date(), "invested": Decimal(invested), "progress": percent, "summary": "主要设备到货。"}
    return progress.report_progress(project, **said, papers=[], actor=money.approver_of(project), at=NOW)


def middle():
    return Instalment.objects.get(position=2)


# --- plans ------------------------------------------------------------------------------------------------------------


def test_a_paper_drawn_later_has_the_default_plan(project):
    rows = Instalment.objects.order_by("position")
    assert [(one.share, one.condition, one.progress) for one in rows] == [
        (3000, "signed", None), (4000, "progress", 60), (3000, "accepted", None),
    ]  # fmt: skip
    assert "项目进度达到 60%" in str(project.agreements.get().text)


def test_a_new_edition_leaves_what_was_drawn_alone(project, team):
    money.plan("三段", Part(2000, "signed"), Part(8000, "accepted"), by=team)
    assert [one.share for one in Instalment.objects.order_by("position")] == [3000, 4000, 3000]
    other = money.awaiting_approval()
    money.approved(other, by=team)
    assert [part["share"] for part in Agreement.objects.get(project=other).terms["plan"]] == [2000, 8000]


def test_who_drafted_a_plan_does_not_adopt_it(team):
    made = plans.draft_plan("两段", [Part(10_000, "accepted")], reason="试", is_default=True, actor=team.lead, at=NOW)
    with pytest.raises(PermissionDenied):
        plans.adopt_plan(made, actor=team.lead, at=NOW)
    assert plans.adopt_plan(made, actor=people.bureau_lead(), at=NOW).adopted_at == NOW


def test_who_stands_in_for_the_drafter_does_not_adopt_it(team):
    absent, day = people.bureau_lead(), timezone.localdate()
    said = {"from_on": day, "to_on": day, "reason": "休假", "actor": absent, "at": timezone.now()}
    delegations.delegate(absent, team.officer, **said)
    stand_in = User.objects.get(pk=team.officer.pk)
    made = plans.draft_plan("两段", [Part(10_000, "accepted")], reason="试", is_default=True, actor=absent, at=NOW)
    with pytest.raises(PermissionDenied):
        plans.adopt_plan(made, actor=stand_in, at=NOW)
    assert plans.adopt_plan(made, actor=team.lead, at=NOW).adopted_by == team.lead


def test_who_adopts_reads_that_the_default_ends(client, team):
    money.plan("甲", Part(10_000, "accepted"), by=team)
    said = {"reason": "试", "actor": team.officer, "at": NOW}
    plans.draft_plan("乙", [Part(10_000, "accepted")], is_default=True, **said)
    made = plans.draft_plan("甲", [Part(10_000, "accepted")], is_default=False, **said)
    client.force_login(team.lead)
    page = client.get(reverse("plans")).content.decode()
    assert "采用后不再有默认模板" in page and "采用后甲（第 1 版）不再是默认模板" in page
    plans.adopt_plan(made, actor=team.lead, at=NOW)
    assert "不再有默认模板" in AuditEvent.objects.filter(event="plan.adopted").latest("pk").summary


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([Part(5000, "signed"), Part(4000, "accepted")], "合计须为 100%"),
        ([Part(5000, "accepted"), Part(5000, "signed")], "最后一笔须以验收"),
        ([Part(5000, "progress"), Part(5000, "accepted")], "1 至 100 的进度"),
        ([Part(3000, "progress", 60), Part(3000, "progress", 40), Part(4000, "accepted")], "不能低于前一笔"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(team, parts, words):
    with pytest.raises(Refused, match=words):
        plans.draft_plan("错", parts, reason="试", is_default=False, actor=team.officer, at=NOW)


def test_an_unsigned_paper_takes_another_plan_and_a_signed_one_does_not(team):
    money.pool()
    money.approved(money.awaiting_approval(), by=team)
    paper, chosen = Agreement.objects.get(), money.plan("三段", *THIRDS, by=team, is_default=False)
    jobs.run(Job.objects.get(kind="agreement.pdf").pk)
    assert Agreement.objects.get().file
    paper = plans.choose_plan(paper, chosen, actor=team.officer, at=NOW)
    assert "项目进度达到 60%" in str(paper.text) and Agreement.objects.get().file is None
    money.signed(paper.project, team)
    with pytest.raises(Refused, match="已有一方签署"):
        plans.choose_plan(Agreement.objects.get(), chosen, actor=team.officer, at=NOW)


def test_the_plan_page_drafts_and_another_adopts(client, team):
    client.force_login(team.officer)
    rows = {
        "share-0": "40",
        "condition-0": "signed",
        "share-1": "60",
        "condition-1": "accepted",
        "condition-2": "accepted",
        "condition-3": "accepted",
    }
    client.post(reverse("plan-new"), {"name": "四六", "reason": "试点", "is_default": "on", **rows})
    made = plans.PlanTemplate.objects.get()
    assert client.post(reverse("plan-adopt", args=[made.pk])).status_code == 403
    client.force_login(team.lead)
    client.post(reverse("plan-adopt", args=[made.pk]))
    assert "在用" in client.get(reverse("plans")).content.decode()


# --- progress ---------------------------------------------------------------------------------------------------------


def test_checked_progress_makes_its_instalment_payable(project):
    checked = progress.confirm_progress(reported(project), actor=people.district_officer(), at=NOW)
    assert (middle().met_at, middle().evidence) == (NOW, checked.ground)
    assert (checked.ground.kind, checked.state) == (GroundKind.PROGRESS_REPORT, ProgressState.CONFIRMED)
    assert Instalment.objects.get(position=3).met_at is None


def test_less_than_agreed_waits_on(project):
    progress.confirm_progress(reported(project, 59), actor=people.bureau_officer(), at=NOW)
    assert middle().met_at is None


def test_an_unchecked_report_pays_nothing(project):
    reported(project)
    assert middle().met_at is None


def test_a_returned_report_says_why_and_may_come_again(project):
    report = progress.return_progress(reported(project), "照片不清", actor=people.district_officer(), at=NOW)
    assert (report.state, middle().met_at) == (ProgressState.RETURNED, None)
    assert Notice.objects.filter(body__contains="照片不清").exists()
    assert reported(project, 70).pk != report.pk


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"percent": 59}, "不能低于已核对的 60%"),
        ({"invested": "29999999.99"}, "不能低于已核对的 30,000,000.00 元"),
    ],
)
def test_progress_does_not_go_back(project, changed, words):
    progress.confirm_progress(reported(project), actor=people.bureau_officer(), at=NOW)
    with pytest.raises(Refused, match=words):
        reported(project, **changed)


def test_nobody_else_reports(project):
    said = {"as_of": NOW.date(), "invested": Decimal(1), "progress": 1, "summary": "x"}
    for role in EVERY_ROLE:  # of other places than the enterprise of the project
        with pytest.raises(PermissionDenied):
            progress.report_progress(project, **said, papers=[], actor=EVERY_ROLE[role](), at=NOW)


def test_another_district_does_not_check_it(project):
    with pytest.raises(moves.NotYours):
        progress.confirm_progress(reported(project), actor=people.district_officer("hunnan"), at=NOW)


def test_the_pages_report_and_check(client, project):
    client.force_login(money.approver_of(project))
    said = {
        "as_of": "2026-03-01",
        "invested": "30,000,000.00",
        "progress": "65",
        "summary": "到货",
        "papers": SimpleUploadedFile("现场.pdf", PDF),
    }
    answer = client.post(reverse("progress-new", args=[project.pk]), {**said, "as_of": "2126-03-01"})
    assert "不能晚于今天" in answer.content.decode() and "到货" in answer.content.decode()
    said["papers"].seek(0)
    client.post(reverse("progress-new", args=[project.pk]), said)
    report = ProgressReport.objects.get()
    client.force_login(people.district_officer())
    assert "现场.pdf" in client.get(report.get_absolute_url()).content.decode()
    client.post(reverse("progress-step", args=[report.pk, "confirm"]), {"confirm-seen_version": report.version})
    assert middle().met_at is not None


def test_the_list_asks_as_much_for_three_as_for_one(client, project, team):
    progress.return_progress(reported(project), "一", actor=people.bureau_officer(), at=NOW)
    client.force_login(team.officer)
    counts = []
    for again in (0, 2):
        for _ in range(again):
            progress.return_progress(reported(project), "又", actor=people.bureau_officer(), at=NOW)
        with Questions() as asked:
            client.get(reverse("progress-reports"))
        counts.append(asked.count)
    assert counts[0] == counts[1]


def test_an_instalment_met_without_its_report_is_seen(project):
    assert list(invariants.PROGRESS_WAS_CHECKED.faults()) == []
    Instalment.objects.filter(position=2).update(met_at=NOW)
    assert [str(middle().pk) in fault for fault in invariants.PROGRESS_WAS_CHECKED.faults()] == [True]
