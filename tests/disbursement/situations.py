"""Situations tests of the money room start from: a project paid its first half, in acceptance, in settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from applications.models import Project
from applications.states import State
from core.models import GroundKind, OrganisationKind, User
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import Acceptance, Award, Payment, PaymentBatch, Pool
from disbursement.services import closing, ending, settlements
from disbursement.states import BatchState, InstalmentState, PaymentState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

TEXTS = dict.fromkeys(closing.REPORT_PARTS, "符合要求。")


def half_paid(*, investment: int = 50_000_000, parts: dict[Pool, int] | None = None) -> Project:
    """A point project of 7.5 million 元 (or of `parts`), its first half paid."""
    project = filings.project(State.DISBURSEMENT, investment=investment, notice_closed_at=NOW)
    award = money.award(project, amount=sum(parts.values()) if parts else 7_500_000, parts=parts)
    first, _ = money.instalments(award)
    pay(first)
    return Project.objects.get(pk=project.pk)


def pay(instalment) -> list[Payment]:
    """Money through the funds, states set by hand: what a finished batch leaves behind."""
    payments = money.payments(instalment)
    ground = people.ground(GroundKind.BANK_RECEIPT)
    funds.reserve(payments, actor=SYSTEM, at=NOW, ground=ground)
    funds.book_paid(payments, actor=SYSTEM, at=NOW, ground=ground)
    Payment.objects.filter(pk__in=[p.pk for p in payments]).update(state=PaymentState.PAID)
    PaymentBatch.objects.filter(pk=payments[0].batch_id).update(state=BatchState.COMPLETED)
    type(instalment).objects.filter(pk=instalment.pk).update(state=InstalmentState.PAID)
    return payments


def part_arrives(instalment, pool: Pool) -> None:
    """Of an instalment on several pools only one pool's payment arrives; the instalment is back in the plan."""
    payments = money.payments(instalment)
    arrived = [payment for payment in payments if payment.pool_id == pool.pk]
    failed = [payment.pk for payment in payments if payment.pool_id != pool.pk]
    ground = people.ground(GroundKind.BANK_RECEIPT)
    funds.reserve(arrived, actor=SYSTEM, at=NOW, ground=ground)
    funds.book_paid(arrived, actor=SYSTEM, at=NOW, ground=ground)
    Payment.objects.filter(pk__in=[p.pk for p in arrived]).update(state=PaymentState.PAID)
    Payment.objects.filter(pk__in=failed).update(state=PaymentState.FAILED)


def in_batch(instalment) -> list[Payment]:
    """The instalment's payments wait in a prepared batch, money set aside."""
    payments = money.payments(instalment)
    funds.reserve(payments, actor=SYSTEM, at=NOW, ground=people.ground(GroundKind.PAYMENT_APPLICATION))
    type(instalment).objects.filter(pk=instalment.pk).update(state=InstalmentState.IN_PAYMENT)
    return payments


def approver_of(project: Project) -> User:
    return project.created_by


def applied(project: Project) -> Acceptance:
    return closing.apply_for_acceptance(
        project,
        completed_on=date(2026, 3, 1),
        summary="全部设备已投产。",
        claimed_investment=Decimal("50000000.00"),
        actor=approver_of(project),
        at=NOW,
    )


def reported(project: Project, audited: str = "50000000.00") -> Acceptance:
    body = people.body(OrganisationKind.THIRD_PARTY)
    acceptance = closing.assign_assessor(
        applied(project), assessor=body, number="示例委〔2026〕1号", actor=people.bureau_officer(), at=NOW
    )
    return closing.report(
        acceptance, texts=TEXTS, audited_eligible=Decimal(audited), opinion="pass", actor=people.assessor(body), at=NOW
    )


def in_settlement(project: Project, audited: str = "50000000.00") -> Project:
    closing.accept(reported(project, audited), text="同意通过。", actor=people.bureau_lead(), at=NOW)
    return Project.objects.get(pk=project.pk)


def settled(project: Project, audited: str = "50000000.00"):
    project = in_settlement(project, audited)
    made = settlements.prepare_settlement(project, actor=people.bureau_officer(), at=NOW)
    if made.clawback:
        money.heard(project, "settle")
    return settlements.confirm_settlement(made, actor=people.bureau_lead(), at=NOW)


def award_of(project: Project) -> Award:
    return Award.objects.get(project=project)


def revoked(project: Project, number: str = "示例决〔2026〕1号") -> Project:
    """Heard and disqualified."""
    money.heard(project, "revoke")
    return ending.revoke(project, reason="伪造设备发票。", number=number, actor=people.bureau_lead(), at=NOW)
