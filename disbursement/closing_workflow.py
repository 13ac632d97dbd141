"""The law of the end: acceptance by a third party, and money demanded back (第十一至十四条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from applications.workflow import nothing_is_announced
from core.models.grounds import GroundKind as G
from core.models.people import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import as_user, has_role
from core.workflow import StateField, because, move
from disbursement.states import AcceptanceState, RecoveryState
from disbursement.workflow import Toned, holder_of


@because("须由受委托的第三方机构办理（第十一条）。")
def assigned_assessor(acceptance: Any, actor: Any) -> bool:
    return has_role(actor, Role.ASSESSOR) and actor.organisation_id == acceptance.assessor_id


@because("应收款项还没有收齐。")
def recovered_in_full(recovery: Any) -> bool:
    return recovery.recovered == recovery.demanded


@because("退回期限还没有过。")
def overdue(recovery: Any) -> bool:
    return recovery.due_on is not None and timezone.localdate(recovery.now) > recovery.due_on


@because(nothing_is_announced.because)
def is_not_being_heard(acceptance: Any) -> bool:
    return nothing_is_announced(acceptance.project)


class AcceptanceWorkflow(Toned):
    """A third party assesses and reports; the bureau concludes (第十一条)."""

    state = StateField(
        "状态", choices=AcceptanceState.choices, default=AcceptanceState.REQUESTED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=[AcceptanceState.REQUESTED, AcceptanceState.ASSIGNED], target=AcceptanceState.ASSIGNED,
          ground=G.DECISION, permission=holder_of(*BUREAU_ROLES), label="委托第三方评估", event="acceptance.assigned",
          clause="第十一条")  # fmt: skip
    def assign(self, *, ground: Any, actor: Any, at: datetime, assessor: Any) -> None:
        self.assessor = assessor

    @move(source=AcceptanceState.ASSIGNED, target=AcceptanceState.REPORTED, ground=G.ACCEPTANCE_REPORT,
          permission=assigned_assessor, label="出具评估报告", event="acceptance.reported", clause="第十一条")  # fmt: skip
    def report(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.reported_at, self.reported_by = at, as_user(actor)

    @move(source=AcceptanceState.REPORTED, target=AcceptanceState.PASSED, ground=G.ACCEPTANCE_REPORT,
          conditions=[is_not_being_heard], permission=holder_of(Role.BUREAU_LEAD), label="验收通过",
          event="acceptance.passed", clause="第十一条")  # fmt: skip
    def pass_acceptance(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.concluded_at, self.concluded_by = at, as_user(actor)

    @move(source=AcceptanceState.REPORTED, target=AcceptanceState.RECTIFYING, ground=G.RECTIFICATION_NOTICE,
          conditions=[is_not_being_heard], permission=holder_of(Role.BUREAU_LEAD), label="要求整改",
          event="acceptance.rectification_required", clause="第十一条")  # fmt: skip
    def demand_rectification(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.concluded_at, self.concluded_by = at, as_user(actor)

    @move(source=[AcceptanceState.REPORTED, AcceptanceState.RECTIFYING], target=AcceptanceState.FAILED,
          ground=G.DECISION, permission=holder_of(Role.BUREAU_LEAD), label="验收不通过", event="acceptance.failed",
          clause="第十一条")  # fmt: skip
    def fail_acceptance(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.concluded_at, self.concluded_by = at, as_user(actor)

    @move(source=AcceptanceState.PASSED, target=AcceptanceState.ASSIGNED, ground=G.HEARING_RECORD,
          permission=holder_of(Role.BUREAU_LEAD), label="退回第三方复核审定投资", event="acceptance.sent_back",
          clause="第十一条")  # fmt: skip
    def reassess(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """The enterprise was right about the audited investment: the third party reports again."""
        self.concluded_at = self.concluded_by = None


class RecoveryWorkflow(Toned):
    """Money demanded back: raised by a settlement, failure, termination or revocation (第十二、十三条)."""

    state = StateField(
        "状态", choices=RecoveryState.choices, default=RecoveryState.RAISED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=RecoveryState.RAISED, target=RecoveryState.DEMANDED, ground=G.RECOVERY_NOTICE,
          permission=holder_of(Role.BUREAU_LEAD), label="发出追回通知", event="recovery.demanded",
          clause="第十三条")  # fmt: skip
    def demand(self, *, ground: Any, actor: Any, at: datetime, number: str, due_on: Any, pay_to: str) -> None:
        self.number, self.due_on, self.pay_to, self.demanded_at = number, due_on, pay_to, at

    @move(source=[RecoveryState.DEMANDED, RecoveryState.REFERRED], target=RecoveryState.COMPLETE, ground=G.BANK_RECEIPT,
          conditions=[recovered_in_full], permission=holder_of(*FINANCE_ROLES), label="款项收齐",
          event="recovery.complete", clause="第十三条")  # fmt: skip
    def complete_recovery(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.completed_at = at

    @move(source=RecoveryState.DEMANDED, target=RecoveryState.REFERRED, ground=G.DECISION,
          conditions=[overdue], permission=holder_of(Role.BUREAU_LEAD), label="逾期移送",
          event="recovery.referred", clause="第十四条")  # fmt: skip
    def refer(self, *, ground: Any, actor: Any, at: datetime, to: str) -> None:
        """Handed on by law; receipts may still come."""
        self.referral, self.referred_to = ground, to
