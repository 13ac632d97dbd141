"""The law of money: who proposes, checks, reviews and releases; maker is never checker (第十二条、第十六条)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from applications.states import State
from applications.workflow import nothing_holds_it
from core.hands import has_a_hand_in
from core.models.grounds import GroundKind as G
from core.models.people import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import as_user, has_role, is_system
from core.workflow import Machine, StateField, because, move
from disbursement.states import (
    TONES,
    AgreementState,
    BatchState,
    InstalmentState,
    PaymentState,
    ProposalState,
)
from disbursement.taken_over_workflow import TakenOverAgreement

# --- who ------------------------------------------------------------------------------------------------------------


def holder_of(*roles: str, other_than: tuple[str, ...] = ()) -> Callable[[Any, Any], bool]:
    """A person with one of the roles who has not put his hand, nor had a stand-in's put, to one of the named earlier steps."""
    who = "、".join(str(Role(role).label) for role in roles)

    @because(f"须由{who}办理" + ("，且不能是前一环节的经手人。" if other_than else "。"))
    def allowed(record: Any, actor: Any) -> bool:
        dealt = {getattr(record, f"{step}_id") for step in other_than}
        return has_role(actor, *roles) and not has_a_hand_in(record, dealt, actor)

    return allowed


@because("由系统随拨付批次办理。")
def system_only(record: Any, actor: Any) -> bool:
    return is_system(actor)


@because("须由市工信局负责人决定，或由系统按期限办理。")
def system_or_bureau_lead(record: Any, actor: Any) -> bool:
    return is_system(actor) or has_role(actor, Role.BUREAU_LEAD)


@because("须由市工信局或市财政局办理。")
def bureau_or_finance(record: Any, actor: Any) -> bool:
    return has_role(actor, *BUREAU_ROLES, *FINANCE_ROLES)


def either_side(agreement: Any, actor: Any) -> bool:
    """The bureau's lead or the enterprise's approver, each once."""
    ours = has_role(actor, Role.BUREAU_LEAD) and agreement.bureau_signed_at is None
    theirs = (
        has_role(actor, Role.ENTERPRISE_APPROVER)
        and actor.organisation_id == agreement.project.enterprise_id
        and agreement.enterprise_signed_at is None
    )
    return ours or theirs


either_side.because = "任务书由市工信局负责人与企业审批人各签一次（第九条三）。"  # type: ignore[attr-defined]


# --- what must hold -------------------------------------------------------------------------------------------------


@because("方案中还没有项目。")
def has_items(proposal: Any) -> bool:
    return proposal.items.exists()


@because("批次中还没有可拨付的款项。")
def has_payments(batch: Any) -> bool:
    return batch.payments.filter(state=PaymentState.PREPARED).exists()


@because("还有款项没有银行结果。")
def all_results_in(batch: Any) -> bool:
    return not batch.payments.filter(state__in=[PaymentState.PREPARED, PaymentState.SENT]).exists()


@because("签署期限已过。")
def signable(agreement: Any) -> bool:
    return timezone.localdate(agreement.now) <= agreement.sign_by


@because("补充协议只在项目分批拨付期间签署；项目已进入下一环节，这份协议不再签署。")
def amends_what_runs(agreement: Any) -> bool:
    return not agreement.amends_id or agreement.project.state == State.DISBURSEMENT


@because("项目有未解除的暂停（异议、核查、追回或失信），解除之后再签署。")
def project_is_not_held(agreement: Any) -> bool:
    return nothing_holds_it(agreement.project)


SIGNED_WHEN = [signable, amends_what_runs, project_is_not_held]


class Toned(Machine):
    """A machine whose state has its tone for the status tag."""

    class Meta:
        abstract = True

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "now")


class Stepped(Toned):
    """Keeps who did each step and when in pairs of columns: `checked_by`, `checked_at`."""

    class Meta:
        abstract = True

    def stamp(self, step: str, actor: Any, at: datetime) -> None:
        setattr(self, f"{step}_by", as_user(actor))
        setattr(self, f"{step}_at", at)


# --- proposal (资金方案) ---------------------------------------------------------------------------------------------


class ProposalWorkflow(Stepped):
    """市工信局拟定 → 复核 → 市财政局审核 → 商定 → 市政府批复 (第九条三)."""

    state = StateField(
        "状态", choices=ProposalState.choices, default=ProposalState.DRAFTED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=ProposalState.DRAFTED, target=ProposalState.CHECKED, ground=G.PROPOSAL, conditions=[has_items],
          permission=holder_of(Role.BUREAU_LEAD, other_than=("drafted_by",)), label="复核资金方案",
          event="proposal.checked", clause="第九条（三）")  # fmt: skip
    def check_proposal(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("checked", actor, at)

    @move(source=ProposalState.CHECKED, target=ProposalState.REVIEWED, ground=G.PROPOSAL,
          permission=holder_of(Role.FINANCE_OFFICER, other_than=("drafted_by", "checked_by")), label="审核资金方案",
          event="proposal.reviewed", clause="第九条（三）")  # fmt: skip
    def review_proposal(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("reviewed", actor, at)

    @move(source=ProposalState.REVIEWED, target=ProposalState.AGREED, ground=G.PROPOSAL,
          permission=holder_of(Role.FINANCE_LEAD, other_than=("drafted_by", "checked_by", "reviewed_by")),
          label="商定资金方案", event="proposal.agreed", clause="第九条（三）")  # fmt: skip
    def agree(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("agreed", actor, at)

    @move(source=[ProposalState.CHECKED, ProposalState.REVIEWED, ProposalState.AGREED], target=ProposalState.DRAFTED,
          ground=G.DECISION, permission=bureau_or_finance, label="退回修改方案", event="proposal.sent_back")  # fmt: skip
    def send_back_proposal(self, *, ground: Any, actor: Any, at: datetime) -> None:
        for step in ("checked", "reviewed", "agreed"):
            setattr(self, f"{step}_by", None)
            setattr(self, f"{step}_at", None)

    @move(source=ProposalState.AGREED, target=ProposalState.APPROVED, ground=G.APPROVAL,
          permission=holder_of(Role.GOVERNMENT_OFFICE), label="记录市政府批复", event="proposal.approved",
          clause="第九条（三）")  # fmt: skip
    def record_approval(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("approved", actor, at)

    @move(source=[ProposalState.DRAFTED, ProposalState.AGREED], target=ProposalState.CANCELLED, ground=G.DECISION,
          permission=holder_of(Role.BUREAU_LEAD), label="作废资金方案", event="proposal.cancelled")  # fmt: skip
    def cancel_proposal(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Its projects may stand in another proposal."""


# --- agreement (任务书) ----------------------------------------------------------------------------------------------


class AgreementWorkflow(TakenOverAgreement, Toned):
    """Drawn from the approved data, signed by both sides within the set time (第九条三)."""

    state = StateField(
        "状态", choices=AgreementState.choices, default=AgreementState.DRAWN, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=AgreementState.DRAWN, target=AgreementState.HALF_SIGNED, ground=G.AGREEMENT, permission=either_side,
          conditions=SIGNED_WHEN, label="签署任务书", event="agreement.signed_by_one", clause="第九条（三）")  # fmt: skip
    def sign_first(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self._put_signature(actor, at)

    @move(source=AgreementState.HALF_SIGNED, target=AgreementState.IN_FORCE, ground=G.AGREEMENT,
          permission=either_side, conditions=SIGNED_WHEN, label="签署任务书，生效", event="agreement.in_force",
          clause="第九条（三）")  # fmt: skip
    def sign_second(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self._put_signature(actor, at)

    @move(source=[AgreementState.DRAWN, AgreementState.HALF_SIGNED], target=AgreementState.LAPSED,
          ground=G.CLOCK_RECORD, permission=system_only, label="逾期未签，失效", event="agreement.lapsed",
          clause="第九条（三）")  # fmt: skip
    def lapse_agreement(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """The award lapses with it."""

    @move(source=[AgreementState.DRAWN, AgreementState.HALF_SIGNED, AgreementState.IN_FORCE],
          target=AgreementState.ENDED, ground=(G.DECISION, G.SETTLEMENT), permission=holder_of(Role.BUREAU_LEAD),
          label="终止任务书", event="agreement.ended")  # fmt: skip
    def end_agreement(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """With the project's termination, failure or revocation; unsigned, with its settlement."""

    def _put_signature(self, actor: Any, at: datetime) -> None:
        side = "bureau" if has_role(actor, Role.BUREAU_LEAD) else "enterprise"
        setattr(self, f"{side}_signed_by", as_user(actor))
        setattr(self, f"{side}_signed_at", at)


# --- instalment, batch, payment (分批拨付) ----------------------------------------------------------------------------


class InstalmentWorkflow(Toned):
    """One part of the award, payable when its condition is met (第十二条)."""

    state = StateField(
        "状态", choices=InstalmentState.choices, default=InstalmentState.PLANNED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=InstalmentState.PLANNED, target=InstalmentState.IN_PAYMENT, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(Role.BUREAU_OFFICER), label="列入拨付批次", event="instalment.put_in_batch",
          clause="第十二条")  # fmt: skip
    def put_in_batch(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Its lines become payments of the batch."""

    @move(source=InstalmentState.IN_PAYMENT, target=InstalmentState.PAID, ground=G.BANK_RECEIPT,
          permission=holder_of(*BUREAU_ROLES), label="分批款付讫", event="instalment.paid", clause="第十二条")  # fmt: skip
    def settle_instalment(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.paid_at = at

    @move(source=[InstalmentState.IN_PAYMENT, InstalmentState.PAID], target=InstalmentState.PLANNED,
          ground=(G.BANK_RECEIPT, G.DECISION), permission=bureau_or_finance, label="退回待拨付",
          event="instalment.back_to_plan")  # fmt: skip
    def back_to_plan(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.paid_at = None

    @move(source=InstalmentState.PLANNED, target=InstalmentState.CANCELLED,
          ground=(G.DECISION, G.SETTLEMENT, G.CLOCK_RECORD, G.BANK_RECEIPT), permission=system_or_bureau_lead,
          label="不再拨付", event="instalment.cancelled", clause="第十二条")  # fmt: skip
    def cancel_instalment(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Termination, revocation, lapse, or a settlement that leaves nothing to pay."""


class BatchWorkflow(Stepped):
    """市工信局编制 → 复核 → 市财政局审核 → 放行 → 市工信局送银行 → 完成 (第十二条)."""

    state = StateField("状态", choices=BatchState.choices, default=BatchState.PREPARED, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=BatchState.PREPARED, target=BatchState.CHECKED, ground=G.PAYMENT_APPLICATION,
          conditions=[has_payments], permission=holder_of(Role.BUREAU_LEAD, other_than=("prepared_by",)),
          label="复核批次", event="batch.checked", clause="第十二条")  # fmt: skip
    def check_batch(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("checked", actor, at)

    @move(source=BatchState.CHECKED, target=BatchState.REVIEWED, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(Role.FINANCE_OFFICER, other_than=("prepared_by", "checked_by")), label="审核批次",
          event="batch.reviewed", clause="第十二条")  # fmt: skip
    def review_batch(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("reviewed", actor, at)

    @move(source=BatchState.REVIEWED, target=BatchState.RELEASED, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(Role.FINANCE_LEAD, other_than=("prepared_by", "checked_by", "reviewed_by")),
          conditions=[has_payments], label="放行批次", event="batch.released", clause="第十二条")  # fmt: skip
    def release(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("released", actor, at)

    @move(source=BatchState.RELEASED, target=BatchState.SENT, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(*BUREAU_ROLES), label="送银行", event="batch.sent", clause="第十二条")  # fmt: skip
    def send_to_bank(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("sent", actor, at)

    @move(source=BatchState.SENT, target=BatchState.COMPLETED, ground=G.BANK_RECEIPT, conditions=[all_results_in],
          permission=holder_of(*BUREAU_ROLES), label="结果记录完毕", event="batch.completed")  # fmt: skip
    def complete(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.completed_at = at

    @move(source=[BatchState.PREPARED, BatchState.CHECKED, BatchState.REVIEWED, BatchState.RELEASED],
          target=BatchState.CANCELLED, ground=G.DECISION, permission=bureau_or_finance, label="退回作废批次",
          event="batch.cancelled")  # fmt: skip
    def cancel_batch(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Its instalments go back to the plan."""


class PaymentWorkflow(Toned):
    """One transfer: one instalment's line on one pool, to one account (第十二条 直接拨付企业)."""

    state = StateField(
        "状态", choices=PaymentState.choices, default=PaymentState.PREPARED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=PaymentState.PREPARED, target=PaymentState.SENT, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(*BUREAU_ROLES), label="送银行", event="payment.sent", clause="第十二条")  # fmt: skip
    def send(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """With its batch."""

    @move(source=PaymentState.SENT, target=PaymentState.PAID, ground=G.BANK_RECEIPT,
          permission=holder_of(*BUREAU_ROLES), label="拨付到账", event="payment.paid", clause="第十二条")  # fmt: skip
    def confirm_paid(self, *, ground: Any, actor: Any, at: datetime, receipt_number: str) -> None:
        self.receipt_number, self.paid_at = receipt_number, at

    @move(source=PaymentState.SENT, target=PaymentState.FAILED, ground=G.BANK_RECEIPT,
          permission=holder_of(*BUREAU_ROLES), label="支付失败", event="payment.failed")  # fmt: skip
    def fail_payment(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason

    @move(source=PaymentState.PAID, target=PaymentState.RETURNED, ground=G.BANK_RECEIPT,
          permission=holder_of(*BUREAU_ROLES), label="银行退票", event="payment.returned")  # fmt: skip
    def return_payment(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason

    @move(source=PaymentState.PREPARED, target=PaymentState.CANCELLED, ground=G.DECISION,
          permission=bureau_or_finance, label="取消拨付", event="payment.cancelled")  # fmt: skip
    def cancel_payment(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Its batch was cancelled, or the project was stopped before the bank had it."""
