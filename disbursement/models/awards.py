"""From the proposal to the award: what is asked, what the city approved, which pools bear it (第九条三、第七条一)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse

from applications.models import OfProjectQuerySet
from applications.states import State
from core.models import ScopedQuerySet
from core.money import YuanField
from disbursement.models.pools import MoneyQuerySet, Pool
from disbursement.states import RUNNING, UNSIGNED
from disbursement.workflow import AgreementWorkflow, ProposalWorkflow

PERSON = settings.AUTH_USER_MODEL


class Proposal(ProposalWorkflow):
    """资金方案: which projects, which amounts, from which pools; two persons of each bureau."""

    title = models.CharField("名称", max_length=120)
    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="proposals")
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "资金方案"
        ordering = ["-drafted_at"]
        constraints = [
            models.CheckConstraint(
                name="four_different_persons_settle_a_proposal",
                condition=(Q(checked_by=None) | ~Q(checked_by=F("drafted_by")))
                & (Q(agreed_by=None) | Q(reviewed_by=None) | ~Q(agreed_by=F("reviewed_by"))),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("proposal", args=[self.pk])


class ProposalItem(models.Model):
    """One project in a proposal. `granted` is gross of earlier support, `award` net of it."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="items")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="proposal_items")
    determination = models.ForeignKey("applications.Determination", models.PROTECT, related_name="+")
    limit = YuanField("支持上限")
    ceiling = YuanField("第六条上限", null=True, blank=True)
    granted = YuanField("拟核定额")
    award = YuanField("拟支持额")
    live = models.BooleanField(default=True)  # false once its proposal is cancelled or it was declined

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "方案项目"
        ordering = ["proposal", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_proposed_amount_is_within_its_limit",
                condition=Q(granted__gte=0, award__gte=0, granted__lte=F("limit"), award__lte=F("granted")),
            ),
            models.UniqueConstraint(
                name="a_project_stands_in_one_live_proposal", fields=["project"], condition=Q(live=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.award}"


class ProposalSplit(models.Model):
    """Which pool bears which part of an item; what no pool bears is 待安排."""

    item = models.ForeignKey(ProposalItem, models.CASCADE, related_name="splits")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    amount = YuanField("金额")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "资金来源"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_split_a_pool", fields=["item", "pool"]),
            models.CheckConstraint(name="a_split_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.amount}"


class Approval(models.Model):
    """市政府批复: its number, date and document, recorded by the government office; covers many projects."""

    proposal = models.OneToOneField(  # none where the approval was taken over from an earlier year
        Proposal, models.PROTECT, null=True, blank=True, related_name="approval"
    )
    number = models.CharField("批复文号", max_length=60, unique=True)
    on = models.DateField("批复日期")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="approval")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "市政府批复"
        ordering = ["-on"]

    def __str__(self) -> str:
        return self.number


class AwardQuerySet(OfProjectQuerySet):
    """As visible as its project."""


class Award(models.Model):
    """What a project was granted, and how much of it is in force, under way, paid, returned, recovered."""

    project = models.OneToOneField("applications.Project", models.PROTECT, related_name="award")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="awards")
    limit = YuanField("支持上限")
    ceiling = YuanField("第六条上限", null=True, blank=True)
    granted = YuanField("核定额（未扣已获支持）")
    amount = YuanField("核定支持")
    central = YuanField("其中中央资金", default=0)
    entitlement = YuanField("现行应享支持")
    in_payment = YuanField("拨付中", default=0)
    paid = YuanField("已拨", default=0)
    returned = YuanField("银行退回", default=0)
    demanded = YuanField("应追回", default=0)
    recovered = YuanField("已追回", default=0)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = "核定支持"
        ordering = ["project"]
        constraints = [
            models.CheckConstraint(
                name="an_award_is_within_its_limit",
                condition=Q(amount__lte=F("granted"), granted__lte=F("limit"), entitlement__lte=F("amount"), entitlement__gte=0),
            ),
            models.CheckConstraint(
                name="central_money_is_within_the_ceiling",
                condition=Q(central=0) | Q(ceiling__isnull=False, central__lte=F("ceiling")),
            ),
            models.CheckConstraint(
                name="no_payment_beyond_the_award",
                condition=Q(in_payment__lte=F("amount") + F("returned") + F("recovered") - F("paid")),
            ),
            models.CheckConstraint(
                name="recovered_within_demanded_within_paid",
                condition=Q(recovered__lte=F("demanded"), demanded__lte=F("paid") - F("returned")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_id}: {self.amount}"

    @property
    def net(self) -> Any:
        """What the enterprise holds: paid − returned by the bank − recovered, in 元."""
        return self.paid - self.returned - self.recovered


class AwardLine(models.Model):
    """One pool's part of an award."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="lines")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="award_lines")
    entitled = YuanField("应享")
    committed = YuanField("承诺")  # what is still promised or paid: never less than is held by the enterprise
    paid = YuanField("已拨", default=0)
    returned = YuanField("退回或追回", default=0)

    class OfAwardQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(award__in=Award.objects.visible_to(user))

    objects = OfAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "核定支持来源"
        ordering = ["award", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_line_a_pool_in_an_award", fields=["award", "pool"]),
            models.CheckConstraint(
                name="a_line_never_holds_more_than_was_paid",
                condition=Q(entitled__gte=0, committed__gte=0, returned__gte=0, returned__lte=F("paid")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.committed}"

    @property
    def net(self) -> Any:
        """What the enterprise holds of this pool's money, in 元."""
        return self.paid - self.returned


class AgreementQuerySet(OfProjectQuerySet):
    def to_be_signed(self) -> Self:
        """Those that wait for a signature; a 补充协议 while money is being paid out alone."""
        runs = Q(amends=None) | Q(project__state=State.DISBURSEMENT)
        return self.filter(runs, state__in=UNSIGNED)

    def current_first(self) -> Self:
        """What holds or waits for signatures, then what once held, then what lapsed unsigned; each the latest first."""
        held = Q(bureau_signed_at__isnull=False, enterprise_signed_at__isnull=False)
        rank = Case(When(state__in=RUNNING, then=0), When(held, then=1), default=2)
        return self.order_by(rank, "-edition")


class Agreement(AgreementWorkflow):
    """任务书: what was promised for what money; version 1, then supplementary agreements (补充协议) that amend it."""

    moved_with = ("project",)

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="agreements")
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")
    edition = models.PositiveSmallIntegerField("版本", default=1)
    number = models.CharField("任务书编号", max_length=40, unique=True)
    text = models.JSONField("内容", default=dict)
    terms = models.JSONField("约定", default=dict, blank=True)  # what the text was composed from, beside the filing
    sign_by = models.DateField("签署期限")
    drawn_at = models.DateTimeField()
    bureau_signed_at = models.DateTimeField(null=True, blank=True)
    bureau_signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    enterprise_signed_at = models.DateTimeField(null=True, blank=True)
    enterprise_signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "任务书"
        ordering = ["project", "-edition"]
        constraints = [models.UniqueConstraint(name="agreements_are_counted", fields=["project", "edition"])]

    def __str__(self) -> str:
        return f"补充协议 第 {self.edition - 1} 号" if self.amends_id else f"任务书 第 {self.edition} 版"

    @property
    def kind(self) -> str:
        return "补充协议" if self.amends_id else "任务书"

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.pk])


class AgreementScan(models.Model):
    """签章扫描件: the paper both sides sealed, tied to the text it was printed from; a better scan is added, never put over."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="scans")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    text_digest = models.CharField("内容摘要", max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class OfAgreementQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(agreement__in=Agreement.objects.visible_to(user))

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "签章扫描件"
        ordering = ["agreement", "-added_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.file_id}"
