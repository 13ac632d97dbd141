"""补充协议: both sides sign what changes; until then, and where it lapses, what was agreed before holds (第十、十二条)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Project
from applications.states import State
from core import moves
from core.models import Notice, Role
from disbursement.models import Agreement, AgreementScan, Instalment, InstalmentLine, Source
from disbursement.plans import Part
from disbursement.services import agreements, batches, progress
from disbursement.services.amendments import Change, draw_amendment
from disbursement.services.refusal import Refused
from disbursement.states import AgreementState
from tests.disbursement import situations as given
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW, moment

pytestmark = pytest.mark.django_db

LATER = Change("示例工信备〔2026〕3号延期", end_on=date(2027, 6, 30))
THREE = Change("按进度拨付", rest=(Part(3000, "signed"), Part(3000, "progress", 60), Part(4000, "accepted")))


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def project(team):
    money.pool(budget=5_000_001), money.pool(Source.CITY, received=0)
    waiting = money.awaiting_approval()
    money.approved(waiting, by=team)
    money.signed(waiting, team)
    return Project.objects.get(pk=waiting.pk)


def drawn(project, change, team):
    return draw_amendment(project, change, actor=team.officer, at=NOW)


def signed(paper, team):
    agreements.sign(paper, actor=team.lead, at=NOW)
    return agreements.sign(paper, actor=money.approver_of(paper.project), at=NOW)


def test_what_changes_stands_first_and_the_earlier_paper_stays(project, team):
    paper = signed(drawn(project, LATER, team), team)
    first = project.agreements.get(amends=None)
    assert (str(paper), paper.amends, paper.state) == ("补充协议 第 1 号", first, AgreementState.IN_FORCE)
    assert paper.text["changes"][0][0] == "竣工日期" and paper.text["changes"][0][2] == "2027年6月30日"
    assert (first.state, "2027年6月30日" in str(first.text)) == (AgreementState.IN_FORCE, False)


def test_nothing_changes_before_both_signed(project, team):
    paper = drawn(project, THREE, team)
    agreements.sign(paper, actor=team.lead, at=NOW)
    assert [one.share for one in Instalment.objects.order_by("position")] == [5000, 5000]


def test_the_plan_is_laid_out_anew_to_the_fen(project, team):
    before = sum(line.amount for line in InstalmentLine.objects.all())
    signed(drawn(project, THREE, team), team)
    rows = Instalment.objects.order_by("position")
    assert [(one.share, one.condition, one.progress) for one in rows] == [
        (3000, "signed", None), (3000, "progress", 60), (4000, "accepted", None),
    ]  # fmt: skip
    by_line = {line: line.instalment_lines.all() for line in project.award.lines.all()}
    assert all(sum(part.amount for part in parts) == line.entitled for line, parts in by_line.items())
    assert sum(line.amount for line in InstalmentLine.objects.all()) == before == Decimal(7_500_000)


def test_what_is_in_a_batch_is_not_laid_out_anew(project, team):
    money.bank_account(project.enterprise)
    paper = drawn(project, THREE, team)
    batches.prepare_batch([Instalment.objects.get(position=1)], actor=team.officer, at=NOW)
    agreements.sign(paper, actor=team.lead, at=NOW)
    with pytest.raises(Refused, match="重新拟定"):
        agreements.sign(paper, actor=money.approver_of(project), at=NOW)
    assert Agreement.objects.get(pk=paper.pk).state == AgreementState.HALF_SIGNED


def confirmed(project, percent):
    said = {"as_of": NOW.date(), "invested": Decimal(30_000_000), "progress": percent, "summary": "到货。"}
    report = progress.report_progress(project, **said, papers=[], actor=money.approver_of(project), at=NOW)
    return progress.confirm_progress(report, actor=people.district_officer(), at=NOW)


def test_a_condition_met_since_it_was_drawn_is_not_changed(project, team):
    signed(drawn(project, THREE, team), team)
    rest = (Part(3000, "signed"), Part(3000, "progress", 90), Part(4000, "accepted"))
    paper = drawn(project, Change("推迟", rest=rest), team)
    confirmed(project, 60)
    with pytest.raises(Refused, match="第 2 笔的条件（项目进度达到 60%）已经成就"):
        signed(paper, team)
    middle = Instalment.objects.get(position=2)
    assert (middle.progress, middle.met_at) == (60, NOW)


def test_progress_confirmed_before_counts_for_a_lower_threshold(project, team):
    signed(drawn(project, THREE, team), team)
    report = confirmed(project, 55)
    rest = (Part(3000, "signed"), Part(3000, "progress", 50), Part(4000, "accepted"))
    signed(drawn(project, Change("提前", rest=rest), team), team)
    met = [(one.met_at is not None, one.evidence) for one in Instalment.objects.order_by("position")[1:]]
    assert met == [(True, report.ground), (False, None)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("", end_on=date(2027, 6, 30)), "原因"),
        (Change("无变化"), "相同"),
        (Change("少了", rest=(Part(5000, "signed"), Part(4000, "accepted"))), "合计须为 100%"),
        (Change("没有验收", rest=(Part(5000, "signed"), Part(5000, "progress", 80))), "验收通过"),
        (Change("条件已成就", rest=(Part(5000, "accepted"), Part(5000, "accepted"))), "条件已经成就"),
    ],
)
def test_what_cannot_be_agreed_is_refused(project, team, change, words):
    with pytest.raises(Refused, match=words):
        drawn(project, change, team)


def test_a_paper_of_before_takes_its_plan_from_the_instalments(project, team):
    Agreement.objects.update(terms={})
    assert [part["share"] for part in drawn(project, LATER, team).terms["plan"]] == [5000, 5000]


def test_a_target_written_otherwise_is_no_change(project, team):
    Agreement.objects.update(terms={"indicators": [{"name": "数控化率", "target": "80.0000", "unit": "%"}]})
    with pytest.raises(Refused, match="相同"):
        drawn(project, Change("无变化", targets={"数控化率": "80"}), team)
    assert drawn(project, Change("提高", targets={"数控化率": "85"}), team).text["changes"] == [
        ["绩效目标：数控化率", "80.0000%", "85%"]
    ]


def test_nobody_else_draws_one(project):
    for role in set(EVERY_ROLE) - {Role.BUREAU_OFFICER}:
        with pytest.raises(PermissionDenied):
            draw_amendment(project, LATER, actor=EVERY_ROLE[role](), at=NOW)


def test_an_unsigned_one_lapses_alone(project, team):
    drawn(project, LATER, team)
    assert agreements.lapse_agreements(moment(days=40)) == 1
    states = list(project.agreements.order_by("edition").values_list("state", flat=True))
    assert states == [AgreementState.IN_FORCE, AgreementState.LAPSED]
    assert Project.objects.get(pk=project.pk).state == State.DISBURSEMENT
    assert Notice.objects.filter(subject__startswith="补充协议逾期未签").exists()


def test_the_project_page_shows_what_holds_and_not_what_lapsed(client, project, team):
    lapsed = drawn(project, LATER, team)
    agreements.lapse_agreements(moment(days=40))
    client.force_login(team.officer)
    page = client.get(reverse("project-tab", args=[project.pk, "agreement"])).context
    assert (str(page["agreement"]), page["other_editions"]) == ("任务书 第 1 版", [lapsed])


def test_one_is_not_signed_once_the_payments_are_over(project, team):
    paper = drawn(project, THREE, team)
    given.applied(project)
    with pytest.raises(moves.ConditionUnmet, match="分批拨付期间"):
        agreements.sign(paper, actor=team.lead, at=NOW)
    assert not Agreement.objects.to_be_signed().exists()
    assert agreements.lapse_agreements(moment(days=40)) == 1


def test_one_is_not_signed_while_the_project_is_held(project, team):
    paper = drawn(project, THREE, team)
    money.held(project)
    with pytest.raises(moves.ConditionUnmet, match="暂停"):
        agreements.sign(paper, actor=team.lead, at=NOW)
    assert [one.share for one in Instalment.objects.order_by("position")] == [5000, 5000]


def test_the_page_draws_one_and_keeps_what_was_typed(client, project, team):
    client.force_login(team.officer)
    page = reverse("amendment-new", args=[project.pk])
    plan = {
        "share-0": "30",
        "condition-0": "signed",
        "share-1": "50",
        "condition-1": "accepted",
        "condition-2": "accepted",
    }
    answer = client.post(page, {"reason": "调整批次", **plan})
    assert "各笔比例合计须为 100%" in answer.content.decode() and 'value="30"' in answer.content.decode()
    answer = client.post(page, {"reason": "调整批次", **plan, "share-1": "70"})
    paper = project.agreements.latest("edition")
    assert answer.headers["Location"] == paper.get_absolute_url()
    assert "未拨付的批次" in client.get(paper.get_absolute_url()).content.decode()


# --- scans ------------------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def scan():
    return SimpleUploadedFile("签章.pdf", PDF, "application/pdf")


def test_a_scan_is_tied_to_the_text_it_was_printed_from(client, project):
    paper = project.agreements.get()
    client.force_login(money.approver_of(project))
    client.post(reverse("agreement-scan-add", args=[paper.pk]), {"file": scan()})
    kept = AgreementScan.objects.get()
    assert (kept.agreement, kept.text_digest) == (paper, agreements.text_digest(paper))
    answer = client.get(reverse("agreement-scan", args=[paper.pk, kept.pk]))
    assert b"".join(answer.streaming_content) == PDF
    answer.close()


def test_a_scan_waits_for_both_signatures(client, project, team):
    paper = drawn(project, LATER, team)
    client.force_login(money.approver_of(project))
    answer = client.post(reverse("agreement-scan-add", args=[paper.pk]), {"file": scan()})
    assert "双方签署生效之后" in answer.content.decode() and not AgreementScan.objects.exists()


def test_strangers_neither_see_nor_add_a_scan(client, project, team):
    paper = project.agreements.get()
    kept = agreements.add_scan(paper, scan(), actor=team.officer, at=NOW)
    client.force_login(people.approver())
    assert client.get(reverse("agreement-scan", args=[paper.pk, kept.pk])).status_code == 404
    assert client.post(reverse("agreement-scan-add", args=[paper.pk]), {"file": scan()}).status_code == 404
