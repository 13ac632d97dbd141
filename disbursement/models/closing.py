"""Acceptance, settlement and recovery: what was really invested, what is finally due, what must come back (第十一至十三条)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from applications.models import OfProjectQuerySet, Project
from core.models import Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role
from disbursement.closing_workflow import AcceptanceWorkflow, RecoveryWorkflow
from disbursement.models.pools import Pool

PERSON = settings.AUTH_USER_MODEL


class AcceptanceQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The third party sees what it was assigned; others what their project shows them."""
        if has_role(user, Role.ASSESSOR):
            return self.filter(assessor=user.organisation_id, assessor__isnull=False)
        return self.filter(project__in=Project.objects.visible_to(user))


class Acceptance(AcceptanceWorkflow):
    """One round of acceptance: completion report in, third party's five-part report, conclusion (第十一条)."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField("第几次", default=1)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    completed_on = models.DateField("竣工日期")
    summary = models.TextField("竣工说明")
    claimed_investment = YuanField("申报完成投资")
    assessor = models.ForeignKey("core.Organisation", models.PROTECT, null=True, blank=True, related_name="acceptances")
    progress_text = models.TextField("进度及可行性", blank=True)
    investment_text = models.TextField("投资", blank=True)
    technology_text = models.TextField("技术水平", blank=True)
    domestic_text = models.TextField("国产化设备及软件投入", blank=True)
    effect_text = models.TextField("应用成效", blank=True)
    audited_eligible = YuanField("审定合格投资", null=True, blank=True)
    opinion = models.CharField("第三方意见", max_length=12, blank=True)
    report_file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = "验收"
        ordering = ["project", "round"]
        constraints = [
            models.UniqueConstraint(name="acceptances_are_counted", fields=["project", "round"]),
            models.CheckConstraint(
                name="an_audited_investment_is_not_negative",
                condition=Q(audited_eligible__isnull=True) | Q(audited_eligible__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.round} 次验收"

    def get_absolute_url(self) -> str:
        return reverse("acceptance", args=[self.pk])


class Settlement(models.Model):
    """终核: the final amount and the formula's steps, kept for replay (第十二条)."""

    project = models.OneToOneField("applications.Project", models.PROTECT, related_name="settlement")
    acceptance = models.OneToOneField(Acceptance, models.PROTECT, related_name="settlement")
    policy_version = models.CharField(max_length=40)
    policy_digest = models.CharField(max_length=64)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    result = models.JSONField(encoder=DjangoJSONEncoder)
    final = YuanField("终核额")
    payable = YuanField("应补拨")
    clawback = YuanField("应退回")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="settlement")

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "终核清算"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="a_settlement_pays_or_claims_never_both",
                condition=Q(final__gte=0, payable__gte=0, clawback__gte=0) & (Q(payable=0) | Q(clawback=0)),
            ),
            models.CheckConstraint(
                name="the_person_who_confirms_a_settlement_did_not_make_it",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.final}"


class RecoveryReason(models.TextChoices):
    SETTLEMENT = "settlement", "终核核减"
    FAILED = "failed", "验收不通过"
    TERMINATED = "terminated", "项目终止"
    REVOKED = "revoked", "弄虚作假取消资格"
    LATE_PAYMENT = "late_payment", "停拨后到账"


class Recovery(RecoveryWorkflow):
    """Money demanded back from an enterprise (追回)."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="recoveries")
    reason = models.CharField("原因", max_length=16, choices=RecoveryReason)
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="+")
    number = models.CharField("通知文号", max_length=60, blank=True)
    demanded = YuanField("应退")
    recovered = YuanField("已退", default=0)
    due_on = models.DateField("期限", null=True, blank=True)
    pay_to = models.CharField("退款账户", max_length=200, blank=True)
    notice = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    overdue_told_at = models.DateTimeField("逾期提醒", null=True, blank=True)
    referral = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="+")
    referred_to = models.CharField("移送机关", max_length=100, blank=True)
    # 移送函, once its job printed it
    referral_paper = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    demanded_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "追回"
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                name="no_more_recovered_than_demanded",
                condition=Q(demanded__gt=0, recovered__gte=0, recovered__lte=F("demanded")),
            )
        ]

    def __str__(self) -> str:
        return f"追回 {self.demanded}"

    def get_absolute_url(self) -> str:
        return reverse("recovery", args=[self.pk])

    @property
    def outstanding(self) -> Any:
        return self.demanded - self.recovered


class OfRecoveryQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(recovery__in=Recovery.objects.visible_to(user))


class RecoveryLine(models.Model):
    """Which pool gets back which part, in the order of giving back: the source arranged last comes first."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="lines")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    demanded = YuanField("应退")
    recovered = YuanField("已退", default=0)

    objects = OfRecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = "追回来源"
        ordering = ["recovery", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_line_a_pool_in_a_recovery", fields=["recovery", "pool"]),
            models.CheckConstraint(
                name="a_pool_gets_back_no_more_than_its_part",
                condition=Q(demanded__gt=0, recovered__gte=0, recovered__lte=F("demanded")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.demanded}"


class RecoveryReceipt(models.Model):
    """Money that came back, by bank receipt; the same receipt counts once."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="receipts")
    amount = YuanField("金额")
    receipt_number = models.CharField("回单号", max_length=60, unique=True)
    on = models.DateField("日期")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = OfRecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = "追回到账"
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="a_receipt_brings_money", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return self.receipt_number
