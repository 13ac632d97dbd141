"""What follows an approval: money for what was left 待安排, and the published list of what is supported."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from applications.models import OfProjectQuerySet, Track
from core.models import OpenQuerySet
from core.money import YuanField
from disbursement.models.awards import Approval, Award
from disbursement.models.pools import MoneyQuerySet, Pool
from disbursement.pool_workflow import SpecialDecisionWorkflow, SupplementWorkflow

PERSON = settings.AUTH_USER_MODEL


class SpecialDecision(SpecialDecisionWorkflow):
    """一事一议: the decision document that gives a project its limit outside the formula, inside pools and all rules."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="special_decisions")
    amount = YuanField("决定支持额")
    number = models.CharField("决定文号", max_length=60)
    on = models.DateField("决定日期")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    determination = models.OneToOneField(
        "applications.Determination", models.PROTECT, null=True, blank=True, related_name="special_decision"
    )
    reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "一事一议决定"
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_special_decision_grants_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="two_persons_record_a_special_decision",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
            ),
            models.UniqueConstraint(
                name="one_special_decision_waits_a_project", fields=["project"], condition=Q(state="entered")
            ),
        ]

    def __str__(self) -> str:
        return f"一事一议 {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("special-decision", args=[self.project_id])


class Supplement(SupplementWorkflow):
    """补充安排: money found later for awards of one approval; two persons of each bureau."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="supplements")
    title = models.CharField("名称", max_length=120)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "补充安排"
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="four_different_persons_settle_a_supplement",
                condition=(Q(checked_by=None) | ~Q(checked_by=F("drafted_by")))
                & (Q(agreed_by=None) | Q(reviewed_by=None) | ~Q(agreed_by=F("reviewed_by"))),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supplement", args=[self.pk])


class SupplementItem(models.Model):
    """So much of one pool for one award, in 元."""

    supplement = models.ForeignKey(Supplement, models.PROTECT, related_name="items")
    award = models.ForeignKey(Award, models.PROTECT, related_name="supplement_items")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    amount = YuanField("金额")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "补充安排明细"
        ordering = ["supplement", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_supplement_item_a_pool", fields=["supplement", "award", "pool"]),
            models.CheckConstraint(name="a_supplement_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.amount}"


class ResultNotice(models.Model):
    """支持项目名单: the published result of one approval, as it was published (第四条 公开透明)."""

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="result_notice")
    title = models.CharField("标题", max_length=120)
    published_at = models.DateTimeField("公布时间")
    published_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="result_notice")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "支持项目名单"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("result", args=[self.pk])


class PublishedResult(models.Model):
    """One supported project as published: names and amounts in 元 at that moment; later events change nothing here."""

    notice = models.ForeignKey(ResultNotice, models.PROTECT, related_name="results")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="published_results")
    position = models.PositiveIntegerField("序号")
    project_title = models.CharField("项目名称", max_length=120)
    enterprise_name = models.CharField("企业名称", max_length=120)
    district_name = models.CharField("区县", max_length=20)
    track = models.CharField("类别", max_length=12)
    amount = YuanField("核定支持")
    central = YuanField("中央资金已安排")
    local = YuanField("地方资金已安排")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "支持项目"
        ordering = ["notice", "position"]
        constraints = [
            models.UniqueConstraint(name="a_project_is_published_once_in_a_list", fields=["notice", "project"]),
            models.CheckConstraint(
                name="published_money_is_within_the_award", condition=Q(amount__gte=F("central") + F("local"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_title}: {self.amount}"

    @property
    def track_name(self) -> str:
        return str(Track(self.track).label)

    @property
    def pending(self) -> Decimal:
        """待安排 when it was published, in 元."""
        return self.amount - self.central - self.local
