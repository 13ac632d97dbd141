"""接续: running projects of earlier years enter by a sheet three persons handle, with balances that fit the ledger."""

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
from core.models import Notice
from disbursement.funds import PoolShort
from disbursement.ledger import balance
from disbursement.models import (
    AccountKind,
    Agreement,
    Approval,
    Award,
    Instalment,
    Pool,
    Source,
    TakeOverPaper,
    TakeOverSheet,
)
from disbursement.services import settlements, take_over
from disbursement.services.refusal import Refused
from disbursement.sheet_cells import TableRefused
from disbursement.states import AgreementState, TakeOverState
from portal.invariants.registry import look
from tests.disbursement import situations
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import take_over as sheets
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(budget=50_000_000, received=20_000_000), money.pool(Source.CITY, budget=10_000_000, received=0)


@pytest.fixture
def enterprise():
    owner = people.enterprise()
    people.approver(owner)
    return owner


def faults_of(*rows, team):
    with pytest.raises(TableRefused) as refused:
        sheets.imported(*rows, by=team)
    assert not TakeOverSheet.objects.exists()
    return "；".join(fault.wrong for fault in refused.value.faults)


def breaches():
    """What the invariants say; factories book pools and accounts without their two persons."""
    by_factories = {"6p", "7d"}
    return {one.invariant.key: one.faults for one in look() if one.faults and one.invariant.key not in by_factories}


# --- what becomes of a sheet ------------------------------------------------------------------------------------------


def test_a_confirmed_sheet_puts_the_project_where_it_stands_with_its_balances(team, pools, enterprise):
    sheets.confirmed(sheets.imported(sheets.line(enterprise), by=team), team)

    project, award = Project.objects.get(), Award.objects.get()
    assert (project.state, project.number[:9]) == (State.DISBURSEMENT, "SYJG-2024")
    assert (award.amount, award.paid, award.central) == (7_500_000, 3_750_000, 5_000_000)
    assert [(p.committed, p.paid) for p in Pool.objects.order_by("pk")] == [
        (5_000_000, 2_500_000),
        (2_500_000, 1_250_000),
    ]
    assert balance(AccountKind.PAID, project_id=project.pk) == 3_750_000
    [rest] = Instalment.objects.all()
    assert [line.amount for line in rest.lines.order_by("pk")] == [2_500_000, 1_250_000]
    told = Notice.objects.filter(recipient__organisation=enterprise)
    assert told.filter(subject__startswith="以前年度项目已接续").exists()
    assert breaches() == {}


def test_what_the_sheet_says_stands_for_the_earlier_papers(team, pools, enterprise):
    sheets.confirmed(sheets.imported(sheets.line(enterprise), by=team), team)

    approval, paper = Approval.objects.get(), Agreement.objects.get()
    assert (approval.number, approval.on, approval.proposal) == ("示例政〔2024〕7号", date(2024, 9, 1), None)
    assert (paper.state, paper.enterprise_signed_by) == (AgreementState.IN_FORCE, None)
    [ground] = Project.objects.get().grounds.all()
    assert (ground.move, ground.ground.kind) == ("take_over", "take_over_sheet")


@pytest.mark.parametrize(
    ("words", "state"), [("任务书", State.AGREEMENT), ("分批拨付", State.DISBURSEMENT), ("验收", State.ACCEPTANCE)]
)
def test_each_state_that_can_be_reached(team, pools, enterprise, words, state):
    unpaid = {"环节": words, "中央已拨": 0, "市级已拨": 0}
    if state == State.AGREEMENT:
        unpaid |= {"任务书编号": None, "签署日期": None}
    sheets.confirmed(sheets.imported(sheets.line(enterprise, **unpaid), by=team), team)
    project = Project.objects.get()
    assert (project.state, project.acceptances.count()) == (state, int(state == State.ACCEPTANCE))
    assert Instalment.objects.filter(met_at__isnull=False).count() == int(state != State.AGREEMENT)
    assert breaches() == {}


def test_a_taken_over_project_goes_on_to_its_settlement(team, pools, enterprise):
    sheets.confirmed(sheets.imported(sheets.line(enterprise), by=team), team)
    project = Project.objects.get()
    Project.objects.filter(pk=project.pk).update(created_by=people.approver(enterprise))
    settled = situations.settled(Project.objects.get())
    assert (settled.final, settled.payable) == (7_500_000, 3_750_000)
    assert Instalment.objects.get().met_at == NOW
    assert settlements.compute(project).final == Decimal(7_500_000)


def test_rows_of_one_approval_share_it(team, pools):
    rows = [
        sheets.line(people.enterprise(), 核定支持=100_000, 中央核定=100_000, 中央已拨=0, 市级核定=None, 市级已拨=None)
        for _ in range(2)
    ]
    sheets.confirmed(sheets.imported(*rows, by=team), team)
    assert (Approval.objects.count(), Award.objects.filter(approval=Approval.objects.get()).count()) == (1, 2)


# --- what is refused --------------------------------------------------------------------------------------------------


REFUSED = {
    "an enterprise nobody knows": ({"统一社会信用代码": "91210100MA0000001X"}, "信用代码|注册"),
    "paid beyond granted": ({"中央已拨": 5_000_001}, "超过核定 5,000,000.00 元"),
    "sources beyond the award": ({"核定支持": 7_499_999}, "不能多于核定支持"),
    "no such pool": ({"中央资金年度": 2023}, "没有2023年度的中央资金池"),
    "days out of order": ({"批复日期": date(2024, 7, 1)}, "依次先后"),
    "signed without a paper": ({"签署日期": None}, "须填写任务书编号和签署日期"),
    "paid before it was signed": ({"环节": "任务书"}, "不能有已拨资金"),
    "land beyond the investment": ({"土地厂房": 50_000_001}, "不能多于投资总额"),
    "no title": ({"项目名称": None}, "没有填写项目名称"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_row_keeps_the_whole_sheet_out(team, pools, enterprise, case):
    fields, words = REFUSED[case]
    said = faults_of(sheets.line(people.enterprise()), sheets.line(enterprise, **fields), team=team)
    assert any(word in said for word in words.split("|"))


def test_the_same_project_or_file_is_not_taken_over_twice(team, pools, enterprise):
    assert "重复" in faults_of(sheets.line(enterprise), sheets.line(enterprise, 任务书编号="另一份"), team=team)
    sheet = sheets.imported(sheets.line(enterprise), by=team)
    with pytest.raises(Refused, match="已经导入过"):
        take_over.import_sheet(
            SimpleUploadedFile("a.xlsx", b"".join(sheet.file and [take_over.files.read_stored(sheet.file)])), "又一次",
            actor=team.officer, at=NOW,
        )  # fmt: skip


def test_a_pool_that_cannot_bear_the_balances_refuses_the_whole(team, enterprise):
    money.pool(budget=50_000_000, received=2_000_000), money.pool(Source.CITY)
    sheet = sheets.imported(sheets.line(enterprise), by=team)
    take_over.check_take_over(sheet, actor=team.lead, at=NOW)
    with pytest.raises(PoolShort, match="已拨期初数超过到位，还差 500,000.00 元"):
        take_over.confirm_take_over(sheet, actor=team.finance_lead, at=NOW)
    assert not Project.objects.exists() and TakeOverSheet.objects.get().state == TakeOverState.CHECKED


def test_central_money_beyond_the_ceiling_is_refused(team, pools, enterprise):
    sheet = sheets.imported(sheets.line(enterprise, 投资总额=10_000_000), by=team)
    take_over.check_take_over(sheet, actor=team.lead, at=NOW)
    with pytest.raises(Refused, match="超过第六条上限"):
        take_over.confirm_take_over(sheet, actor=team.finance_lead, at=NOW)


def test_three_persons_handle_a_sheet(team, pools, enterprise):
    sheet = sheets.imported(sheets.line(enterprise), by=team)
    TakeOverSheet.objects.filter(pk=sheet.pk).update(imported_by=team.lead)
    with pytest.raises(moves.NotYours):
        take_over.check_take_over(TakeOverSheet.objects.get(), actor=team.lead, at=NOW)
    with pytest.raises(PermissionDenied):
        take_over.import_sheet(sheets.workbook(), "清单", actor=team.lead, at=NOW)


def test_a_discarded_sheet_leaves_nothing_and_may_come_again(team, pools, enterprise):
    sheet = sheets.imported(sheets.line(enterprise), by=team)
    take_over.discard_take_over(sheet, "金额有误", actor=team.finance_lead, at=NOW)
    assert not Project.objects.exists()
    with pytest.raises(Refused, match="已经确认或作废"):
        take_over.add_paper(sheets.rows_of(sheet)[0], "批复", sheets.paper(), actor=team.officer, at=NOW)
    assert sheets.imported(sheets.line(enterprise), by=team).state == TakeOverState.IMPORTED


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_sheet_goes_through_its_pages_with_its_papers(client, team, pools, enterprise):
    client.force_login(team.officer)
    assert client.get(reverse("take-over-template")).content[:2] == b"PK"
    client.post(reverse("take-overs"), {"title": "2024年接续", "file": sheets.workbook(sheets.line(enterprise))})
    sheet = TakeOverSheet.objects.get()
    file = SimpleUploadedFile("批复.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    client.post(reverse("take-over-paper", args=[sheets.rows_of(sheet)[0].pk]), {"name": "批复", "file": file})
    paper = TakeOverPaper.objects.get()
    assert b"".join(client.get(reverse("take-over-paper-file", args=[paper.pk])).streaming_content).startswith(b"%PDF")
    for person, slug in ((team.lead, "check"), (team.finance_lead, "confirm")):
        client.force_login(person)
        assert client.post(reverse("take-over-step", args=[sheet.pk, slug])).status_code == 302
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert Project.objects.get().number in page and "3,750,000.00" in page


def test_the_report_of_a_wrong_sheet_is_on_the_page(client, team, pools, enterprise):
    client.force_login(team.officer)
    row = sheets.line(enterprise, 中央已拨=9_000_000)
    page = client.post(reverse("take-overs"), {"title": "2024年接续", "file": sheets.workbook(row)}).content.decode()
    assert "超过核定 5,000,000.00 元" in page and "2024年接续" in page


def test_every_page_of_the_project_opens(client, team, pools, enterprise):
    sheets.confirmed(sheets.imported(sheets.line(enterprise), by=team), team)
    project = Project.objects.get()
    for person in (team.officer, team.finance_officer, people.approver(enterprise)):
        client.force_login(person)
        for tab in ("filing", "materials", "review", "money", "agreement", "records"):
            assert client.get(reverse("project-tab", args=[project.pk, tab])).status_code in (200, 302)
