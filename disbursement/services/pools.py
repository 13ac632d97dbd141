"""Opening fund pools and bringing budget and money to them (第二、三条)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import FINANCE_ROLES, District, Ground, GroundKind
from core.money import yuan
from core.people import has_role
from disbursement import funds
from disbursement.models import BudgetLine, Pool, Source
from disbursement.services.refusal import Refused

if TYPE_CHECKING:
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


def bring_budget(
    pool: Pool, amount: Decimal, *, document_number: str, on: date, actor: Actor, at: datetime
) -> BudgetLine:
    """A budget document raises what the pool may commit; `amount` in 元. Raises Refused for a document booked before."""
    return _bring(funds.bring_budget, "登记预算下达", pool, amount, document_number, on, actor, at)


def receive_money(
    pool: Pool, amount: Decimal, *, document_number: str, on: date, actor: Actor, at: datetime
) -> BudgetLine:
    """Money arrived; central money is paid only as far as it came (第十二条). Raises Refused as bring_budget does."""
    return _bring(funds.receive, "登记资金到位", pool, amount, document_number, on, actor, at)


def _bring(book, label, pool, amount, document_number, on, actor, at) -> BudgetLine:
    _require_finance(actor)
    if amount <= 0:
        raise Refused("金额须大于零。", "amount")
    if on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。", "on")
    title = f"{pool} {label}"
    with transaction.atomic():
        funds.lock_pools([pool.pk])
        if pool.lines.filter(document_number=document_number, amount=amount, ground__title=title).exists():
            raise Refused(f"{document_number} 的 {yuan(amount)} 元已经登记过。", "document_number")
        facts = {"pool": pool.pk, "amount": str(amount), "on": on.isoformat()}
        ground = Ground.issue(
            kind=GroundKind.BUDGET_DOCUMENT, number=document_number, title=title, by=actor, at=at, facts=facts
        )
        line = book(pool, amount, document_number=document_number, on=on, actor=actor, at=at, ground=ground)
        summary = f"{document_number}，{yuan(amount)} 元"
        audit.record(pool, "pool.money_brought", actor=actor, at=at, label=label, ground=ground, summary=summary)
    return line


def _require_finance(actor: Actor) -> None:
    if not has_role(actor, *FINANCE_ROLES):
        raise PermissionDenied("资金池由市财政局登记。")
