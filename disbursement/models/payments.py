"""Instalments, batches and payments: an instalment is paid once, net of bank returns, or not at all (第十二条)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.encryption import EncryptedTextField
from core.models import ScopedQuerySet
from core.money import YuanField
from disbursement.models.awards import Agreement, Award, AwardLine
from disbursement.models.pools import MoneyQuerySet, Pool
from disbursement.states import LIVE_PAYMENTS
from disbursement.workflow import BatchWorkflow, InstalmentWorkflow, PaymentWorkflow

PERSON = settings.AUTH_USER_MODEL


class Condition(models.TextChoices):
    SIGNED = "signed", "任务书签署"
    PROGRESS = "progress", "项目进度"
    ACCEPTED = "accepted", "验收通过，终核后"


def condition_words(condition: str, progress: int | None) -> str:
    """任务书签署 / 项目进度达到 60% / 验收通过，终核后."""
    label = str(Condition(condition).label)
    return f"{label}达到 {progress}%" if condition == Condition.PROGRESS and progress else label


class Instalment(InstalmentWorkflow):
    """One instalment of an award and the condition it waits for."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="instalments")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField("批次")
    condition = models.CharField("条件", max_length=10, choices=Condition)
    share = models.PositiveSmallIntegerField("比例（万分之）")
    progress = models.PositiveSmallIntegerField("须达到的进度（%）", null=True, blank=True)
    met_at = models.DateTimeField("条件成就", null=True, blank=True)
    evidence = models.ForeignKey("core.Ground", models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)

    class OfAwardQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(award__in=Award.objects.visible_to(user))

    objects = OfAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "分批款"
        ordering = ["award", "position"]
        constraints = [
            models.UniqueConstraint(name="instalments_are_counted", fields=["award", "position"]),
            models.CheckConstraint(name="an_instalment_is_a_part", condition=Q(share__gt=0, share__lte=10_000)),
            models.CheckConstraint(
                name="progress_is_a_percentage", condition=Q(progress=None) | Q(progress__gte=1, progress__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.position} 笔"

    @property
    def condition_words(self) -> str:
        """The condition, with the progress it asks for."""
        return condition_words(self.condition, self.progress)


class InstalmentLine(models.Model):
    """One pool's part of an instalment; central receipts gate central lines."""

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="lines")
    award_line = models.ForeignKey(AwardLine, models.PROTECT, related_name="instalment_lines")
    amount = YuanField("金额")

    class OfInstalmentQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(instalment__in=Instalment.objects.visible_to(user))

    objects = OfInstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = "分批款来源"
        ordering = ["instalment", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_line_a_pool_in_an_instalment", fields=["instalment", "award_line"]),
            models.CheckConstraint(name="an_instalment_line_is_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id}: {self.amount}"


class PaymentBatch(BatchWorkflow):
    """拨付批次: prepared and checked by 市工信局, reviewed and released by 市财政局, paid by 市工信局."""

    number = models.CharField("批次号", max_length=20, unique=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    bank_file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="+")  # the 拨付申请

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "拨付批次"
        ordering = ["-prepared_at"]
        constraints = [
            models.CheckConstraint(
                name="maker_and_checker_of_a_batch_differ",
                condition=(Q(checked_by=None) | ~Q(checked_by=F("prepared_by")))
                & (Q(released_by=None) | Q(reviewed_by=None) | ~Q(released_by=F("reviewed_by"))),
            )
        ]

    def __str__(self) -> str:
        return f"拨付批次 {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])


class PaymentQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """Those who run or supervise the money; and the enterprise its own."""
        staff = PaymentBatch.objects.visible_to(user)
        mine = Q(project__enterprise=user.organisation_id) if user.organisation_id else Q(pk__in=[])
        return self.filter(Q(batch__in=staff) | mine)


class Payment(PaymentWorkflow):
    """One transfer to one account, with the account as it was when the batch was prepared."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments")
    line = models.ForeignKey(InstalmentLine, models.PROTECT, related_name="payments")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="payments")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="payments")
    amount = YuanField("金额")
    account = models.ForeignKey("applications.BankAccount", models.PROTECT, related_name="payments")
    account_holder = models.CharField("户名", max_length=120)
    account_bank = models.CharField("开户行", max_length=120)
    account_cnaps = models.CharField("联行号", max_length=12)
    account_number = EncryptedTextField("账号")
    receipt_number = models.CharField("回单号", max_length=60, blank=True)
    reason = models.CharField("失败或退票原因", max_length=200, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")  # 拨付通知
    confirmed_at = models.DateTimeField("企业确认到账", null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "拨付"
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_instalment_line_is_paid_once", fields=["line"], condition=Q(state__in=LIVE_PAYMENTS)
            ),
            models.CheckConstraint(name="a_payment_pays_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="a_bank_receipt_proves_one_payment",
                fields=["receipt_number"],
                condition=~Q(receipt_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("payment", args=[self.pk])


class ResultImportQuerySet(MoneyQuerySet):
    def booked(self) -> Self:
        """Those whose every row was right."""
        return self.filter(fault_count=0)


class ResultImport(models.Model):
    """银行结果文件: one workbook of the bank's answers to a batch, booked whole or not at all; then with what is wrong in it."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="result_imports")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField("内容指纹", max_length=64)
    paid = models.PositiveIntegerField("到账", default=0)
    failed = models.PositiveIntegerField("支付失败", default=0)
    returned = models.PositiveIntegerField("退票", default=0)
    known = models.PositiveIntegerField("以前登记过", default=0)
    faults = models.JSONField("需要改正的地方", default=list, blank=True)  # the first of them, as sheet_reading.Fault
    fault_count = models.PositiveIntegerField("需要改正的处数", default=0)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = ResultImportQuerySet.as_manager()

    class Meta:
        verbose_name = "银行结果文件"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="a_result_file_is_booked_once", fields=["sha256"], condition=Q(fault_count=0)),
            models.CheckConstraint(
                name="a_refused_result_file_books_nothing",
                condition=Q(fault_count=0) | Q(paid=0, failed=0, returned=0, known=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.sha256[:12]}"
