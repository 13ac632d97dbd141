"""Tables and chains of hands as the money pages show them, put together from rows already read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core import moves
from core.models import FINANCE_ROLES
from core.money import ZERO
from core.people import has_role
from core.templatetags.text_tags import cn_day_time
from disbursement.models import Payment, PaymentBatch, Pool, Proposal, ProposalItem
from disbursement.states import HearingState, PaymentState

Parts = list[Decimal | None]


@dataclass
class Row:
    """One line of a table with a column per pool: the thing, its parts, their sum."""

    thing: Any
    parts: Parts
    total: Decimal
    rest: Decimal = ZERO
    payments: list[Payment] = field(default_factory=list)
    account: str = ""
    problems: list[str] = field(default_factory=list)
    named: list[tuple[str, Decimal | None]] = field(default_factory=list)

    @property
    def is_checked(self) -> bool:
        """Nothing speaks against payments that are still to be released or sent."""
        return not self.problems and any(payment.state == PaymentState.PREPARED for payment in self.payments)


@dataclass
class Table:
    """Rows with a column per pool, and the sums under them."""

    pools: list[Pool]
    rows: list[Row]

    def named(self, parts: Parts) -> list[tuple[str, Decimal | None]]:
        """Parts with the short names of their pools: 中央 2026."""
        return [
            (f"{pool.get_source_display()} {pool.year}", part) for pool, part in zip(self.pools, parts, strict=True)
        ]

    @property
    def named_sums(self) -> list[tuple[str, Decimal | None]]:
        return self.named(self.sums)

    @property
    def sums(self) -> Parts:
        return [sum((row.parts[n] or ZERO for row in self.rows), ZERO) for n in range(len(self.pools))]

    @property
    def total(self) -> Decimal:
        return sum((row.total for row in self.rows), ZERO)

    @property
    def rest(self) -> Decimal:
        return sum((row.rest for row in self.rows), ZERO)


def proposal_table(items: Iterable[ProposalItem], pools: Sequence[Pool]) -> Table:
    """The items of a proposal over the pools that bear them; `rest` is 待安排."""
    rows = []
    for item in items:
        by_pool = {split.pool_id: split.amount for split in item.splits.all()}
        parts = [by_pool.get(pool.pk) for pool in pools]
        rows.append(Row(item, parts, item.award, item.award - sum(by_pool.values(), ZERO)))
    return _narrowed(Table(list(pools), rows))


def batch_table(payments: Iterable[Payment], findings: dict[int, list[str]], user: Any) -> Table:
    """The payments of a batch, an instalment a row. Account numbers are whole for finance, masked for others."""
    payments = list(payments)
    pools = sorted({payment.pool for payment in payments}, key=lambda pool: (not pool.is_central, pool.pk))
    by_instalment: dict[int, list[Payment]] = {}
    for payment in payments:
        by_instalment.setdefault(payment.line.instalment_id, []).append(payment)
    rows = []
    for key, group in by_instalment.items():
        by_pool = {payment.pool_id: payment.amount for payment in group}
        parts = [by_pool.get(pool.pk) for pool in pools]
        total = sum((payment.amount for payment in group), ZERO)
        shown = account_shown(group[0].account_number, user)
        rows.append(Row(group[0].line.instalment, parts, total, ZERO, group, shown, findings.get(key, [])))
    return _named(Table(pools, rows))


def account_shown(number: str, user: Any) -> str:
    """The account number, whole for finance, first four and last four for others."""
    return number if has_role(user, *FINANCE_ROLES) else f"{number[:4]}****{number[-4:]}"


def _narrowed(table: Table) -> Table:
    """Without the columns of pools that bear nothing."""
    used = [n for n, total in enumerate(table.sums) if total]
    for row in table.rows:
        row.parts = [row.parts[n] for n in used]
    table.pools = [table.pools[n] for n in used]
    return _named(table)


def _named(table: Table) -> Table:
    for row in table.rows:
        row.named = table.named(row.parts)
    return table


# --- hands ------------------------------------------------------------------------------------------------------------

PROPOSAL_HANDS = (
    ("拟定", "市工信局", "drafted", ""),
    ("复核", "市工信局", "checked", "check_proposal"),
    ("审核", "市财政局", "reviewed", "review_proposal"),
    ("商定", "市财政局", "agreed", "agree"),
    ("审定", "市政府", "approved", "record_approval"),
)
BATCH_HANDS = (
    ("编制", "市工信局", "prepared", ""),
    ("复核", "市工信局", "checked", "check_batch"),
    ("财政审核", "市财政局", "reviewed", "review_batch"),
    ("财政放行", "市财政局", "released", "release"),
    ("市工信局拨付", "市工信局", "sent", "send_to_bank"),
)


def proposal_flow(found: Proposal, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the proposal, who has it now."""
    return _flow(PROPOSAL_HANDS, found, user, at)


SPENDING_HANDS = (
    ("登记", "经办", "entered", ""),
    ("复核列支", "市财政局", "confirmed", "confirm_spending"),
    ("支付", "经办", "paid", "pay_spending"),
)
SUPPLEMENT_HANDS = (
    ("拟定", "市工信局", "drafted", ""),
    ("复核", "市工信局", "checked", "check_supplement"),
    ("审核", "市财政局", "reviewed", "review_supplement"),
    ("商定", "市财政局", "agreed", "agree_supplement"),
)


TAKE_OVER_HANDS = (
    ("导入", "市工信局", "imported", ""),
    ("复核", "市工信局", "checked", "check_take_over"),
    ("确认", "市财政局", "confirmed", "confirm_take_over"),
)


def take_over_flow(found: Any, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the sheet, who has it now."""
    return _flow(TAKE_OVER_HANDS, found, user, at)


def spending_flow(found: Any, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the spending, who has it now."""
    return _flow(SPENDING_HANDS, found, user, at)


def supplement_flow(found: Any, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the later allocation, who has it now."""
    return _flow(SUPPLEMENT_HANDS, found, user, at)


HEARING_HANDS = (
    ("告知", "市工信局", "notified", ""),
    ("陈述申辩", "企业", "answered", "answer_notice"),
    ("复核", "市工信局", "weighed", "weigh"),
    ("签发", "市工信局", "closed", "sign_decision"),
)
HEARING_ENDS = {HearingState.WITHDRAWN: "撤回告知", HearingState.DROPPED: "不作决定"}


def hearing_flow(found: Any, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the intended decision, who has it now, how it ended; an unanswered one skips the weighing."""
    stages = _flow(HEARING_HANDS, found, user, at)
    if found.went_unanswered:
        stages[1] |= {"note": "期限内没有陈述", "state": "done"}
        stages[2] |= {"note": "不需要", "state": "done"}
    stages[3]["label"] = HEARING_ENDS.get(found.state, stages[3]["label"])
    return stages


def batch_flow(found: PaymentBatch, user: Any, at: datetime) -> list[dict[str, str]]:
    """Who had the batch, who has it now, and the bank's answers at the end."""
    stages = _flow(BATCH_HANDS, found, user, at)
    last = {"label": "回单与入账", "who": "逐笔核对", "state": "todo"}
    if found.completed_at:
        last |= {"state": "done", "when": cn_day_time(found.completed_at)}
    elif found.sent_at:
        last |= {"state": "now"}
    return [*stages, last]


def _flow(hands: Sequence[tuple[str, str, str, str]], found: Any, user: Any, at: datetime) -> list[dict[str, str]]:
    stages: list[dict[str, str]] = []
    for label, office, step, move in hands:
        when, who = getattr(found, f"{step}_at"), getattr(found, f"{step}_by")
        if when:
            stages.append({"label": label, "who": f"{office} {who}", "when": cn_day_time(when), "state": "done"})
            continue
        turn = _turn(found, move, user, at)
        note = {"yours": "等您办理", "theirs": "等待办理"}.get(turn, "")
        stages.append({"label": label, "who": office, "note": note, "state": "now" if turn else "todo"})
    return stages


def _turn(found: Any, move: str, user: Any, at: datetime) -> str:
    """Whether the machine would take this move now: "yours", "theirs", or "" when it would not."""
    try:
        moves.require(found, move, user, at=at, conditions=False)
    except moves.Overtaken:
        return ""
    except moves.NotYours:
        return "theirs"
    return "yours"
