"""补充安排: what was 待安排 gets its money under the same approval, by four persons, never above the award (第七条一)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.models import Project
from applications.states import State
from core import moves
from core.models import Notice
from core.money import yuan
from disbursement.funds import PoolShort
from disbursement.ledger import balance
from disbursement.models import AccountKind, Award, Instalment, Pool, Source, Supplement
from disbursement.plans import Part
from disbursement.queries.supplements import arrangeable_awards
from disbursement.services import agreements, batches, proposals, settlements, supplements
from disbursement.services.amendments import Change, draw_amendment
from disbursement.services.refusal import Refused
from disbursement.states import InstalmentState, SupplementState
from tests.disbursement import situations
from tests.factories import applications as filings
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def award(team):
    """7.5 million granted, 5 million of it from a central pool that is spent by it; 2.5 million 待安排."""
    pool = money.pool(budget=5_000_000, received=5_000_000)
    money.approved(money.awaiting_approval(), by=team)
    made = Award.objects.get()
    money.signed(made.project, team)
    assert [(line.pool, line.entitled) for line in made.lines.all()] == [(pool, 5_000_000)]
    return made


@pytest.fixture
def city():
    return money.pool(Source.CITY, budget=4_000_000, received=0)


def amounts():
    return {
        one.position: [line.amount for line in one.lines.order_by("pk")]
        for one in Instalment.objects.order_by("position")
    }


def test_an_agreed_supplement_binds_the_pool_and_grows_the_instalments(team, award, city):
    made = money.supplemented(money.supplement(award, {city: 2_500_000}, by=team), team)

    award.refresh_from_db()
    assert (made.state, award.amount, Pool.objects.get(pk=city.pk).committed) == (
        SupplementState.AGREED,
        7_500_000,
        2_500_000,
    )
    assert [line.entitled for line in award.lines.order_by("pk")] == [5_000_000, 2_500_000]
    assert amounts() == {1: [2_500_000, 1_250_000], 2: [2_500_000, 1_250_000]}
    assert balance(AccountKind.COMMITTED, pool_id=city.pk, project_id=award.project_id) == 2_500_000
    told = Notice.objects.filter(recipient__organisation=award.project.enterprise)
    assert told.filter(subject__startswith="待安排资金已落实").exists()


def test_what_belongs_to_a_paid_instalment_is_payable_at_once(team, award, city):
    money.bank_account(award.project.enterprise)
    money.sent(batches.prepare_batch([Instalment.objects.get(position=1)], actor=team.officer, at=NOW), team)
    money.supplemented(money.supplement(award, {city: 1_000_001}, by=team), team)

    extra = Instalment.objects.get(position=3)
    assert (extra.state, extra.met_at) == (InstalmentState.PLANNED, NOW)
    assert amounts() == {1: [2_500_000], 2: [2_500_000, Decimal("500000.50")], 3: [Decimal("500000.50")]}


def paid_first(team, award):
    money.bank_account(award.project.enterprise)
    money.sent(batches.prepare_batch([Instalment.objects.get(position=1)], actor=team.officer, at=NOW), team)


def plan_of(paper):
    return [row[:3] for one in paper.text["sections"] if one["title"] == "拨付批次与条件" for row in one["rows"]]


def test_a_supplementary_agreement_prints_what_each_instalment_really_has(team, award, city):
    paid_first(team, award)
    money.supplemented(money.supplement(award, {city: 1_250_000}, by=team), team)
    change = Change("延期", end_on=date(2027, 6, 30))
    paper = draw_amendment(award.project, change, actor=team.officer, at=NOW)

    assert plan_of(paper) == [
        ["第 1 笔", "40%", "2,500,000.00"], ["第 2 笔", "50%", "3,125,000.00"], ["第 3 笔", "10%", "625,000.00"],
    ]  # fmt: skip
    assert "另有 1,250,000.00 元待安排" in str(paper.text)


def test_a_second_supplement_keeps_to_the_plan(team, award, city):
    paid_first(team, award)
    for part in (1_250_000, 1_000_000):
        money.supplemented(money.supplement(award, {city: part}, by=team), team)

    shares = {one.position: one.share for one in Instalment.objects.all()}
    assert (sum(shares.values()), shares[2]) == (10_000, 5000)
    assert amounts()[2] == [2_500_000, 1_125_000]


def test_a_paper_drawn_before_the_money_grew_is_drawn_anew(team, award, city):
    rest = (Part(6000, "signed"), Part(4000, "accepted"))
    paper = draw_amendment(award.project, Change("调整", rest=rest), actor=team.officer, at=NOW)
    agreements.sign(paper, actor=team.lead, at=NOW)
    money.supplemented(money.supplement(award, {city: 1_000_000}, by=team), team)
    with pytest.raises(Refused, match="因补充安排有变动"):
        agreements.sign(paper, actor=money.approver_of(award.project), at=NOW)
    assert [one.share for one in Instalment.objects.order_by("position")] == [5000, 5000]


def test_what_is_payable_at_once_does_not_hinder_a_new_plan(team, award, city):
    paid_first(team, award)
    money.supplemented(money.supplement(award, {city: 1_250_000}, by=team), team)
    rest = (Part(2000, "accepted"), Part(1000, "signed"), Part(3000, "accepted"))
    paper = draw_amendment(award.project, Change("调整", rest=rest), actor=team.officer, at=NOW)
    agreements.sign(paper, actor=team.lead, at=NOW)
    agreements.sign(paper, actor=money.approver_of(award.project), at=NOW)
    assert [row[2] for row in plan_of(paper)] == [yuan(sum(parts)) for parts in amounts().values()]
    assert sum(map(sum, amounts().values())) == 6_250_000


@pytest.mark.parametrize(
    ("part", "refusal"),
    [(2_500_001, "待安排 2,500,000.00 元，补充安排不能超过这个数"), (0, "请至少给一个项目")],
)
def test_a_supplement_stays_within_what_is_pending(team, award, city, part, refusal):
    with pytest.raises(Refused, match=refusal):
        money.supplement(award, {city: part}, by=team)


def test_a_supplement_stays_within_its_pool_and_what_others_asked(team, award, city):
    money.spending(city, 1, by=team)  # entered, not yet confirmed: binds nothing
    money.supplement(award, {city: 2_000_000}, by=team)
    with pytest.raises(Refused, match="只剩 2,000,000.00 元可安排"):
        money.supplement(award, {city: 2_000_001}, by=team)


def test_central_money_tops_up_only_to_the_ceiling(team, award):
    other = money.pool(Source.CENTRAL, budget=9_000_000, direction="追加")
    Award.objects.filter(pk=award.pk).update(central=7_000_000)
    award.refresh_from_db()
    with pytest.raises(Refused, match="中央资金最多再安排 500,000.00 元"):
        money.supplement(award, {other: 500_001}, by=team)


def test_a_pool_spent_meanwhile_refuses_the_whole(team, award, city):
    made = money.supplement(award, {city: 2_500_000}, by=team)
    supplements.check_supplement(made, actor=team.lead, at=NOW)
    supplements.review_supplement(made, actor=team.finance_officer, at=NOW)
    Pool.objects.filter(pk=city.pk).update(budget=Decimal(2_000_000))
    with pytest.raises(PoolShort, match="还差 500,000.00 元"):
        supplements.agree_supplement(made, actor=team.finance_lead, at=NOW)
    assert (Supplement.objects.get().state, award.lines.count()) == (SupplementState.REVIEWED, 1)


def test_four_persons_and_no_other_officer(team, award, city):
    made = money.supplement(award, {city: 1}, by=team)
    Supplement.objects.filter(pk=made.pk).update(drafted_by=team.lead)
    with pytest.raises(moves.NotYours):
        supplements.check_supplement(Supplement.objects.get(), actor=team.lead, at=NOW)
    with pytest.raises(PermissionDenied):
        supplements.draft_supplement(award.approval, "补充", {}, actor=team.lead, at=NOW)


def test_a_held_or_unsigned_project_waits(team, award, city):
    money.held(award.project)
    with pytest.raises(Refused, match="未解除的暂停"):
        money.supplement(award, {city: 1}, by=team)
    unsigned = money.award(filings.project(State.AGREEMENT), amount=100, parts={city: 100})
    Award.objects.filter(pk=unsigned.pk).update(amount=100)
    with pytest.raises(Refused, match="任务书未生效"):
        money.supplement(unsigned, {city: 1}, by=team)


def test_in_settlement_money_is_arranged_until_the_statement_is_prepared(client, team, award, city):
    project = situations.in_settlement(award.project)
    assert arrangeable_awards(award.approval).get() == award

    settlements.prepare_settlement(project, actor=team.officer, at=NOW)

    client.force_login(team.officer)
    page = client.get(reverse("supplement-new", args=[award.approval_id])).content.decode()
    assert "作废清算单后可以补充安排" in page and project.title in page


def test_a_cancelled_supplement_gives_its_plan_back(team, award, city):
    made = money.supplement(award, {city: 2_500_000}, by=team)
    supplements.cancel_supplement(made, "改由省级资金安排", actor=team.lead, at=NOW)
    assert money.supplement(award, {city: 2_500_000}, by=team).state == SupplementState.DRAFTED


def test_a_proposal_sees_what_supplements_ask(team, award, city):
    money.supplement(award, {city: 2_500_000}, by=team)
    draft = money.proposed(money.awaiting_approval(of_call=award.project.call, investment=50_000_000), by=team)
    [item] = draft.items.all()
    assert {split.pool_id: split.amount for split in item.splits.all()} == {city.pk: 1_500_000}
    proposals.cancel_proposal(draft, "示例", actor=team.lead, at=NOW)


def test_a_supplement_goes_through_its_pages(client, team, award, city):
    client.force_login(team.officer)
    assert award.approval.number in client.get(reverse("supplements")).content.decode()
    address, field = reverse("supplement-new", args=[award.approval_id]), f"part-{award.pk}-{city.pk}"
    page = client.post(address, {"title": "补充安排", field: "2,500,000.01"})
    assert "补充安排不能超过这个数" in page.content.decode()
    client.post(address, {"title": "补充安排", field: "2,500,000"})
    made = Supplement.objects.get()
    for person, slug in ((team.lead, "check"), (team.finance_officer, "review"), (team.finance_lead, "agree")):
        client.force_login(person)
        assert client.post(reverse("supplement-step", args=[made.pk, slug])).status_code == 302
    assert Project.objects.get().award.lines.count() == 2
