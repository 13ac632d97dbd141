"""接续: running projects of earlier years, as a sheet says they stand; confirmed by two persons besides who imported it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from applications.states import State
from core.models import ScopedQuerySet
from core.money import YuanField
from disbursement.models.awards import AwardLine
from disbursement.models.pools import MoneyQuerySet, Pool
from disbursement.pool_workflow import TakeOverWorkflow
from disbursement.states import TakeOverState

PERSON = settings.AUTH_USER_MODEL
REACHABLE = (State.AGREEMENT, State.DISBURSEMENT, State.ACCEPTANCE)


class TakeOverSheet(TakeOverWorkflow):
    """One sheet: its file, who imported, checked and confirmed it."""

    title = models.CharField("名称", max_length=120)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField("内容指纹", max_length=64)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = "接续清单"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_take_over_sheet_is_imported_once",
                fields=["sha256"],
                condition=~Q(state=TakeOverState.DISCARDED),
            ),
            models.CheckConstraint(
                name="three_persons_take_over",
                condition=(Q(checked_by=None) | ~Q(checked_by=F("imported_by")))
                & (Q(confirmed_by=None) | ~Q(confirmed_by=F("checked_by")) & ~Q(confirmed_by=F("imported_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("take-over", args=[self.pk])


class OfSheetQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(sheet__in=TakeOverSheet.objects.visible_to(user))


class TakeOverRow(models.Model):
    """One project as the sheet says it stands; amounts in 元."""

    sheet = models.ForeignKey(TakeOverSheet, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField("行")
    enterprise = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    title = models.CharField("项目名称", max_length=120)
    year = models.PositiveSmallIntegerField("申报年度")
    track = models.CharField("类别", max_length=12)
    industry = models.CharField("行业", max_length=4)
    chain_leader = models.BooleanField("链主", default=False)
    investment = YuanField("投资总额")
    land_and_building = YuanField("土地厂房")
    notice_closed_on = models.DateField("公示结束")
    approval_number = models.CharField("批复文号", max_length=60)
    approved_on = models.DateField("批复日期")
    agreement_number = models.CharField("任务书编号", max_length=40, blank=True)
    signed_on = models.DateField("签署日期", null=True, blank=True)
    reached = models.CharField("环节", max_length=24, choices=[(state.value, state.label) for state in REACHABLE])
    award = YuanField("核定支持")
    project = models.OneToOneField(
        "applications.Project", models.PROTECT, null=True, blank=True, related_name="take_over_row"
    )

    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "接续项目"
        ordering = ["sheet", "position"]
        constraints = [
            models.UniqueConstraint(name="take_over_rows_are_counted", fields=["sheet", "position"]),
            models.CheckConstraint(
                name="what_is_paid_is_signed_for",
                condition=Q(reached=State.AGREEMENT) | Q(signed_on__isnull=False) & ~Q(agreement_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfRowQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(row__in=TakeOverRow.objects.visible_to(user))


class OpeningBalance(models.Model):
    """期初: what one pool was granted for and has paid to a project before it was taken over, in 元."""

    row = models.ForeignKey(TakeOverRow, models.PROTECT, related_name="openings")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="openings")
    granted = YuanField("核定")
    paid = YuanField("已拨")
    line = models.OneToOneField(AwardLine, models.PROTECT, null=True, blank=True, related_name="opening")

    objects = OfRowQuerySet.as_manager()

    class Meta:
        verbose_name = "期初余额"
        ordering = ["row", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_opening_a_pool", fields=["row", "pool"]),
            models.CheckConstraint(
                name="an_opening_paid_no_more_than_granted",
                condition=Q(granted__gt=0, paid__gte=0, paid__lte=F("granted")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.paid}/{self.granted}"


class TakeOverPaper(models.Model):
    """A document of an earlier year that came with a sheet: 批复, 任务书, 回单."""

    row = models.ForeignKey(TakeOverRow, models.PROTECT, related_name="papers")
    name = models.CharField("名称", max_length=80)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = OfRowQuerySet.as_manager()

    class Meta:
        verbose_name = "接续资料"
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return self.name
