"""A proposal (资金方案): written by one, checked, reviewed and agreed by three others; never above limit or pool."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import audit, moves
from core.accounts import role_group
from core.models import Notice, Role
from disbursement.models import Proposal, ProposalItem, Source
from disbursement.services import proposals
from disbursement.services.refusal import Refused
from disbursement.states import ProposalState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import EVERY_ROLE, NOW

pytestmark = pytest.mark.django_db

STEPS = {
    "check_proposal": (proposals.check_proposal, "lead", Role.BUREAU_LEAD, ProposalState.CHECKED),
    "review_proposal": (proposals.review_proposal, "finance_officer", Role.FINANCE_OFFICER, ProposalState.REVIEWED),
    "agree": (proposals.agree, "finance_lead", Role.FINANCE_LEAD, ProposalState.AGREED),
}


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(budget=5_000_000), money.pool(Source.CITY, received=0)


@pytest.fixture
def draft(team, pools):
    return money.proposed(money.awaiting_approval(), by=team)


def stand_before(step, proposal, team):
    """Take the steps before this one."""
    for name, (service, who, _, _) in STEPS.items():
        if name == step:
            return Proposal.objects.get(pk=proposal.pk)
        service(proposal, actor=getattr(team, who), at=NOW)
    raise AssertionError(step)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_moves_and_is_recorded(draft, team, step):
    service, who, _, target = STEPS[step]
    before = stand_before(step, draft, team)
    after = service(before, actor=getattr(team, who), at=NOW)
    event = audit.timeline_of(after).first()

    assert (after.state, event.actor, event.ground.kind) == (target, getattr(team, who), "proposal")
    assert event.ground.facts["total"] == "7500000.00"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_each_step_refuses_every_other_role(draft, team, step, role):
    service, _, wanted, _ = STEPS[step]
    before = stand_before(step, draft, team)
    if role == wanted:
        return
    with pytest.raises(moves.NotYours):
        service(before, actor=EVERY_ROLE[role](), at=NOW)
    assert Proposal.objects.get(pk=draft.pk).state == before.state


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_taken_once(draft, team, step):
    service, who, _, _ = STEPS[step]
    service(stand_before(step, draft, team), actor=getattr(team, who), at=NOW)
    with pytest.raises(moves.Overtaken):
        service(draft, actor=getattr(team, who), at=NOW)


@pytest.mark.parametrize(("step", "earlier"), [("check_proposal", "officer"), ("agree", "finance_officer")])
def test_nobody_takes_two_steps_whatever_roles_he_holds(draft, team, step, earlier):
    person = getattr(team, earlier)
    before = stand_before(step, draft, team)
    for role in (Role.BUREAU_LEAD, Role.FINANCE_LEAD):
        person.groups.add(role_group(role))
    with pytest.raises(moves.NotYours):
        STEPS[step][0](before, actor=type(person).objects.get(pk=person.pk), at=NOW)


def test_an_empty_proposal_is_not_checked(team, pools):
    empty = proposals.draft_proposal(filings.call(), "空方案", actor=team.officer, at=NOW)
    with pytest.raises(moves.ConditionUnmet, match="还没有项目"):
        proposals.check_proposal(empty, actor=team.lead, at=NOW)


def test_only_the_drafter_edits_and_only_a_draft(draft, team):
    item = draft.items.get()
    with pytest.raises(PermissionDenied):
        proposals.remove_item(item, actor=people.bureau_officer(), at=NOW)
    proposals.check_proposal(draft, actor=team.lead, at=NOW)
    with pytest.raises(moves.Overtaken):
        proposals.set_item(item, granted=Decimal(1), splits={}, actor=team.officer, at=NOW)


def test_a_short_central_pool_is_shared_and_the_city_tops_up(team, pools):
    call = filings.call()
    draft = money.proposed(*[money.awaiting_approval(of_call=call) for _ in range(2)], by=team)
    parts = [[split.amount for split in item.splits.all()] for item in draft.items.all()]
    assert parts == [[Decimal("2500000.00"), Decimal("5000000.00")]] * 2


def test_what_no_pool_bears_waits_for_money(team):
    money.pool(budget=5_000_000)
    draft = money.proposed(money.awaiting_approval(), by=team)
    item = draft.items.get()
    assert (item.award, item.splits.get().amount) == (Decimal("7500000.00"), Decimal("5000000.00"))


def test_money_planned_in_one_draft_is_not_offered_to_another(team, pools):
    money.proposed(money.awaiting_approval(), by=team)
    second = money.proposed(money.awaiting_approval(), by=team)
    assert {split.pool.source for split in second.items.get().splits.all()} == {Source.CITY}


@pytest.mark.parametrize("held_by", ["open notice", "hold", "another proposal"])
def test_a_project_that_is_not_ready_is_not_taken_in(team, pools, held_by):
    project = money.awaiting_approval()
    if held_by == "open notice":
        type(project).objects.filter(pk=project.pk).update(notice_closed_at=None)
    elif held_by == "hold":
        money.held(project)
    else:
        money.proposed(project, by=team)
    draft = proposals.draft_proposal(project.call, "方案", actor=team.officer, at=NOW)
    with pytest.raises(Refused, match="有的不能列入"):
        proposals.add_projects(draft, [project], actor=team.officer, at=NOW)


@pytest.mark.parametrize(
    ("granted", "central", "city", "field"),
    [
        ("7500000.01", "0", "0", "granted"),
        ("0", "0", "0", "granted"),
        ("7000000", "5000000", "2000000.01", "granted"),
        ("7500000", "5000000.01", "0", "pool-central"),
    ],
)
def test_amounts_above_limit_award_or_pool_are_refused(draft, team, pools, granted, central, city, field):
    item = draft.items.get()
    splits = {pools[0].pk: Decimal(central), pools[1].pk: Decimal(city)}
    with pytest.raises(Refused) as refused:
        proposals.set_item(item, granted=Decimal(granted), splits=splits, actor=team.officer, at=NOW)
    assert refused.value.field == field.replace("central", str(pools[0].pk))
    assert ProposalItem.objects.get().granted == Decimal("7500000.00")


def test_the_grid_refuses_at_the_field_and_loses_nothing(client, draft, team, pools):
    item = draft.items.get()
    data = {
        f"item-{item.pk}-granted": "7,600,000.00",
        f"item-{item.pk}-pool-{pools[0].pk}": "1,234.56",
        f"item-{item.pk}-pool-{pools[1].pk}": "",
    }
    client.force_login(team.officer)
    page = client.post(reverse("proposal-amounts", args=[draft.pk]), data).content.decode()
    assert "拟核定额不能高于支持上限 7,500,000.00 元（第六条）。" in page
    assert 'value="7,600,000.00"' in page and 'value="1,234.56"' in page
    assert ProposalItem.objects.get().granted == Decimal("7500000.00")


def test_the_grid_saves_amount_and_sources(client, draft, team, pools):
    item = draft.items.get()
    data = {
        f"item-{item.pk}-granted": "6,000,000",
        f"item-{item.pk}-pool-{pools[0].pk}": "4000000",
        f"item-{item.pk}-pool-{pools[1].pk}": "2000000",
    }
    client.force_login(team.officer)
    assert client.post(reverse("proposal-amounts", args=[draft.pk]), data).status_code == 302
    item.refresh_from_db()
    assert (item.award, [s.amount for s in item.splits.all()]) == (
        Decimal(6_000_000),
        [Decimal(4_000_000), Decimal(2_000_000)],
    )


def test_sending_back_gives_the_draft_to_its_drafter_again(draft, team):
    money.agreed(draft, team)
    back = proposals.send_back_proposal(draft, "来源须调整", actor=team.finance_lead, at=NOW)
    assert (back.state, back.checked_by, back.agreed_at) == (ProposalState.DRAFTED, None, None)
    assert Notice.objects.filter(recipient=team.officer, body="来源须调整").count() == 1


def test_a_cancelled_proposal_frees_its_projects(draft, team):
    proposals.cancel_proposal(draft, "重新拟定", actor=team.lead, at=NOW)
    project = draft.items.get().project
    again = money.proposed(project, by=team)
    assert again.items.get().project == project


def test_a_project_determined_anew_stops_the_next_step(draft, team):
    project = draft.items.get().project
    money.determined_again(project, received_elsewhere=1_000_000)
    with pytest.raises(Refused, match=project.title):
        proposals.check_proposal(draft, actor=team.lead, at=NOW)


def test_support_received_elsewhere_is_taken_off_once(team, pools):
    project = money.awaiting_approval()
    money.determined_again(project, received_elsewhere=1_000_000)
    item = money.proposed(project, by=team).items.get()
    assert (item.granted, item.award) == (Decimal("7500000.00"), Decimal("6500000.00"))


@pytest.mark.parametrize("role", [Role.ENTERPRISE_APPROVER, Role.DISTRICT_LEAD, Role.EXPERT, Role.ADMINISTRATOR])
def test_strangers_do_not_see_proposals(client, draft, role):
    person = EVERY_ROLE[role]()
    assert not Proposal.objects.visible_to(person).exists()
    client.force_login(person)
    assert client.get(reverse("proposal", args=[draft.pk])).status_code == 403


def test_another_persons_step_is_refused_by_address(client, draft, team):
    client.force_login(team.finance_officer)
    answer = client.post(reverse("proposal-step", args=[draft.pk, "check"]), {})
    assert (answer.status_code, Proposal.objects.get().state) == (403, ProposalState.DRAFTED)


def test_a_page_that_was_overtaken_says_so(client, draft, team):
    client.force_login(team.lead)
    data = {"check-seen_version": draft.version - 1}
    assert client.post(reverse("proposal-step", args=[draft.pk, "check"]), data).status_code == 409
