"""市政府批复: recorded once, in one transaction; awards within proposal, limit and pools (第九条三)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Project
from applications.states import State
from core import audit, moves
from core.models import Notice, Role
from disbursement.funds import PoolShort
from disbursement.models import Agreement, Approval, Award, Pool, Proposal, ProposalItem, Source
from disbursement.services import approvals, proposals
from disbursement.services.approvals import Declined
from disbursement.services.refusal import Refused
from disbursement.states import ProposalState
from tests.factories import applications as filings
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(budget=5_000_000), money.pool(Source.CITY, received=0)


@pytest.fixture
def agreed(team, pools):
    return money.agreed(money.proposed(money.awaiting_approval(), by=team), team)


def record(proposal, team, **facts):
    facts = {"number": "示例政〔2026〕3号", "on": NOW.date(), "actor": team.government, "at": NOW} | facts
    return approvals.record_approval(proposal, **facts)


def test_approval_moves_the_project_binds_the_pools_and_draws_the_agreement(agreed, team, pools):
    approval = record(agreed, team)
    project, award = Project.objects.get(), Award.objects.get()

    assert (project.state, project.due_on) == (State.AGREEMENT, date(2026, 3, 19))
    assert (award.approval, award.amount, award.central) == (approval, Decimal(7_500_000), Decimal(5_000_000))
    assert [Pool.objects.get(pk=p.pk).committed for p in pools] == [Decimal(5_000_000), Decimal(2_500_000)]
    assert Agreement.objects.get().sign_by == project.due_on
    event = audit.timeline_of(project).first()
    assert (event.event, event.ground, event.actor) == ("project.approved", approval.ground, team.government)


def test_the_enterprise_is_told_amount_and_deadline(agreed, team):
    approver = money.approver_of(Project.objects.get())
    record(agreed, team)
    body = Notice.objects.get(recipient=approver).body
    assert "7,500,000.00 元" in body and "2026年3月19日" in body


@pytest.mark.parametrize(
    ("granted", "central", "city"),
    [(6_000_000, 5_000_000, 1_000_000), (4_000_000, 4_000_000, None), (7_500_000, 5_000_000, 2_500_000)],
)
def test_a_lower_amount_takes_from_local_money_first(agreed, team, granted, central, city):
    item = agreed.items.get()
    record(agreed, team, decisions={item.pk: Decimal(granted)})
    parts = {line.pool.source: line.entitled for line in Award.objects.get().lines.select_related("pool")}
    wanted = {Source.CENTRAL: Decimal(central)} | ({Source.CITY: Decimal(city)} if city else {})
    assert parts == wanted


def test_a_declined_project_ends_with_its_reason(agreed, team):
    record(agreed, team, decisions={agreed.items.get().pk: Declined("不符合支持重点")})
    project = Project.objects.get()
    assert (project.state, Award.objects.count(), Pool.objects.filter(committed__gt=0).count()) == (
        State.DECLINED,
        0,
        0,
    )
    assert audit.timeline_of(project).first().ground.facts["reason"] == "不符合支持重点"
    assert not ProposalItem.objects.get().live


def test_every_project_needs_a_decision(agreed, team):
    with pytest.raises(Refused) as refused:
        record(agreed, team, decisions={})
    assert refused.value.field == f"amount-{agreed.items.get().pk}"


@pytest.mark.parametrize("amount", ["7500000.01", "0"])
def test_an_amount_above_the_proposal_or_of_nothing_is_refused(agreed, team, amount):
    item = agreed.items.get()
    with pytest.raises(Refused) as refused:
        record(agreed, team, decisions={item.pk: Decimal(amount)})
    assert refused.value.field == f"amount-{item.pk}"
    assert (Approval.objects.count(), Project.objects.get().state) == (0, State.GOVERNMENT_APPROVAL)


def test_a_limit_above_the_proposal_does_not_help(agreed, team, pools):
    Proposal.objects.filter(pk=agreed.pk).update(state=ProposalState.DRAFTED)
    item = agreed.items.get()
    proposals.set_item(
        item, granted=Decimal(5_000_000), splits={pools[0].pk: Decimal(5_000_000)}, actor=team.officer, at=NOW
    )
    Proposal.objects.filter(pk=agreed.pk).update(state=ProposalState.AGREED)
    with pytest.raises(Refused, match="拟核定额 5,000,000.00 元"):
        record(agreed, team, decisions={item.pk: Decimal(7_500_000)})


def test_the_same_number_is_recorded_once(agreed, team):
    record(agreed, team)
    other = money.agreed(money.proposed(money.awaiting_approval(of_call=filings.call()), by=team), team)
    with pytest.raises(Refused) as refused:
        record(other, team)
    assert refused.value.field == "number"


def test_a_decision_of_tomorrow_is_refused(agreed, team):
    with pytest.raises(Refused) as refused:
        record(agreed, team, on=NOW.date() + timedelta(days=1))
    assert refused.value.field == "on"


def test_a_held_project_is_not_approved(agreed, team):
    money.held(Project.objects.get())
    with pytest.raises(Refused, match="有未解除的暂停"):
        record(agreed, team)


def test_a_project_determined_anew_is_not_approved(agreed, team):
    money.determined_again(Project.objects.get(), received_elsewhere=1_000_000)
    with pytest.raises(Refused, match="测算金额已更新"):
        record(agreed, team)


def test_a_pool_that_shrank_meanwhile_refuses_the_whole(agreed, team, pools):
    Pool.objects.filter(pk=pools[1].pk).update(budget=Decimal(1_000_000))
    with pytest.raises(PoolShort, match="还差 1,500,000.00 元"):
        record(agreed, team)


def test_a_project_that_withdrew_falls_out(agreed, team):
    Project.objects.update(state=State.WITHDRAWN)
    with pytest.raises(Refused, match="没有等待审定的项目"):
        record(agreed, team)


@pytest.mark.parametrize("role", [role for role in EVERY_ROLE if role != Role.GOVERNMENT_OFFICE])
def test_only_the_government_office_records(agreed, role):
    with pytest.raises(moves.NotYours):
        approvals.record_approval(agreed, number="示例政〔2026〕3号", on=NOW.date(), actor=EVERY_ROLE[role](), at=NOW)


def test_a_proposal_not_agreed_is_not_recorded(team, pools):
    draft = money.proposed(money.awaiting_approval(), by=team)
    with pytest.raises(moves.Overtaken):
        record(draft, team)


# --- the page ---------------------------------------------------------------------------------------------------------


def form_of(proposal, **typed):
    item = proposal.items.get()
    data = {"number": "示例政〔2026〕3号", "on": "2026-03-05", f"amount-{item.pk}": "7,500,000.00"}
    return data | {key.replace("ITEM", str(item.pk)): value for key, value in typed.items()}


def test_the_page_records_with_its_document(client, agreed, team):
    client.force_login(team.government)
    paper = SimpleUploadedFile("批复.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    answer = client.post(reverse("approval-record", args=[agreed.pk]), form_of(agreed, file=paper))
    assert (answer.status_code, Approval.objects.get().ground.file.original_name) == (302, "批复.pdf")


def test_the_page_refuses_an_amount_at_its_field_and_loses_nothing(client, agreed, team):
    client.force_login(team.government)
    data = form_of(agreed, **{"amount-ITEM": "7,500,000.01"})
    page = client.post(reverse("approval-record", args=[agreed.pk]), data).content.decode()
    assert "核定支持额不能高于拟核定额 7,500,000.00 元" in page
    assert 'value="7,500,000.01"' in page and 'value="示例政〔2026〕3号"' in page
    assert Approval.objects.count() == 0


def test_the_page_belongs_to_the_government_office(client, agreed, team):
    client.force_login(team.finance_lead)
    assert client.get(reverse("approval-record", args=[agreed.pk])).status_code == 403
