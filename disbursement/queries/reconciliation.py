"""What the bank says beside what we booked: differences both ways, and a pool's month from the ledger."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from core.money import ZERO
from disbursement.models import AccountKind, BankLine, BankStatement, Explanation, Pool, Posting

# The accounts of a 月结单, in its order, and their sign: appropriation and transfers in are credit accounts.
MONTH_ACCOUNTS = {
    "budget": (AccountKind.APPROPRIATION, -1),
    "received": (AccountKind.TRANSFER_IN, -1),
    "committed": (AccountKind.COMMITTED, 1),
    "in_payment": (AccountKind.IN_PAYMENT, 1),
    "paid": (AccountKind.PAID, 1),
    "free": (AccountKind.AVAILABLE, 1),
    "cash": (AccountKind.CASH, 1),
}


def statements_with_counts(statements: QuerySet[BankStatement]) -> QuerySet[BankStatement]:
    """With `line_count` and `open_count`, the lines that are neither matched nor closed by two persons."""
    cleared = Explanation.objects.filter(verdict__holds=True, line__isnull=False).values("line")
    unclear = Q(lines__matched_by="", lines__isnull=False) & ~Q(lines__in=cleared)
    return statements.annotate(
        line_count=Count("lines", distinct=True), open_count=Count("lines", filter=unclear, distinct=True)
    ).select_related("imported_by").order_by("-imported_at", "-pk")  # fmt: skip


def lines_for_page(statement: BankStatement) -> QuerySet[BankLine]:
    return statement.lines.select_related(
        "payment__project", "spending", "budget_line__pool__district", "recovery_receipt__recovery__project",
    ).prefetch_related("explanations__explained_by", "explanations__verdict")  # fmt: skip


def covered_days() -> tuple[date, date] | None:
    """The days the imported statements cover, from the first to the last; None before any import."""
    days = BankStatement.objects.aggregate(first=Min("from_on"), last=Max("to_on"))
    return (days["first"], days["last"]) if days["first"] else None


# --- a pool's month ---------------------------------------------------------------------------------------------------


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def month_figures(pool: Pool, month: date) -> dict[str, dict[str, str]]:
    """Opening, what came, what went and closing of each account of MONTH_ACCOUNTS, as texts of 元, from the postings."""
    start, end = midnight(month), midnight(month_after(month))
    during = Q(entry__at__gte=start)
    rows = (
        Posting.objects.filter(account__pool=pool, entry__at__lt=end)
        .order_by()
        .values("account__kind")
        .annotate(
            opening=Sum("amount", filter=~during),
            debit=Sum("amount", filter=during & Q(amount__gt=0)),
            credit=Sum("amount", filter=during & Q(amount__lt=0)),
        )
    )
    found = {row["account__kind"]: row for row in rows}
    return {name: _figure(found.get(kind, {}), sign) for name, (kind, sign) in MONTH_ACCOUNTS.items()}


def _figure(row: dict[str, Any], sign: int) -> dict[str, str]:
    opening, debit, credit = (sign * (row.get(name) or ZERO) for name in ("opening", "debit", "credit"))
    came, went = (debit, credit) if sign > 0 else (credit, debit)
    figures = {"opening": opening, "came": came, "went": -went, "closing": opening + came + went}
    return {name: str(amount) for name, amount in figures.items()}


def bank_paid(pool: Pool, month: date) -> Decimal:
    """The pool's payments and spending in a month as the bank tells them: matched lines out less back, in 元."""
    lines = BankLine.objects.filter(
        Q(payment__pool=pool) | Q(spending__pool=pool), on__gte=month, on__lt=month_after(month)
    ).order_by()
    sums = lines.aggregate(out=Sum("amount", filter=Q(outgoing=True)), back=Sum("amount", filter=Q(outgoing=False)))
    return (sums["out"] or ZERO) - (sums["back"] or ZERO)
