"""The thin path through the money room by its services: proposal → approval → 任务书 → first instalment paid."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from disbursement.models import Award, Instalment, Payment, Proposal, Source
from disbursement.services import agreements, approvals, batches, proposals, results
from disbursement.states import BatchState, InstalmentState, PaymentState, ProposalState
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_a_two_source_project_walks_from_the_proposal_to_its_first_paid_instalment():
    central, city = money.pool(budget=5_000_000, received=5_000_000), money.pool(Source.CITY, received=0)
    project = money.awaiting_approval()
    team = money.team()

    proposal = proposals.draft_proposal(project.call, "2026年第一批", actor=team.officer, at=NOW)
    [item] = proposals.add_projects(proposal, [project], actor=team.officer, at=NOW)
    parts = {split.pool: split.amount for split in item.splits.all()}
    assert (item.granted, parts) == (Decimal("7500000.00"), {central: Decimal(5_000_000), city: Decimal(2_500_000)})
    money.agreed(proposal, team)
    approval = approvals.record_approval(
        Proposal.objects.get(), number="示例政〔2026〕3号", on=NOW.date(), actor=team.government, at=NOW
    )
    assert (Project.objects.get().state, Proposal.objects.get().state) == (State.AGREEMENT, ProposalState.APPROVED)
    assert Award.objects.get(approval=approval).central == Decimal(5_000_000)

    agreement = project.agreements.get()
    agreements.sign(agreement, actor=money.approver_of(project), at=moment(days=1))
    agreements.sign(agreement, actor=team.lead, at=moment(days=2))
    assert Project.objects.get().state == State.DISBURSEMENT
    first, second = Instalment.objects.order_by("position")
    assert (first.met_at, second.met_at) == (moment(days=2), None)

    money.bank_account(project.enterprise)
    batch = batches.prepare_batch([first], actor=team.officer, at=moment(days=3))
    money.sent(batch, team, at=moment(days=3))
    given = {p.pk: results.Paid(f"HD{p.pk:05d}") for p in Payment.objects.all()}
    batch = results.record_results(batch, given, key="示例回单", actor=team.officer, at=moment(days=4))

    assert batch.state == BatchState.COMPLETED
    assert {p.state for p in Payment.objects.all()} == {PaymentState.PAID}
    assert Instalment.objects.get(pk=first.pk).state == InstalmentState.PAID
    assert Award.objects.get().net == Decimal("3750000.00")
    assert list(audit.faults()) == []
