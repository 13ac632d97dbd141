"""What pools take in and give out beside payments to projects: budget entries and spending that is no project."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.money import YuanField
from disbursement.models.pools import BudgetLine, BudgetLineKind, MoneyQuerySet, Pool
from disbursement.pool_workflow import BudgetEntryWorkflow, SpendingWorkflow

PERSON = settings.AUTH_USER_MODEL


class BudgetEntry(BudgetEntryWorkflow):
    """A budget document or a receipt as one person entered it; confirmed by another it becomes a line of the pool.

    `amount` in 元, always positive: the kind says whether it adds or takes away.
    """

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="entries")
    kind = models.CharField("种类", max_length=12, choices=BudgetLineKind)
    amount = YuanField("金额")
    document_number = models.CharField("下达文号", max_length=60)
    on = models.DateField("日期")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("退回原因", max_length=200, blank=True)
    line = models.OneToOneField(BudgetLine, models.PROTECT, null=True, blank=True, related_name="entry")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "预算登记"
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_budget_entry_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="two_persons_book_a_budget",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="a_confirmed_budget_has_its_line",
                condition=Q(confirmed_at=None, confirmed_by=None, line=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, line__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_number}"

    def get_absolute_url(self) -> str:
        return reverse("pool", args=[self.pool_id])


class SpendingKind(models.TextChoices):
    """What local money pays for beside projects (第五条、第七条（二）)."""

    TRAINING = "training", "培训"
    PROMOTION = "promotion", "宣传推广"
    REVIEW = "review", "评审"
    OTHER = "other", "其他公共支出"


class Spending(SpendingWorkflow):
    """One payment that is no project: booked against its pool by two persons, with its paper."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="spendings")
    kind = models.CharField("用途", max_length=12, choices=SpendingKind)
    title = models.CharField("事项", max_length=120)
    payee = models.CharField("收款单位", max_length=120)
    amount = YuanField("金额")
    document_number = models.CharField("合同或审批文号", max_length=60)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    receipt_number = models.CharField("银行回单号", max_length=60, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "非项目支出"
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_spending_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="two_persons_book_a_spending",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")) & ~Q(confirmed_by=F("paid_by")),
            ),
            models.CheckConstraint(
                name="only_a_confirmed_spending_is_paid",
                condition=Q(paid_at=None) | Q(confirmed_at__isnull=False, paid_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("spending", args=[self.pk])
