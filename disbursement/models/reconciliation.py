"""Reconciliation (对账): the bank's statement line by line, what it was matched to, differences explained, months closed."""

from __future__ import annotations

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


class Explanation(models.Model):
    """How a difference was explained: of a bank line nothing matches, or of a payment the bank does not show."""

    line = models.OneToOneField(BankLine, models.PROTECT, null=True, blank=True, related_name="explanation")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="bank_explanation")
    spending = models.OneToOneField(Spending, models.PROTECT, null=True, blank=True, related_name="bank_explanation")
    words = models.CharField("说明", max_length=400)
    explained_at = models.DateTimeField()
    explained_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "差异说明"
        ordering = ["-explained_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_explanation_is_about_one_thing",
                condition=Q(line__isnull=False, payment=None, spending=None)
                | Q(line=None, payment__isnull=False, spending=None)
                | Q(line=None, payment=None, spending__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.words


class MonthStatement(models.Model):
    """月结单 of one pool: opening, movements and closing of each account, as the ledger said when the month was closed."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="months")
    month = models.DateField("月份")  # its first day
    figures = models.JSONField("数额")  # by account: opening, came, went, closing, as texts of 元
    bank_paid = YuanField("银行已勾对支出")
    bank_open = models.PositiveIntegerField("未说明的差异")
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
