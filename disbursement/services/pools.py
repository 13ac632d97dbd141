"""Opening fund pools; budget and money are entered by one person and booked when another confirms (第二、三、十六条)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit, moves
from core.models import FINANCE_ROLES, District, Ground, GroundKind
from core.money import yuan
from core.people import has_role
from disbursement import funds
from disbursement.letters import pools as letters
from disbursement.models import BudgetEntry, BudgetLine, BudgetLineKind, Pool, Source
from disbursement.services.refusal import Refused
from disbursement.states import EntryState

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


def open_pool(
    *,
    source: str,
    year: int,
    actor: Actor,
    at: datetime,
    direction: str = "技术改造",
    district: District | None = None,
) -> Pool:
    """Open the pool of one source, year and direction. Raises Refused where it exists already."""
    _require_finance(actor)
    if (source == Source.DISTRICT) != (district is not None):
        raise Refused("区级资金须选择区县，其他来源不选区县。", "district")
    if Pool.objects.filter(source=source, year=year, direction=direction, district=district).exists():
        raise Refused("这个来源、年度和方向的资金池已经建立，请直接登记预算。", "source")
    with transaction.atomic():
        pool = Pool.objects.create(source=source, year=year, direction=direction, district=district)
        audit.record(pool, "pool.opened", actor=actor, at=at, label="建立资金池", summary=str(pool))
    return pool


def enter_budget(
    pool: Pool,
    kind: str,
    amount: Decimal,
    *,
    document_number: str,
    on: date,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
) -> BudgetEntry:
    """Enter a budget document (下达、追加、调减) or a receipt (到位); it counts once another person confirms it.

    `amount` in 元, positive. Raises Refused for a document entered before or a reduction below what is committed.
    """
    _require_finance(actor)
    if amount <= 0:
        raise Refused("金额须大于零。", "amount")
    if on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。", "on")
    with transaction.atomic():
        locked = funds.lock_pools([pool.pk])[pool.pk]
        same = locked.entries.filter(kind=kind, document_number=document_number, amount=amount)
        if same.exclude(state=EntryState.REFUSED).exists():
            raise Refused(f"{document_number} 的 {yuan(amount)} 元已经登记过。", "document_number")
        if kind == BudgetLineKind.REDUCTION and locked.budget - amount < locked.committed:
            most = yuan(locked.budget - locked.committed)
            raise Refused(f"已承诺 {yuan(locked.committed)} 元，最多只能调减 {most} 元。", "amount")
        entry = BudgetEntry.objects.create(
            pool=locked, kind=kind, amount=amount, document_number=document_number, on=on, file=file, entered_at=at,
            entered_by=actor, state_since=at,
        )  # fmt: skip
        summary = f"{entry}，{yuan(amount)} 元"
        audit.record(entry, "budget_entry.entered", actor=actor, at=at, label="登记预算或到位", summary=summary)
        letters.send_entry_waits(entry, at=at)
    return entry


def confirm_entry(entry: BudgetEntry, *, actor: Actor, at: datetime, seen_version: int | None = None) -> BudgetLine:
    """Another person of 市财政局 confirms: the pool's budget or money changes, with its ledger entry.

    Raises NotYours for whoever entered it, PoolShort for a reduction below what is committed meanwhile.
    """
    with transaction.atomic():
        pool = funds.lock_pools([entry.pool_id])[entry.pool_id]
        entry = BudgetEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        moves.require(entry, "confirm_entry", actor, at=at)
        facts = {"pool": pool.pk, "kind": entry.kind, "amount": str(entry.amount), "on": entry.on.isoformat(),
                 "entered_by": entry.entered_by_id}  # fmt: skip
        ground = Ground.issue(
            kind=GroundKind.BUDGET_DOCUMENT, number=entry.document_number, title=f"{pool} {entry.get_kind_display()}",
            by=actor, at=at, facts=facts, file=entry.file,
        )  # fmt: skip
        line = _booked(pool, entry, actor, at, ground)
        summary = f"{entry}，{yuan(entry.amount)} 元"
        moves.perform(
            entry, "confirm_entry", actor=actor, at=at, ground=ground, summary=summary, seen_version=seen_version,
            line=line,
        )  # fmt: skip
    return line


def refuse_entry(entry: BudgetEntry, reason: str, *, actor: Actor, at: datetime) -> BudgetEntry:
    """It was entered wrongly: nothing is booked, and whoever entered it is told why."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"退回登记：{entry}", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            entry, "refuse_entry", actor=actor, at=at, ground=ground, summary=reason, reason=reason,
            letters=letters.entry_refused(entry, reason),
        )  # fmt: skip


def _booked(pool: Pool, entry: BudgetEntry, actor: Actor, at: datetime, ground: Ground) -> BudgetLine:
    paper = {"document_number": entry.document_number, "on": entry.on, "actor": actor, "at": at, "ground": ground}
    if entry.kind == BudgetLineKind.RECEIPT:
        return funds.receive(pool, entry.amount, **paper)
    amount = -entry.amount if entry.kind == BudgetLineKind.REDUCTION else entry.amount
    return funds.bring_budget(pool, amount, kind=entry.kind, **paper)


def _require_finance(actor: Actor) -> None:
    if not has_role(actor, *FINANCE_ROLES):
        raise PermissionDenied("资金池由市财政局登记。")
