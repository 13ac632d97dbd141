"""终核 (第十二条): the audited investment decides; too little paid is paid, too much comes back, never both."""

from decimal import Decimal

import pytest

from applications.models import Project
from applications.states import State
from core import moves
from core.models import Notice
from disbursement.models import Award, Instalment, Pool, Recovery, Settlement, Source
from disbursement.services import recoveries, settlements
from disbursement.states import InstalmentState
from tests.disbursement import situations as given
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def instalment_amounts(project):
    rows = Instalment.objects.filter(award__project=project).order_by("position")
    return [(row.state, [line.amount for line in row.lines.all()]) for row in rows]


def test_an_audit_below_the_plan_shrinks_the_last_instalment():
    """K01 of the policy's cases: 750万 granted, 4000万 audited, 375万 paid, 225万 due."""
    project = given.half_paid()

    given.settled(project, "40000000.00")

    assert instalment_amounts(project)[1] == (InstalmentState.PLANNED, [Decimal("2250000.00")])
    assert Instalment.objects.get(award__project=project, position=2).met_at == NOW
    assert given.award_of(project).entitlement == Decimal("6000000.00")
    assert Pool.objects.get().committed == Decimal("6000000.00")


def test_an_audit_far_below_raises_a_recovery_and_cancels_the_rest():
    """K02: 2000万 audited, 300万 final, 75万 to be given back."""
    project = given.half_paid()

    given.settled(project, "20000000.00")

    assert instalment_amounts(project)[1][0] == InstalmentState.CANCELLED
    recovery = Recovery.objects.get(project=project)
    assert (recovery.demanded, recovery.reason) == (Decimal("750000.00"), "settlement")
    assert Pool.objects.get().committed == Decimal("3750000.00")  # still held by the enterprise


def test_local_money_is_reduced_first_where_two_pools_paid():
    """K15: 700万 central + 300万 local of 1000万, all paid; 6000万 audited leaves 900万."""
    central, city = money.pool(), money.pool(Source.CITY)
    project = given.half_paid(investment=70_000_000, parts={central: 7_000_000, city: 3_000_000})
    given.pay(Instalment.objects.get(award__project=project, position=2))

    given.settled(project, "60000000.00")

    lines = {line.pool_id: line.demanded for line in Recovery.objects.get().lines.all()}
    assert lines == {city.pk: Decimal("1000000.00")}


def test_what_a_half_arrived_instalment_still_owes_gets_an_instalment_of_its_own():
    """Central money of the second half arrived, the city's part failed; the rest is still paid after settlement."""
    central, city = money.pool(), money.pool(Source.CITY)
    project = given.half_paid(investment=70_000_000, parts={central: 7_000_000, city: 3_000_000})
    second = Instalment.objects.get(award__project=project, position=2)
    given.part_arrives(second, central)

    given.settled(project, "60000000.00")

    last = Instalment.objects.get(award__project=project, position=3)
    assert {line.award_line.pool: line.amount for line in last.lines.all()} == {city: Decimal("500000.00")}
    assert Instalment.objects.get(pk=second.pk).state == InstalmentState.CANCELLED
    assert given.award_of(project).entitlement == Decimal("9000000.00")


def test_the_person_who_prepared_a_settlement_cannot_confirm_it():
    project = given.in_settlement(given.half_paid())
    lead = people.bureau_lead()
    made = settlements.prepare_settlement(project, actor=lead, at=NOW)

    with pytest.raises(moves.NotYours):
        settlements.confirm_settlement(made, actor=lead, at=NOW)

    assert Settlement.objects.get().confirmed_at is None


def test_figures_that_moved_since_are_not_confirmed():
    project = given.in_settlement(given.half_paid())
    made = settlements.prepare_settlement(project, actor=people.bureau_officer(), at=NOW)
    given.pay(Instalment.objects.get(award__project=project, position=2))

    with pytest.raises(settlements.SettlementRefused, match="请重新编制"):
        settlements.confirm_settlement(made, actor=people.bureau_lead(), at=NOW)


def test_a_settled_project_closes_only_when_all_is_paid():
    project = given.half_paid()
    given.settled(project)
    project = Project.objects.get(pk=project.pk)
    with pytest.raises(settlements.SettlementRefused, match="尚未结清"):
        settlements.close(project, actor=people.bureau_lead(), at=NOW)

    given.pay(Instalment.objects.get(award__project=project, position=2))
    closed = settlements.close(project, actor=people.bureau_lead(), at=NOW)

    assert closed.state == State.SETTLED
    assert Notice.objects.filter(recipient=given.approver_of(project), subject__startswith="项目办结").exists()


def test_a_closed_project_leaves_no_paper_to_sign():
    project = given.half_paid()
    money.agreement(project.award, state="half_signed", amends=project.agreements.get())
    given.settled(project)
    given.pay(Instalment.objects.get(award__project=project, position=2))
    settlements.close(Project.objects.get(pk=project.pk), actor=people.bureau_lead(), at=NOW)

    assert list(project.agreements.order_by("edition").values_list("state", flat=True)) == ["in_force", "ended"]


def test_a_settlement_with_a_recovery_closes_after_the_money_came_back():
    project = given.half_paid()
    given.settled(project, "20000000.00")
    recovery = recoveries.demand(Recovery.objects.get(), number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW)
    finance = people.finance_officer()
    for number, amount in (("R1", "500000.00"), ("R2", "250000.00")):
        recoveries.record_receipt(
            recovery, amount=Decimal(amount), receipt_number=number, on=NOW.date(), actor=finance, at=NOW
        )

    closed = settlements.close(Project.objects.get(pk=project.pk), actor=people.bureau_lead(), at=NOW)

    assert closed.state == State.SETTLED
    assert Award.objects.get().net == Decimal("3000000.00")
    assert Pool.objects.get().committed == Decimal("3000000.00")


def test_the_same_recovery_receipt_counts_once():
    project = given.half_paid()
    given.settled(project, "20000000.00")
    recovery = recoveries.demand(Recovery.objects.get(), number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW)
    what = {"amount": Decimal("500000.00"), "receipt_number": "R1", "on": NOW.date(), "at": NOW}

    first = recoveries.record_receipt(recovery, actor=people.finance_officer(), **what)
    again = recoveries.record_receipt(recovery, actor=people.finance_officer(), **what)

    assert first == again
    assert Recovery.objects.get().recovered == Decimal("500000.00")


def test_more_than_outstanding_is_refused():
    project = given.half_paid()
    given.settled(project, "20000000.00")
    recovery = recoveries.demand(Recovery.objects.get(), number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW)

    with pytest.raises(recoveries.ReceiptRefused, match="未退余额"):
        recoveries.record_receipt(
            recovery, amount=Decimal("750000.01"), receipt_number="R1", on=NOW.date(),
            actor=people.finance_officer(), at=NOW,
        )  # fmt: skip
