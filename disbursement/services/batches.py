"""A payment batch from its preparation to the bank: 市工信局 prepares, checks and pays; 市财政局 reviews, releases (第十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from applications.models.enterprises import IN_USE
from core import audit, jobs, moves, notices
from core.bulk import insert_from
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from disbursement import funds
from disbursement.letters import granting as letters
from disbursement.models import Instalment, InstalmentLine, Payment, PaymentBatch
from disbursement.queries.payments import (
    PAYABLE,
    account_changed,
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
    keys = sorted(_keys_of(instalments))
    if not keys:
        raise Refused("请至少选择一笔可拨付的款项。", "instalments")
    with transaction.atomic():
        wanted = InstalmentLine.objects.filter(instalment__in=keys, amount__gt=0)
        funds.lock_pools(wanted.values_list("award_line__pool", flat=True).distinct().order_by())
        _refuse_what_is_not_payable(keys, at)
        lines = unpaid_lines().filter(instalment__in=keys)
        parts = list(lines.order_by("instalment", "pk").values_list("pk", "amount"))
        ground = _application(parts, "拨付申请", actor, at)
        batch = _numbered(ground, actor, at)
        words = f"拨付批次 {batch.number}"
        rows = Instalment.objects.filter(pk__in=keys)
        moves.perform_many(rows, "put_in_batch", actor=actor, at=at, ground=ground, summary=words)
        _make_payments(batch, lines, at)
        funds.reserve(batch.payments.all(), actor=actor, at=at, ground=ground)
        summary = _said([amount for _, amount in parts])
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
        words = f"拨付批次 {fresh.number}"
        moves.perform_many(_prepared(fresh), "send", actor=actor, at=at, ground=fresh.ground, summary=words)
        jobs.enqueue(
            "batch.bank_file", by=actor, at=at, key=str(fresh.pk), title=f"银行文件 {fresh.number}",
            facts={"batch": fresh.pk},
        )  # fmt: skip
    return fresh


def take_out(batch: PaymentBatch, instalment: Instalment, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take one instalment out of a batch that is not with the bank yet; it goes back to the plan."""
    with transaction.atomic():
        batch = _locked(batch)
        payments = list(_prepared(batch, line__instalment=instalment).select_related("line__instalment"))
        if not payments:
            raise Refused("这笔款项不在本批次中，或已送银行。")
        ground = _decision(batch, "移出拨付批次", reason, actor, at)
        _undo(payments, actor, at, ground, reason)
        summary = f"{_said([payment.amount for payment in payments])}：{reason}"
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
        _undo(list(_prepared(fresh).select_related("line__instalment")), actor, at, ground, reason)
    return fresh


# --- how it is done -------------------------------------------------------------------------------------------------


def _keys_of(instalments: Iterable[Instalment]) -> set[int]:
    if isinstance(instalments, QuerySet):
        return set(instalments.order_by().values_list("pk", flat=True))
    return {instalment.pk for instalment in instalments}


def _refuse_what_is_not_payable(keys: list[int], at: datetime) -> None:
    """Raises Refused, naming an instalment that is not met or not free to be paid."""
    rows = checked_for_payment(Instalment.objects.filter(pk__in=keys), at)
    row = rows.exclude(PAYABLE, met_at__isnull=False).select_related("award__project").order_by("pk").first()
    if row is not None:
        reasons = kept_back_by(row) + ([] if row.met_at else ["拨付条件尚未成就"])
        raise Refused(f"{row.award.project}：{'；'.join(reasons)}，不能列入批次。", "instalments")


def _application(parts: Sequence[tuple[int, Decimal]], title: str, actor: Actor, at: datetime) -> Ground:
    """The paper that asks for the money; `parts`: instalment lines by their keys, in 元."""
    facts = {
        "lines": [{"line": line, "amount": str(amount)} for line, amount in parts],
        "total": str(sum((amount for _, amount in parts), ZERO)),
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


def _make_payments(batch: PaymentBatch, lines: QuerySet[InstalmentLine], at: datetime) -> None:
    """A payment for each line, with the account as it is now; its number is copied as it is kept, unread."""
    accounts = "award_line__award__project__enterprise__bank_accounts"  # an enterprise has one in use at most
    in_use = FilteredRelation(accounts, condition=Q(**{f"{accounts}__{name}": said for name, said in IN_USE.items()}))
    copied = {f"account_{name}": F(f"in_use__{name}") for name in ("holder", "bank", "cnaps", "number")}
    insert_from(
        Payment,
        lines.annotate(in_use=in_use),
        {
            "batch": batch.pk, "line": F("pk"), "project": F("award_line__award__project"), "pool": F("award_line__pool"),
            "amount": F("amount"), "account": F("in_use"), "state_since": at, **copied,
        },
    )  # fmt: skip


def _step(
    batch: PaymentBatch, move: str, next_roles: tuple[str, ...], actor: Actor, at: datetime, seen_version: int | None
) -> PaymentBatch:
    """One signature in the chain. The two that let money go look at holds, register and accounts once more."""
    with transaction.atomic():
        fresh = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        moves.require(fresh, move, actor, at=at)
        parts = list(_prepared(fresh).values_list("line", "amount"))
        if move in ("release", "send_to_bank"):
            _refuse_unpayable(fresh, at)
        ground = _application(parts, f"拨付批次 {fresh.number}", actor, at)
        told = letters.batch_waits(fresh, *next_roles) if next_roles else ()
        return moves.perform(
            fresh, move, actor=actor, at=at, ground=ground, letters=told,
            summary=_said([amount for _, amount in parts]), seen_version=seen_version,
        )  # fmt: skip


def _refuse_unpayable(batch: PaymentBatch, at: datetime) -> None:
    payments = _prepared(batch)
    if not payments.exists():
        raise Refused("批次中已没有款项，请作废批次。")
    inside = checked_for_payment(Instalment.objects.filter(lines__payments__in=payments), at).exclude(PAYABLE)
    problems = [
        f"{row.award.project}：{'；'.join(kept_back_by(row))}"
        for row in inside.distinct().select_related("award__project")
    ]
    problems += [f"{p.project}：收款账户已变更" for p in account_changed(batch).select_related("project")]
    if problems:
        raise Refused(f"付前核对有 {len(problems)} 项没有通过，请先移出：{'；'.join(problems)}。")


def _prepared(batch: PaymentBatch, **only: object) -> QuerySet[Payment]:
    """The batch's payments that are not with the bank yet."""
    return batch.payments.filter(state=PaymentState.PREPARED, **only).order_by("pk")


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


def _said(amounts: Sequence[Decimal]) -> str:
    return f"{len(amounts)} 笔，合计 {yuan(sum(amounts, ZERO))} 元"
