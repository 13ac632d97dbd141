"""Reconciliation: a bank statement imported once, matched line by line; months closed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit, files, jobs
from core.encryption import keyed_hash
from core.models import FINANCE_ROLES, Role
from core.money import yuan
from core.people import has_role
from core.templatetags.text_tags import cn_date
from disbursement import funds
from disbursement.models import (
    BankLine,
    BankStatement,
    BudgetLine,
    MonthStatement,
    Payment,
    Pool,
    RecoveryReceipt,
    Spending,
)
from disbursement.queries.differences import open_in_month
from disbursement.queries.reconciliation import bank_paid, month_figures
from disbursement.services.refusal import Refused
from disbursement.sheet_cells import Table, TableRefused, content_of, read_table
from disbursement.statement_sheet import LAYOUT
from disbursement.states import PaymentState, SpendingState

if TYPE_CHECKING:
    from core.people import Actor

KEEPERS = (Role.BUREAU_OFFICER, *FINANCE_ROLES)
NEAR = timedelta(days=5)  # the bank books a payment at most so many days away from our record of it
BY_RECEIPT, BY_ACCOUNT, BY_AMOUNT = "回单号与金额", "金额、账号尾号与日期", "金额与日期"


def import_statement(upload: Any, *, name: str, actor: Actor, at: datetime) -> tuple[BankStatement, int, int]:
    """Import a bank statement (an uploaded workbook) and match it; all of it or nothing.

    Returns it, how many lines were new, and how many were known before.

    Raises TableRefused with a report row by row; Refused for a file imported before. Lines already known from another
    file are left as they are.
    """
    require_keeper(actor)
    content = content_of(upload)
    digest = hashlib.sha256(content).hexdigest()
    if (before := BankStatement.objects.filter(sha256=digest).first()) is not None:
        raise Refused(f"这个文件已在{cn_date(before.imported_at)}导入过，没有重复导入。", "file")
    table = _read(content, at)
    with transaction.atomic():
        days = [row["on"] for _, row in table.rows]
        stored = files.store(upload, kind="bank_statement", by=actor, at=at, allowed=("xlsx",))
        statement = BankStatement.objects.create(
            name=name, from_on=min(days), to_on=max(days), sha256=digest, file=stored, imported_at=at, imported_by=actor
        )
        fresh, known = _lines(statement, [row for _, row in table.rows])
        BankLine.objects.bulk_create(fresh, batch_size=500)
        matched = match_lines()
        summary = f"{len(fresh)} 行，勾对 {matched} 行" + (f"，{known} 行以前导入过" if known else "")
        audit.record(statement, "statement.imported", actor=actor, at=at, label="导入银行对账单", summary=summary)
    return statement, len(fresh), known


def _read(content: bytes, at: datetime) -> Table:
    """The rows of the workbook. Raises TableRefused."""
    table = read_table(content, LAYOUT)
    for number, row in table.rows:
        if row.get("on") and row["on"] > timezone.localdate(at):
            table.refuse(number, "交易日期晚于今天。", "交易日期", str(row["on"]))
        if row.get("amount") is not None and not row["amount"]:
            table.refuse(number, "金额须大于零。", "金额", "0")
    if table.faults:
        raise TableRefused(table.faults)
    return table


def _lines(statement: BankStatement, rows: Iterable[dict[str, Any]]) -> tuple[list[BankLine], int]:
    """Lines not known before, and how many were. Two equal rows of one file are two movements."""
    seen: dict[str, int] = defaultdict(int)
    made: dict[str, BankLine] = {}
    for row in rows:
        account = row.pop("account", None) or ""
        said = "|".join(str(row[name] or "") for name in ("on", "outgoing", "amount", "receipt_number", "counterparty"))
        base = f"{said}|{account}|{row['memo'] or ''}"
        seen[base] += 1
        key = keyed_hash(f"bank-line|{base}|{seen[base]}")
        texts = {name: row[name] or "" for name in ("receipt_number", "counterparty", "memo")}
        made[key] = BankLine(
            statement=statement, key=key, on=row["on"], outgoing=row["outgoing"], amount=row["amount"],
            tail=account[-4:], **texts,
        )  # fmt: skip
    known = set(BankLine.objects.filter(key__in=made).values_list("key", flat=True))
    return [line for key, line in made.items() if key not in known], len(known)


# --- matching ---------------------------------------------------------------------------------------------------------


def match_lines() -> int:
    """Match every bank line that stands alone with what we have booked; never more than one to one. Returns how many.

    By receipt number and amount; else by amount, the account's last four and a near day, where only one thing fits.
    """
    lines = list(BankLine.objects.filter(matched_by="").order_by("on", "pk"))
    if not lines:
        return 0
    outgoing = [line for line in lines if line.outgoing]
    incoming = [line for line in lines if not line.outgoing]
    done = _match(
        outgoing, "payment", _payments(Q(paid_at__isnull=False), outgoing=True), lambda one: one.account.number_tail
    )
    done += _match(outgoing, "spending", _spendings([SpendingState.PAID, SpendingState.RETURNED], outgoing=True), None)
    done += _match(
        incoming,
        "payment",
        _payments(Q(state=PaymentState.RETURNED), outgoing=False),
        lambda one: one.account.number_tail,
    )
    done += _match(incoming, "spending", _spendings([SpendingState.RETURNED], outgoing=False), None)
    done += _match(incoming, "recovery_receipt", RecoveryReceipt.objects.filter(bank_lines=None), None)
    done += _match(incoming, "budget_line", BudgetLine.objects.filter(kind="receipt", bank_lines=None), None)
    BankLine.objects.bulk_update(
        [line for line in lines if line.matched_by],
        ["payment", "spending", "budget_line", "recovery_receipt", "matched_by"],
        batch_size=500,
    )
    return done


def _payments(which: Q, *, outgoing: bool) -> Any:
    taken = BankLine.objects.filter(outgoing=outgoing, payment__isnull=False).values("payment")
    return Payment.objects.filter(which).exclude(pk__in=taken).select_related("account")


def _spendings(states: list[str], *, outgoing: bool) -> Any:
    taken = BankLine.objects.filter(outgoing=outgoing, spending__isnull=False).values("spending")
    return Spending.objects.filter(state__in=states).exclude(pk__in=taken)


def _match(lines: list[BankLine], name: str, things: Any, tail_of: Callable[[Any], str] | None) -> int:
    """Pair lines with things of one kind: receipt numbers first, then what is unambiguous by amount and day."""
    free = list(things)
    done = _pair(lines, name, free, BY_RECEIPT, lambda line, one: _same_receipt(line, one))
    if tail_of is not None:
        return done + _pair(
            lines, name, free, BY_ACCOUNT, lambda line, one: line.tail == tail_of(one) and _near(line, one, name)
        )
    return done + _pair(lines, name, free, BY_AMOUNT, lambda line, one: _near(line, one, name))


def _pair(lines: list[BankLine], name: str, free: list[Any], words: str, fits: Callable[[BankLine, Any], bool]) -> int:
    by_amount: dict[Decimal, list[Any]] = defaultdict(list)
    for one in free:
        by_amount[one.amount].append(one)
    claims: dict[int, list[tuple[BankLine, Any]]] = defaultdict(list)
    for line in lines:
        if not line.matched_by and line.amount in by_amount:
            found = [one for one in by_amount[line.amount] if fits(line, one)]
            if len(found) == 1:
                claims[found[0].pk].append((line, found[0]))
    done = 0
    for pairs in claims.values():
        if len(pairs) == 1:
            [(line, one)] = pairs
            setattr(line, name, one)
            line.matched_by = words
            free.remove(one)
            done += 1
    return done


def _same_receipt(line: BankLine, one: Any) -> bool:
    return bool(line.receipt_number) and getattr(one, "receipt_number", "") == line.receipt_number


def _near(line: BankLine, one: Any, name: str) -> bool:
    if name == "payment" and not line.outgoing:
        return line.on >= timezone.localdate(one.paid_at)  # a return comes back some days after the payment
    return abs(line.on - _booked_on(line, one, name)) <= NEAR


def _booked_on(line: BankLine, one: Any, name: str) -> date:
    if name in ("budget_line", "recovery_receipt"):
        return one.on
    moment = one.returned_at if name == "spending" and not line.outgoing else one.paid_at
    return timezone.localdate(moment)


# --- months -----------------------------------------------------------------------------------------------------------


def close_month(pool: Pool, month: date, *, actor: Actor, at: datetime) -> MonthStatement:
    """Draw up the 月结单 of a pool for a month that is over, from the ledger; its PDF and Excel follow by jobs.

    Raises Refused for a month that is not over or already closed.
    """
    if not has_role(actor, *FINANCE_ROLES):
        raise PermissionDenied("月结单由市财政局编制。")
    first = month.replace(day=1)
    if first >= timezone.localdate(at).replace(day=1):
        raise Refused("这个月还没有结束，月末之后再编制月结单。", "month")
    with transaction.atomic():
        locked = funds.lock_pools([pool.pk])[pool.pk]
        if locked.months.filter(month=first).exists():
            raise Refused("这个月的月结单已经编制。", "month")
        made = MonthStatement.objects.create(
            pool=locked, month=first, figures=month_figures(locked, first), bank_paid=bank_paid(locked, first),
            bank_open=open_in_month(locked, first, actor), made_at=at, made_by=actor,
        )  # fmt: skip
        summary = f"期末资金结存 {yuan(Decimal(made.figures['cash']['closing']))} 元"
        audit.record(made, "month.closed", actor=actor, at=at, label="编制月结单", summary=summary)
        for kind, words in (("month.pdf", "PDF"), ("month.excel", "Excel")):
            jobs.enqueue(kind, by=actor, at=at, key=str(made.pk), title=f"月结单 {words}", facts={"statement": made.pk})
    return made


def require_keeper(actor: Actor) -> None:
    if not has_role(actor, *KEEPERS):
        raise PermissionDenied("对账由市工信局经办或市财政局办理。")
