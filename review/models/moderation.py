"""What keeps the scores honest: every change of a sheet, results per project, second rounds, visits on site (第九条三)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models import Project
from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role
from review.models.scores import OfSheetQuerySet, ScoreSheet

A_WIDE_SPREAD = 40  # half points: more than 20 points apart


class ScoreChange(models.Model):
    """One change of one item of a sheet, as it was saved; rows are only added. An empty item is the comment on the whole."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="changes")
    item = models.ForeignKey("applications.RubricItem", models.PROTECT, null=True, related_name="+")
    half_points = models.PositiveSmallIntegerField("得分（半分）", null=True)
    comment = models.TextField("理由", blank=True)
    at = models.DateTimeField("时间")

    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "评分修改记录"
        ordering = ["sheet", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id}:{self.item_id}"

    @property
    def points(self) -> Decimal | None:
        return None if self.half_points is None else Decimal(self.half_points) / 2


class OfBureauQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class ScoreResult(models.Model):
    """How far the scoring of a project is; mean and spread stand here once all are in, and not before (review.services.results)."""

    project = models.OneToOneField("applications.Project", models.PROTECT, related_name="score_result")
    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="score_results")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    asked = models.PositiveSmallIntegerField("专家人数", default=0)
    handed_in = models.PositiveSmallIntegerField("已交", default=0)
    mean_hundredths = models.PositiveIntegerField("平均分（百分之一分）", null=True)
    spread_half_points = models.PositiveSmallIntegerField("极差（半分）", null=True)

    objects = OfBureauQuerySet.as_manager()

    class Meta:
        verbose_name = "评分结果"
        ordering = ["project"]
        indexes = [models.Index(fields=["call", "-mean_hundredths", "project"], name="ranking_of_a_call")]
        constraints = [
            models.CheckConstraint(
                name="a_mean_stands_only_when_all_are_in",
                condition=Q(mean_hundredths__isnull=True, spread_half_points__isnull=True)
                | Q(mean_hundredths__isnull=False, spread_half_points__isnull=False, handed_in=models.F("asked")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id}"

    @property
    def mean(self) -> Decimal | None:
        """Points with two decimals; None until all are in."""
        return None if self.mean_hundredths is None else Decimal(self.mean_hundredths).scaleb(-2)

    @property
    def is_wide(self) -> bool:
        """True where the totals lie so far apart that a second round is due."""
        return (self.spread_half_points or 0) > A_WIDE_SPREAD

    @property
    def spread(self) -> Decimal | None:
        """Points between the highest and the lowest total."""
        return None if self.spread_half_points is None else Decimal(self.spread_half_points) / 2


class SecondRound(models.Model):
    """A round of scoring opened because the first lay too far apart; its sheets are new, the old ones are kept."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="second_rounds")
    number = models.PositiveSmallIntegerField("轮次")
    reason = models.TextField("复评理由")
    mean_hundredths = models.PositiveIntegerField("上一轮平均分（百分之一分）")
    spread_half_points = models.PositiveSmallIntegerField("上一轮极差（半分）")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="second_round")
    opened_at = models.DateTimeField("时间")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfBureauQuerySet.as_manager()

    class Meta:
        verbose_name = "复评"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(name="rounds_of_a_project_are_numbered", fields=["project", "number"]),
            models.CheckConstraint(name="a_second_round_says_why", condition=Q(number__gte=2) & ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} 第 {self.number} 轮"


class SiteVisitQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision; the district of the project; whoever goes along; a scorer through his own page."""
        if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
            return self
        going = Q(visitors__person=user)
        if has_role(user, Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD):
            return self.filter(going | Q(project__in=Project.objects.visible_to(user))).distinct()
        return self.filter(going).distinct()


class SiteVisit(models.Model):
    """A visit on site (现场核查): planned with its visitors, then told with findings and photos."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="site_visits")
    planned_on = models.DateField("核查日期")
    place = models.CharField("地点", max_length=200)
    purpose = models.TextField("核查内容")
    planned_at = models.DateTimeField("安排时间")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    visited_on = models.DateField("实际核查日期", null=True, blank=True)
    findings = models.TextField("核查情况", blank=True)
    blind_findings = models.TextField("匿名核查情况", blank=True)  # all that scorers of a blind call are shown
    reported_at = models.DateTimeField("填报时间", null=True, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="site_visit")

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "现场核查"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_reported_visit_has_its_findings_and_its_ground",
                condition=Q(reported_at__isnull=True, ground__isnull=True, findings="")
                | (Q(reported_at__isnull=False, ground__isnull=False, visited_on__isnull=False) & ~Q(findings="")),
            )
        ]

    def __str__(self) -> str:
        return f"现场核查 {self.planned_on}"


class OfVisitQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(visit__in=SiteVisit.objects.visible_to(user))


class SiteVisitor(models.Model):
    """Who goes along."""

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="visitors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "核查人员"
        ordering = ["visit", "pk"]
        constraints = [models.UniqueConstraint(name="a_person_visits_once", fields=["visit", "person"])]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.person_id}"


class SitePhoto(models.Model):
    """A picture taken on site."""

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="photos")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField("说明", max_length=120, blank=True)

    objects = OfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "核查照片"
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.file_id}"
