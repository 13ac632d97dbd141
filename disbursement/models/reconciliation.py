"""Reconciliation (对账): the bank's statement line by line, what it was matched to, differences explained, months closed."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.money import YuanField
from disbursement.models.closing import RecoveryReceipt
from disbursement.models.payments import Payment
from disbursement.models.pools import BudgetLine, MoneyQuerySet, Pool
from disbursement.models.spending import Spending

PERSON = settings.AUTH_USER_MODEL


class BankStatement(models.Model):
    """One imported file; the same content is imported once."""

    name = models.CharField("账户", max_length=80)
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    sha256 = models.CharField("内容指纹", max_length=64, unique=True)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "银行对账单"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_statement_begins_before_it_ends", condition=Q(from_on__lte=F("to_on")))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.from_on} – {self.to_on}"

    def get_absolute_url(self) -> str:
        return reverse("bank-statement", args=[self.pk])


class BankLine(models.Model):
    """One movement as the bank tells it. `key` is a keyed hash of what it says: the same movement counts once."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    key = models.CharField("行键", max_length=64, unique=True)
    on = models.DateField("日期")
    outgoing = models.BooleanField("支出")
    amount = YuanField("金额")
    receipt_number = models.CharField("回单号", max_length=60, blank=True)
    counterparty = models.CharField("对方户名", max_length=120, blank=True)
    tail = models.CharField("对方账号尾号", max_length=4, blank=True)
    memo = models.CharField("摘要", max_length=200, blank=True)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="bank_lines")
    spending = models.ForeignKey(Spending, models.PROTECT, null=True, blank=True, related_name="bank_lines")
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True, related_name="bank_lines")
    recovery_receipt = models.ForeignKey(
        RecoveryReceipt, models.PROTECT, null=True, blank=True, related_name="bank_lines"
    )
    matched_by = models.CharField("勾对依据", max_length=40, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "银行流水"
        ordering = ["on", "pk"]
        indexes = [models.Index(name="bank_lines_by_amount", fields=["amount", "on"])]
        constraints = [
            models.CheckConstraint(name="a_bank_line_moves_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="a_payment_leaves_the_bank_once",
                fields=["payment", "outgoing"],
                condition=Q(payment__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_spending_leaves_the_bank_once",
                fields=["spending", "outgoing"],
                condition=Q(spending__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_receipt_reaches_the_bank_once", fields=["budget_line"], condition=Q(budget_line__isnull=False)
            ),
            models.UniqueConstraint(
                name="a_recovery_reaches_the_bank_once",
                fields=["recovery_receipt"],
                condition=Q(recovery_receipt__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"

    @property
    def is_matched(self) -> bool:
        return bool(self.matched_by)


# What a difference can be about, by the name of the explanation's column.
Thing = BankLine | Payment | Spending | RecoveryReceipt | BudgetLine
THINGS: dict[str, type[Thing]] = {
    "line": BankLine, "payment": Payment, "spending": Spending, "recovery_receipt": RecoveryReceipt,
    "budget_line": BudgetLine,
}  # fmt: skip


def _only(name: str) -> Q:
    return Q(**{f"{other}__isnull": other != name for other in THINGS})


class Explanation(models.Model):
    """How a difference came about, by one person, on a paper; it is closed by the verdict of another, else stands open.

    About one thing: a bank line nothing matches, or what we booked and the bank does not show. Append-only.
    """

    line = models.ForeignKey(BankLine, models.PROTECT, null=True, blank=True, related_name="explanations")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="bank_explanations")
    spending = models.ForeignKey(Spending, models.PROTECT, null=True, blank=True, related_name="bank_explanations")
    recovery_receipt = models.ForeignKey(
        RecoveryReceipt, models.PROTECT, null=True, blank=True, related_name="bank_explanations"
    )
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True, related_name="bank_explanations")
    words = models.CharField("说明", max_length=400)
    document_number = models.CharField("依据", max_length=60, blank=True)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    explained_at = models.DateTimeField()
    explained_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "差异说明"
        ordering = ["-explained_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_explanation_is_about_one_thing", condition=reduce(or_, (_only(name) for name in THINGS))
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def thing(self) -> Thing:
        return next(getattr(self, name) for name in THINGS if getattr(self, f"{name}_id"))


class ExplanationVerdict(models.Model):
    """What a second person found of an explanation: it holds, and the difference is closed, or it falls. Append-only."""

    explanation = models.OneToOneField(Explanation, models.PROTECT, related_name="verdict")
    holds = models.BooleanField("成立")
    reason = models.CharField("原因", max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "差异复核"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_closed_difference_has_its_ground",
                condition=Q(holds=True, ground__isnull=False) | (Q(holds=False, ground=None) & ~Q(reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.explanation_id}: {self.holds}"


class MonthStatement(models.Model):
    """月结单 of one pool: opening, movements and closing of each account, as the ledger said when the month was closed."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="months")
    month = models.DateField("月份")  # its first day
    figures = models.JSONField("数额")  # by account: opening, came, went, closing, as texts of 元
    bank_paid = YuanField("银行已勾对支出")
    bank_open = models.PositiveIntegerField("未办结的差异")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "月结单"
        ordering = ["-month", "pool"]
        constraints = [models.UniqueConstraint(name="one_statement_a_pool_and_month", fields=["pool", "month"])]

    def __str__(self) -> str:
        return f"{self.pool} {self.month.year}年{self.month.month}月"

    def get_absolute_url(self) -> str:
        return reverse("month-statement", args=[self.pk])
