"""Differences between bank and ledger, both ways, each with its kind; one stays open until two persons closed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from disbursement.models import (
    BankLine,
    BudgetLine,
    BudgetLineKind,
    Explanation,
    Payment,
    Pool,
    RecoveryReceipt,
    Spending,
)
from disbursement.models.reconciliation import THINGS, Thing
from disbursement.queries.reconciliation import covered_days, midnight, month_after
from disbursement.states import PaymentState, SpendingState

MOST = 50
Days = tuple[date, date]
NOT_IN_LEDGER, AMOUNT_DIFFERS, DOUBLE = "台账没有", "金额不符", "重复"
NOT_IN_BANK = "银行没有"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference as the page tells it: which thing, of what kind, what stands on the other side; amounts in 元."""

    thing: Any
    slug: str
    kind: str
    title: str
    note: str
    on: date
    amount: Decimal
    outgoing: bool
    url: str
    explanation: Explanation | None


def closed(name: str) -> QuerySet[Any]:
    """Keys of the things of one kind whose difference two persons closed."""
    return Explanation.objects.filter(verdict__holds=True, **{f"{name}__isnull": False}).values(name)


def unmatched_lines(user: Any) -> QuerySet[BankLine]:
    """What the bank shows and we cannot place, not closed by two persons yet."""
    rows = BankLine.objects.visible_to(user).filter(matched_by="").exclude(pk__in=closed("line"))
    return rows.select_related("statement").order_by("on", "pk")


class Pending(dict[tuple[str, int], Explanation]):
    """Explanations nobody judged yet, by the column and the key of what they are about."""

    @classmethod
    def now(cls, user: Any) -> Pending:
        rows = Explanation.objects.visible_to(user).filter(verdict=None).select_related("explained_by")
        return cls({(name, key): row for row in rows for name in THINGS if (key := getattr(row, f"{name}_id"))})


def in_the_bank(user: Any, pending: Pending) -> list[Difference]:
    """Bank lines without their like in the ledger: nothing booked, booked with another amount, or told twice."""
    lines = list(unmatched_lines(user)[:MOST])
    numbers = {line.receipt_number for line in lines if line.receipt_number}
    booked = _booked_with(numbers)
    told = {(line.receipt_number, line.outgoing, line.amount) for line in _matched_with(numbers)}
    return [_line(line, booked.get(line.receipt_number), told, pending) for line in lines]


def _booked_with(numbers: set[str]) -> dict[str, Any]:
    """What the ledger has under these receipt numbers."""
    kinds: Sequence[QuerySet[Any]] = (
        Payment.objects.select_related("project"), Spending.objects.all(), RecoveryReceipt.objects.all()
    )  # fmt: skip
    return {one.receipt_number: one for rows in kinds for one in rows.filter(receipt_number__in=numbers)}


def _matched_with(numbers: set[str]) -> QuerySet[BankLine]:
    return BankLine.objects.filter(receipt_number__in=numbers).exclude(matched_by="")


def _line(line: BankLine, booked: Any, told: set[tuple[str, bool, Decimal]], pending: Pending) -> Difference:
    kind, note = NOT_IN_LEDGER, "台账里没有这一笔"
    if booked is not None and (line.receipt_number, line.outgoing, line.amount) in told:
        kind, note = DOUBLE, "同一回单号和金额的流水已经勾对"
    elif booked is not None and booked.amount != line.amount:
        kind, note = AMOUNT_DIFFERS, f"台账登记 {booked.amount:,.2f} 元"
    said = f"尾号 {line.tail} " if line.tail else ""
    return Difference(
        line, "line", kind, line.counterparty or line.memo or "银行流水", f"{said}{line.receipt_number} {note}".strip(),
        line.on, line.amount, line.outgoing, line.statement.get_absolute_url(), pending.get(("line", line.pk)),
    )  # fmt: skip


# --- the ledger's side ------------------------------------------------------------------------------------------------


def in_the_ledger(user: Any, pending: Pending) -> list[Difference]:
    """What we booked on days the statements cover and the bank does not show, out or back."""
    days = covered_days()
    if days is None:
        return []
    found = [
        *(_paid(one, pending) for one in payments_the_bank_does_not_show(user, days)[:MOST]),
        *(_spent(one, pending) for one in spendings_the_bank_does_not_show(user, days)[:MOST]),
        *(_recovered(one, pending) for one in recoveries_the_bank_does_not_show(user, days)[:MOST]),
        *(_received(one, pending) for one in receipts_the_bank_does_not_show(user, days)[:MOST]),
    ]
    return sorted(found, key=lambda one: (one.on, one.slug, one.thing.pk))


def _seen_both_ways(rows: Any, name: str, days: Days, *, back: Any) -> Any:
    """Rows of which the bank does not show that they went out on these days, or that they came `back` then.

    What two persons closed is no difference any more; but what came back after they had explained it is a new one.
    `went_unseen`: it is the going out that is missing, or both; else the coming back alone.
    """
    lines = BankLine.objects.filter(**{name: OuterRef("pk")})
    closures = Explanation.objects.filter(verdict__holds=True, **{name: OuterRef("pk")})
    went = _on(days, "paid_at") & ~Exists(lines.filter(outgoing=True)) & ~Exists(closures)
    came = Q(_on(days, "state_since"), state=back)
    came &= ~Exists(lines.filter(outgoing=False)) & ~Exists(closures.filter(explained_at__gte=OuterRef("state_since")))
    unseen = Case(When(went, then=Value(True)), default=Value(False))
    return rows.filter(went | came).annotate(went_unseen=unseen)


def _on(days: Days, moment: str) -> Q:
    after = midnight(date.fromordinal(days[1].toordinal() + 1))
    return Q(**{f"{moment}__gte": midnight(days[0]), f"{moment}__lt": after})


def payments_the_bank_does_not_show(user: Any, days: Days) -> QuerySet[Payment]:
    """Payments booked as paid or returned on these days of which the bank shows one way or none."""
    rows = Payment.objects.visible_to(user).filter(state__in=[PaymentState.PAID, PaymentState.RETURNED])
    rows = _seen_both_ways(rows, "payment", days, back=PaymentState.RETURNED)
    return rows.select_related("project__enterprise", "pool__district").order_by("paid_at", "pk")  # type: ignore[no-any-return]


def spendings_the_bank_does_not_show(user: Any, days: Days) -> QuerySet[Spending]:
    """Other spending booked as paid or given back on these days, likewise."""
    rows = Spending.objects.visible_to(user).filter(state__in=[SpendingState.PAID, SpendingState.RETURNED])
    rows = _seen_both_ways(rows, "spending", days, back=SpendingState.RETURNED)
    return rows.select_related("pool__district").order_by("paid_at", "pk")  # type: ignore[no-any-return]


def recoveries_the_bank_does_not_show(user: Any, days: Days) -> QuerySet[RecoveryReceipt]:
    """Money booked as given back by an enterprise on these days, without its bank line."""
    rows = RecoveryReceipt.objects.visible_to(user).filter(bank_lines=None, on__range=days)
    rows = rows.exclude(pk__in=closed("recovery_receipt"))
    return rows.select_related("recovery__project").order_by("on", "pk")


def receipts_the_bank_does_not_show(user: Any, days: Days) -> QuerySet[BudgetLine]:
    """Money booked as arrived in a pool on these days, without its bank line."""
    rows = BudgetLine.objects.visible_to(user).filter(kind=BudgetLineKind.RECEIPT, bank_lines=None, on__range=days)
    return rows.exclude(pk__in=closed("budget_line")).select_related("pool__district").order_by("on", "pk")


BOOKED: dict[type[Thing], Callable[[Any, Days], QuerySet[Any]]] = {
    Payment: payments_the_bank_does_not_show, Spending: spendings_the_bank_does_not_show,
    RecoveryReceipt: recoveries_the_bank_does_not_show, BudgetLine: receipts_the_bank_does_not_show,
}  # fmt: skip


def stands_open(thing: Thing, user: Any) -> bool:
    """True where the page of differences shows this very thing to this person now."""
    if isinstance(thing, BankLine):
        return unmatched_lines(user).filter(pk=thing.pk).exists()
    days = covered_days()
    return days is not None and BOOKED[type(thing)](user, days).filter(pk=thing.pk).exists()


def open_in_month(pool: Pool, month: date, user: Any) -> int:
    """How many of a pool's movements of a month the bank does not show, whatever the statements cover; the 月结单 says it.

    A bank line nothing matches belongs to no pool, and is not among them.
    """
    days = (month, date.fromordinal(month_after(month).toordinal() - 1))
    of_pool: dict[type[Thing], dict[str, Any]] = {RecoveryReceipt: {"recovery__lines__pool": pool}}
    return sum(rows(user, days).filter(**of_pool.get(kind, {"pool": pool})).count() for kind, rows in BOOKED.items())


def _paid(one: Any, pending: Pending) -> Difference:
    return _gone_or_back(one, "payment", str(one.project), pending, one.get_absolute_url())


def _spent(one: Any, pending: Pending) -> Difference:
    return _gone_or_back(one, "spending", one.title, pending, one.get_absolute_url())


def _gone_or_back(one: Any, name: str, title: str, pending: Pending, url: str) -> Difference:
    """Which way is missing, on which day: the going out, or the coming back alone."""
    moment = one.paid_at if one.went_unseen else one.state_since
    note = f"{one.pool}，回单 {one.receipt_number}，{'付出' if one.went_unseen else '退回'}未见于银行"
    return _booked(one, name, title, note, timezone.localdate(moment), pending, url, outgoing=one.went_unseen)


def _recovered(one: RecoveryReceipt, pending: Pending) -> Difference:
    return _booked(one, "recovery_receipt", f"追回到账：{one.recovery.project}", f"回单 {one.receipt_number}", one.on,
                   pending, one.recovery.get_absolute_url())  # fmt: skip


def _received(one: BudgetLine, pending: Pending) -> Difference:
    return _booked(one, "budget_line", f"{one.pool}到位", one.document_number, one.on, pending,
                   reverse("pool", args=[one.pool_id]))  # fmt: skip


def _booked(
    thing: Any, name: str, title: str, note: str, on: date, pending: Pending, url: str, *, outgoing: bool = False
) -> Difference:
    return Difference(
        thing, name.replace("_", "-"), NOT_IN_BANK, title, note, on, thing.amount, outgoing, url,
        pending.get((name, thing.pk)),
    )  # fmt: skip


def closed_differences(user: Any) -> QuerySet[Explanation]:
    """What two persons closed, newest first."""
    rows = Explanation.objects.visible_to(user).filter(verdict__holds=True)
    return rows.select_related("explained_by", "verdict__by").order_by("-verdict__at", "-pk")
