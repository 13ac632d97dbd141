"""A payment batch from its preparation to the bank: 市工信局 prepares, checks and pays; 市财政局 reviews, releases (第十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, jobs, moves, notices
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from disbursement import funds
from disbursement.letters import granting as letters
from disbursement.models import Instalment, InstalmentLine, Payment, PaymentBatch
from disbursement.queries.payments import (
    account_changed,
    accounts_in_use,
    checked_for_payment,
    kept_back_by,
    unpaid_lines,
)
from disbursement.services.refusal import Refused
from disbursement.states import InstalmentState, PaymentState

if TYPE_CHECKING:
    from core.people import Actor

TRIES_FOR_A_NUMBER = 5


def prepare_batch(instalments: Iterable[Instalment], *, actor: Actor, at: datetime) -> PaymentBatch:
    """Put payable instalments into a new batch, a payment for each of their unpaid lines, with the account as it is now.

    Sets the money aside in the pools. Raises Refused for an instalment that cannot be paid, PoolShort where central
    money has not come, Overtaken where another batch was faster.
    """
    keys = sorted({instalment.pk for instalment in instalments})
    if not keys:
        raise Refused("请至少选择一笔可拨付的款项。", "instalments")
    with transaction.atomic():
        wanted = InstalmentLine.objects.filter(instalment__in=keys, amount__gt=0)
        funds.lock_pools(wanted.values_list("award_line__pool", flat=True))
        rows = _payable(keys, at)
        lines = list(
            unpaid_lines()
            .filter(instalment__in=keys)
            .select_related("award_line__pool", "award_line__award__project__enterprise", "instalment")
            .order_by("instalment", "pk")
        )
        ground = _application(lines, "拨付申请", actor, at)
        batch = _numbered(ground, actor, at)
        moves.perform_many(rows, "put_in_batch", actor=actor, at=at, ground=ground, summary=f"拨付批次 {batch.number}")
        payments = _payments(batch, lines, at)
        funds.reserve(payments, actor=actor, at=at, ground=ground)
        summary = _said(payments)
        audit.record(batch, "batch.prepared", actor=actor, at=at, label="编制拨付批次", ground=ground, summary=summary)
        notices.send(letters.batch_waits(batch, Role.BUREAU_LEAD), at=at)
    return batch


def check_batch(batch: PaymentBatch, *, actor: Actor, at: datetime, seen_version: int | None = None) -> PaymentBatch:
    """市工信局 checks: another person than the one who prepared it."""
    return _step(batch, "check_batch", (Role.FINANCE_OFFICER,), actor, at, seen_version)


def review_batch(batch: PaymentBatch, *, actor: Actor, at: datetime, seen_version: int | None = None) -> PaymentBatch:
    """市财政局 reviews."""
    return _step(batch, "review_batch", (Role.FINANCE_LEAD,), actor, at, seen_version)


def release(batch: PaymentBatch, *, actor: Actor, at: datetime, seen_version: int | None = None) -> PaymentBatch:
    """市财政局 releases, after holds, 失信 register and accounts were looked at once more. Raises Refused."""
    return _step(batch, "release", (Role.BUREAU_OFFICER,), actor, at, seen_version)


def send_to_bank(batch: PaymentBatch, *, actor: Actor, at: datetime, seen_version: int | None = None) -> PaymentBatch:
    """市工信局 pays: every payment is with the bank now; the bank file follows by job. Raises Refused as release does."""
    with transaction.atomic():
        fresh = _step(batch, "send_to_bank", (), actor, at, seen_version)
        payments = _prepared(fresh)
        ground = fresh.ground
        moves.perform_many(payments, "send", actor=actor, at=at, ground=ground, summary=f"拨付批次 {fresh.number}")
        jobs.enqueue(
            "batch.bank_file", by=actor, at=at, key=str(fresh.pk), title=f"银行文件 {fresh.number}",
            facts={"batch": fresh.pk},
        )  # fmt: skip
    return fresh


def take_out(batch: PaymentBatch, instalment: Instalment, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take one instalment out of a batch that is not with the bank yet; it goes back to the plan."""
    with transaction.atomic():
        batch = _locked(batch)
        payments = _prepared(batch, line__instalment=instalment)
        if not payments:
            raise Refused("这笔款项不在本批次中，或已送银行。")
        ground = _decision(batch, "移出拨付批次", reason, actor, at)
        _undo(payments, actor, at, ground, reason)
        summary = f"{_said(payments)}：{reason}"
        audit.record(batch, "batch.reduced", actor=actor, at=at, label="移出款项", ground=ground, summary=summary)


def pull_payments(payments: Sequence[Payment], *, ground: Ground, actor: Actor, at: datetime, reason: str) -> None:
    """Cancel prepared payments wherever they stand, e.g. because their project was stopped; instalments are planned again.

    The caller holds the transaction, and has locked the pools. `ground` is a decision.
    """
    _undo(payments, actor, at, ground, reason)


def cancel_batch(batch: PaymentBatch, reason: str, *, actor: Actor, at: datetime) -> PaymentBatch:
    """Give the batch up before the bank has it: the money is free again, its instalments are payable again."""
    with transaction.atomic():
        batch = _locked(batch)
        moves.require(batch, "cancel_batch", actor, at=at)
        ground = _decision(batch, "作废拨付批次", reason, actor, at)
        told = letters.batch_cancelled(batch, reason)
        fresh = moves.perform(batch, "cancel_batch", actor=actor, at=at, ground=ground, letters=told, summary=reason)
        _undo(_prepared(fresh), actor, at, ground, reason)
    return fresh


# --- how it is done -------------------------------------------------------------------------------------------------


def _payable(keys: list[int], at: datetime) -> list[Instalment]:
    """The instalments, every one met and free to be paid. Raises Refused, naming those that are not."""
    rows = list(
        checked_for_payment(Instalment.objects.filter(pk__in=keys), at).select_related("award__project").order_by("pk")
    )
    for row in rows:
        reasons = kept_back_by(row)
        if row.met_at is None:
            reasons.append("拨付条件尚未成就")
        if reasons:
            raise Refused(f"{row.award.project}：{'；'.join(reasons)}，不能列入批次。", "instalments")
    return rows


def _application(lines: Sequence[InstalmentLine], title: str, actor: Actor, at: datetime) -> Ground:
    facts = {
        "lines": [{"line": line.pk, "amount": str(line.amount)} for line in lines],
        "total": str(sum((line.amount for line in lines), ZERO)),
    }
    return Ground.issue(kind=GroundKind.PAYMENT_APPLICATION, title=title, by=actor, at=at, facts=facts)


def _numbered(ground: Ground, actor: Actor, at: datetime) -> PaymentBatch:
    """A new batch under the year's next number; where another one took it meanwhile, the one after."""
    year = timezone.localtime(at).year
    for _ in range(TRIES_FOR_A_NUMBER):
        last = PaymentBatch.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
        serial = int(last.number.partition("-")[2]) + 1 if last else 1
        try:
            with transaction.atomic():
                return PaymentBatch.objects.create(
                    number=f"{year}-{serial:03d}", prepared_at=at, prepared_by=actor, state_since=at, ground=ground
                )
        except IntegrityError:
            continue
    raise Refused("有多人同时在编制批次，请稍后再试。")


def _payments(batch: PaymentBatch, lines: Sequence[InstalmentLine], at: datetime) -> list[Payment]:
    accounts = accounts_in_use({line.award_line.award.project.enterprise_id for line in lines})
    made = []
    for line in lines:
        project = line.award_line.award.project
        account = accounts[project.enterprise_id]
        made.append(
            Payment(
                batch=batch, line=line, project=project, pool=line.award_line.pool, amount=line.amount, account=account,
                account_holder=account.holder, account_bank=account.bank, account_cnaps=account.cnaps,
                account_number=account.number, state_since=at,
            )
        )  # fmt: skip
    return Payment.objects.bulk_create(made, batch_size=500)


def _step(
    batch: PaymentBatch, move: str, next_roles: tuple[str, ...], actor: Actor, at: datetime, seen_version: int | None
) -> PaymentBatch:
    """One signature in the chain. The two that let money go look at holds, register and accounts once more."""
    with transaction.atomic():
        fresh = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        moves.require(fresh, move, actor, at=at)
        payments = _prepared(fresh)
        if move in ("release", "send_to_bank"):
            _refuse_unpayable(fresh, payments, at)
        ground = _application([payment.line for payment in payments], f"拨付批次 {fresh.number}", actor, at)
        told = letters.batch_waits(fresh, *next_roles) if next_roles else ()
        return moves.perform(
            fresh, move, actor=actor, at=at, ground=ground, letters=told, summary=_said(payments),
            seen_version=seen_version,
        )  # fmt: skip


def _refuse_unpayable(batch: PaymentBatch, payments: Sequence[Payment], at: datetime) -> None:
    if not payments:
        raise Refused("批次中已没有款项，请作废批次。")
    inside = Instalment.objects.filter(pk__in={payment.line.instalment_id for payment in payments})
    problems = [
        f"{row.award.project}：{'；'.join(kept_back_by(row))}"
        for row in checked_for_payment(inside, at).select_related("award__project")
        if kept_back_by(row)
    ]
    problems += [f"{p.project}：收款账户已变更" for p in account_changed(batch).select_related("project")]
    if problems:
        raise Refused(f"付前核对有 {len(problems)} 项没有通过，请先移出：{'；'.join(problems)}。")


def _prepared(batch: PaymentBatch, **only: object) -> list[Payment]:
    """The batch's payments that are not with the bank yet, with what booking them needs."""
    rows = batch.payments.filter(state=PaymentState.PREPARED, **only)
    return list(rows.select_related("line__award_line__award", "line__instalment", "project", "pool").order_by("pk"))


def _locked(batch: PaymentBatch) -> PaymentBatch:
    """The batch, locked after its pools: the one order of locks."""
    funds.lock_pools(batch.payments.values_list("pool_id", flat=True))
    return PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _undo(payments: Sequence[Payment], actor: Actor, at: datetime, ground: Ground, reason: str) -> None:
    if not payments:
        return
    by = {"actor": actor, "at": at, "ground": ground}
    instalments = {payment.line.instalment_id: payment.line.instalment for payment in payments}
    moves.perform_many(payments, "cancel_payment", summary=reason, **by)
    funds.unreserve(payments, **by)
    in_payment = [one for one in instalments.values() if one.state == InstalmentState.IN_PAYMENT]
    moves.perform_many(in_payment, "back_to_plan", summary=reason, **by)


def _decision(batch: PaymentBatch, title: str, reason: str, actor: Actor, at: datetime) -> Ground:
    if not reason.strip():
        raise Refused("请写明原因。", "reason")
    facts = {"reason": reason, "batch": batch.pk}
    return Ground.issue(kind=GroundKind.DECISION, number=batch.number, title=title, by=actor, at=at, facts=facts)


def _said(payments: Sequence[Payment]) -> str:
    total: Decimal = sum((payment.amount for payment in payments), ZERO)
    return f"{len(payments)} 笔，合计 {yuan(total)} 元"
