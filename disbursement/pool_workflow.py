"""The law of what pools take in and give out beside payments to projects: budget, other spending, later allocation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.models.grounds import GroundKind as G
from core.models.people import FINANCE_ROLES, Role
from core.workflow import StateField, because, move
from disbursement.states import EntryState, SpendingState, SupplementState, TakeOverState
from disbursement.workflow import Stepped, bureau_or_finance, holder_of


@because("补充安排中还没有项目。")
def has_parts(supplement: Any) -> bool:
    return supplement.items.exists()


# --- budget and receipts (第二、三条) -----------------------------------------------------------------------------------


class BudgetEntryWorkflow(Stepped):
    """市财政局一人登记、另一人复核后入账 (第十六条)."""

    state = StateField("状态", choices=EntryState.choices, default=EntryState.ENTERED, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=EntryState.ENTERED, target=EntryState.CONFIRMED, ground=G.BUDGET_DOCUMENT,
          permission=holder_of(*FINANCE_ROLES, other_than=("entered_by",)), label="复核入账",
          event="budget_entry.confirmed", clause="第三条（三）")  # fmt: skip
    def confirm_entry(self, *, ground: Any, actor: Any, at: datetime, line: Any) -> None:
        self.line = line
        self.stamp("confirmed", actor, at)

    @move(source=EntryState.ENTERED, target=EntryState.REFUSED, ground=G.DECISION,
          permission=holder_of(*FINANCE_ROLES), label="退回登记", event="budget_entry.refused")  # fmt: skip
    def refuse_entry(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason


# --- spending that is no project (第五条、第七条（二）6) -----------------------------------------------------------------


class SpendingWorkflow(Stepped):
    """经办登记 → 市财政局负责人复核列支 → 支付 → (退回) (第五条)."""

    state = StateField(
        "状态", choices=SpendingState.choices, default=SpendingState.ENTERED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=SpendingState.ENTERED, target=SpendingState.COMMITTED, ground=G.PAYMENT_APPLICATION,
          permission=holder_of(Role.FINANCE_LEAD, other_than=("entered_by",)), label="复核列支",
          event="spending.committed", clause="第五条")  # fmt: skip
    def confirm_spending(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("confirmed", actor, at)

    @move(source=SpendingState.COMMITTED, target=SpendingState.PAID, ground=G.BANK_RECEIPT,
          permission=holder_of(Role.BUREAU_OFFICER, Role.FINANCE_OFFICER, other_than=("confirmed_by",)),
          label="登记支付", event="spending.paid", clause="第五条")  # fmt: skip
    def pay_spending(self, *, ground: Any, actor: Any, at: datetime, receipt_number: str) -> None:
        self.receipt_number = receipt_number
        self.stamp("paid", actor, at)

    @move(source=SpendingState.PAID, target=SpendingState.RETURNED, ground=G.BANK_RECEIPT,
          permission=holder_of(Role.BUREAU_OFFICER, Role.FINANCE_OFFICER, other_than=("confirmed_by",)),
          label="登记退回", event="spending.returned")  # fmt: skip
    def return_spending(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason, self.returned_at = reason, at

    @move(source=[SpendingState.ENTERED, SpendingState.COMMITTED], target=SpendingState.CANCELLED, ground=G.DECISION,
          permission=holder_of(*FINANCE_ROLES), label="撤销支出", event="spending.cancelled")  # fmt: skip
    def cancel_spending(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason


# --- 一事一议 (第七条（三）1) ---------------------------------------------------------------------------------------------


class SpecialDecisionWorkflow(Stepped):
    """市工信局一人登记决定文件、负责人复核后作为支持上限；其后与其他项目走同样的环节 (第七条（三）1)."""

    state = StateField("状态", choices=EntryState.choices, default=EntryState.ENTERED, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=EntryState.ENTERED, target=EntryState.CONFIRMED, ground=G.DECISION,
          permission=holder_of(Role.BUREAU_LEAD, other_than=("entered_by",)), label="复核一事一议决定",
          event="special_decision.confirmed", clause="第七条（三）")  # fmt: skip
    def confirm_decision(self, *, ground: Any, actor: Any, at: datetime, determination: Any) -> None:
        self.determination = determination
        self.stamp("confirmed", actor, at)

    @move(source=EntryState.ENTERED, target=EntryState.REFUSED, ground=G.DECISION,
          permission=holder_of(Role.BUREAU_LEAD), label="退回登记", event="special_decision.refused")  # fmt: skip
    def refuse_decision(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason


# --- running projects of earlier years ---------------------------------------------------------------------------------


class TakeOverWorkflow(Stepped):
    """市工信局经办导入 → 负责人复核 → 市财政局负责人确认: the confirmed sheet stands for the earlier grounds."""

    state = StateField(
        "状态", choices=TakeOverState.choices, default=TakeOverState.IMPORTED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=TakeOverState.IMPORTED, target=TakeOverState.CHECKED, ground=G.TAKE_OVER_SHEET,
          permission=holder_of(Role.BUREAU_LEAD, other_than=("imported_by",)), label="复核接续清单",
          event="take_over.checked")  # fmt: skip
    def check_take_over(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("checked", actor, at)

    @move(source=TakeOverState.CHECKED, target=TakeOverState.CONFIRMED, ground=G.TAKE_OVER_SHEET,
          permission=holder_of(Role.FINANCE_LEAD, other_than=("imported_by", "checked_by")), label="确认接续清单",
          event="take_over.confirmed")  # fmt: skip
    def confirm_take_over(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("confirmed", actor, at)

    @move(source=[TakeOverState.IMPORTED, TakeOverState.CHECKED], target=TakeOverState.DISCARDED, ground=G.DECISION,
          permission=bureau_or_finance, label="作废接续清单", event="take_over.discarded")  # fmt: skip
    def discard_take_over(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason


# --- later allocation under the same approval (第七条（一）、第九条（三）) ---------------------------------------------------


class SupplementWorkflow(Stepped):
    """市工信局拟定 → 复核 → 市财政局审核 → 商定: what was 待安排 gets its money; the award stays as the city approved it."""

    state = StateField(
        "状态", choices=SupplementState.choices, default=SupplementState.DRAFTED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=SupplementState.DRAFTED, target=SupplementState.CHECKED, ground=G.PROPOSAL, conditions=[has_parts],
          permission=holder_of(Role.BUREAU_LEAD, other_than=("drafted_by",)), label="复核补充安排",
          event="supplement.checked", clause="第七条（一）")  # fmt: skip
    def check_supplement(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("checked", actor, at)

    @move(source=SupplementState.CHECKED, target=SupplementState.REVIEWED, ground=G.PROPOSAL,
          permission=holder_of(Role.FINANCE_OFFICER, other_than=("drafted_by", "checked_by")), label="审核补充安排",
          event="supplement.reviewed", clause="第七条（一）")  # fmt: skip
    def review_supplement(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("reviewed", actor, at)

    @move(source=SupplementState.REVIEWED, target=SupplementState.AGREED, ground=G.PROPOSAL,
          permission=holder_of(Role.FINANCE_LEAD, other_than=("drafted_by", "checked_by", "reviewed_by")),
          label="商定补充安排", event="supplement.agreed", clause="第七条（一）")  # fmt: skip
    def agree_supplement(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("agreed", actor, at)

    @move(source=[SupplementState.DRAFTED, SupplementState.CHECKED, SupplementState.REVIEWED],
          target=SupplementState.CANCELLED, ground=G.DECISION, permission=bureau_or_finance, label="作废补充安排",
          event="supplement.cancelled")  # fmt: skip
    def cancel_supplement(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason
