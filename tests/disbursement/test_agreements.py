"""任务书: signed by both sides in time and then in force, or lapsed with the award (第九条三)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import Project
from applications.states import State
from core import audit, jobs, moves
from core.files import read_stored
from core.models import Job, Role
from core.people import SYSTEM
from disbursement.models import Agreement, Award, Instalment, Pool, Source
from disbursement.services import agreements
from disbursement.states import AgreementState
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW, moment

pytestmark = pytest.mark.django_db

AFTER = moment(days=15)  # 20 March; the term ended on the 19th


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def agreement(team):
    money.pool(budget=5_000_001), money.pool(Source.CITY, received=0)
    money.approved(money.awaiting_approval(), by=team)
    return Agreement.objects.get()


def theirs(agreement):
    return money.approver_of(agreement.project)


@pytest.mark.parametrize("order", ["bureau first", "enterprise first"])
def test_the_second_signature_puts_it_in_force(agreement, team, order):
    hands = [team.lead, theirs(agreement)]
    first, second = hands if order == "bureau first" else hands[::-1]
    assert agreements.sign(agreement, actor=first, at=NOW).state == AgreementState.HALF_SIGNED
    signed = agreements.sign(agreement, actor=second, at=moment(days=1))
    project = Project.objects.get()
    assert (signed.state, project.state, project.due_on) == (AgreementState.IN_FORCE, State.DISBURSEMENT, None)
    assert audit.timeline_of(project).first().ground.kind == "agreement"


def test_the_plan_is_exact_and_its_first_half_payable(agreement, team):
    money.signed(agreement.project, team)
    first, second = Instalment.objects.order_by("position")
    amounts = [[line.amount for line in one.lines.order_by("pk")] for one in (first, second)]
    assert amounts == [[Decimal("2500000.50"), Decimal("1249999.50")], [Decimal("2500000.50"), Decimal("1249999.50")]]
    assert (first.met_at, first.evidence.kind, second.met_at) == (NOW, "agreement", None)


def test_an_odd_fen_goes_to_the_last_instalment(team):
    money.pool()
    money.approved(money.awaiting_approval(investment=1_000_001), by=team)
    money.signed(Project.objects.get(), team)
    first, second = [one.lines.get().amount for one in Instalment.objects.order_by("position")]
    assert (first, second) == (Decimal("75000.07"), Decimal("75000.08"))


def test_one_side_signs_once(agreement, team):
    agreements.sign(agreement, actor=team.lead, at=NOW)
    with pytest.raises(moves.NotYours):
        agreements.sign(agreement, actor=people.bureau_lead(), at=NOW)


@pytest.mark.parametrize("role", [role for role in EVERY_ROLE if role != Role.BUREAU_LEAD])
def test_nobody_else_signs(agreement, role):
    with pytest.raises(moves.NotYours):
        agreements.sign(agreement, actor=EVERY_ROLE[role](), at=NOW)


def test_too_late_is_too_late(agreement, team):
    with pytest.raises(moves.ConditionUnmet, match="期限已过"):
        agreements.sign(agreement, actor=team.lead, at=AFTER)


def test_a_held_project_is_not_put_in_force(agreement, team):
    agreements.sign(agreement, actor=team.lead, at=NOW)
    money.held(agreement.project)
    with pytest.raises(moves.ConditionUnmet):
        agreements.sign(agreement, actor=theirs(agreement), at=NOW)
    assert Agreement.objects.get().state == AgreementState.HALF_SIGNED


def test_what_is_signed_says_everything(agreement):
    said = agreement.text
    assert (said["amount"], said["capitals"]) == ("7,500,000.00", "人民币柒佰伍拾万元整")
    assert "较低者" in said["formula"]
    titles = [section["title"] for section in said["sections"]]
    assert titles == [
        "项目基本情况", "建设内容与地点", "起止时间与里程碑", "投资计划（不含税，元）", "核定支持与资金来源", "拨付批次与条件",
        "设备及软件清单", "绩效目标", "进度报告", "变更与延期", "验收条件与材料", "资金管理与资产处置", "违约、追回与失信",
        "联系人与收款账户", "签署与效力",
    ]  # fmt: skip
    assert [section["title"] for section in said["attachments"]] == ["投资明细表", "承诺书"]


def test_its_plan_sums_to_the_amount(agreement):
    rows = agreement.text["sections"][5]["rows"]
    assert [row[1:3] for row in rows] == [["50%", "3,750,000.00"], ["50%", "3,750,000.00"]]


def test_no_whole_account_number_stands_in_it(team):
    money.pool()
    project = money.awaiting_approval()
    account = money.bank_account(project.enterprise)
    money.approved(project, by=team)
    said = str(Agreement.objects.get().text)
    assert account.bank in said and account.number not in said


# --- lapse ------------------------------------------------------------------------------------------------------------


def test_an_unsigned_agreement_lapses_with_its_award(agreement, team):
    agreements.sign(agreement, actor=team.lead, at=NOW)
    assert agreements.lapse_agreements(AFTER) == 1
    assert (Agreement.objects.get().state, Project.objects.get().state) == (AgreementState.LAPSED, State.LAPSED)
    assert {pool.committed for pool in Pool.objects.all()} == {Decimal(0)}
    assert Award.objects.get().entitlement == 0
    assert audit.timeline_of(Project.objects.get()).first().actor_name == SYSTEM.name


def test_nothing_lapses_on_the_last_day_or_twice(agreement):
    assert agreements.lapse_agreements(moment(days=14)) == 0
    assert agreements.lapse_agreements(AFTER) == 1
    assert agreements.lapse_agreements(AFTER) == 0


def test_the_term_rests_while_the_project_is_held(agreement):
    money.held(agreement.project)
    assert agreements.lapse_agreements(AFTER) == 0


def test_a_signed_agreement_does_not_lapse(agreement, team):
    money.signed(agreement.project, team)
    assert agreements.lapse_agreements(AFTER) == 0


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_signature_asks_for_the_password(client, agreement, team):
    Agreement.objects.update(sign_by=date(2030, 1, 1))
    Project.objects.update(due_on=date(2030, 1, 1))
    client.force_login(team.lead)
    address = reverse("agreement-sign", args=[agreement.pk, "first"])
    wrong = client.post(address, {"first-password": "not-it"}).content.decode()
    assert "密码不正确" in wrong and Agreement.objects.get().state == AgreementState.DRAWN
    assert client.post(address, {"first-password": "portal-test-2026"}).status_code == 302
    assert Agreement.objects.get().bureau_signed_by == team.lead


def test_a_strangers_agreement_is_not_there(client, agreement):
    client.force_login(people.approver())
    pages = [reverse("agreement", args=[agreement.pk]), reverse("project-agreement", args=[agreement.project_id])]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(reverse("agreement-sign", args=[agreement.pk, "first"])).status_code == 404


def test_the_visible_agreement_of_others_is_not_signed(client, agreement):
    client.force_login(people.supervisor())
    data = {"first-password": "portal-test-2026"}
    assert client.post(reverse("agreement-sign", args=[agreement.pk, "first"]), data).status_code == 403


def test_the_project_leads_to_its_latest_agreement(client, agreement):
    client.force_login(theirs(agreement))
    answer = client.get(reverse("project-agreement", args=[agreement.project_id]))
    assert answer.headers["Location"] == agreement.get_absolute_url()


def test_the_pdf_is_made_by_a_job_and_handed_out(client, agreement, team):
    money.signed(agreement.project, team)
    for job in Job.objects.filter(kind="agreement.pdf"):
        jobs.run(job.pk)
    stored = Agreement.objects.get().file
    assert read_stored(stored).startswith(b"%PDF") and Job.objects.filter(state="done").count() == 3
    client.force_login(theirs(agreement))
    answer = client.get(reverse("agreement-file", args=[agreement.pk]))
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)) == (
        "application/pdf",
        read_stored(stored),
    )
    answer.close()
