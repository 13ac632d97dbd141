"""Score sheets and the review report they end in (第九条三). Points are counted in halves, means in hundredths: no float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from applications.models import Project
from core.models import BUREAU_ROLES, DISTRICT_ROLES, FINANCE_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role, roles_of
from review.models.experts import Assignment
from review.models.panels import PanelConclusion
from review.states import SheetState
from review.workflow import ScoreSheetWorkflow


class ScoreSheetQuerySet(ScopedQuerySet):
    def all_in(self) -> Self:
        """Sheets of projects for which every expert now asked has handed in, and enough experts were asked."""
        return self.filter(self._all_in())

    @staticmethod
    def _all_in() -> Q:
        of_the_project = Assignment.objects.current().filter(project=OuterRef("assignment__project")).order_by()
        counted = of_the_project.values("project").annotate(
            asked=Count("pk"), handed_in=Count("sheet", filter=Q(sheet__state=SheetState.SUBMITTED))
        )
        # grouped, so that the database asks it of one project after another by index, whatever it knows of the table
        complete = counted.filter(asked=F("handed_in"), asked__gte=F("project__call__experts_needed"))
        return Q(Exists(complete), assignment__declined_at=None, assignment__retired_at=None)

    @staticmethod
    def _of_an_earlier_round() -> Q:
        """Sheets of a round that was complete and made way for a second one: nobody scores on it any more."""
        later = apps.get_model("review", "SecondRound").objects.filter(
            project=OuterRef("assignment__project"), number=OuterRef("assignment__round") + 1
        )
        return Q(
            Exists(later),
            state=SheetState.SUBMITTED,
            assignment__declined_at=None,
            assignment__retired_at__isnull=False,
        )

    def _visible_to_person(self, user: Any) -> Self:
        """An expert his own; the bureau and supervision only when all are in: nobody is swayed by another's score."""
        roles = roles_of(user)
        if roles & {*BUREAU_ROLES, Role.SUPERVISOR}:
            return self.filter(self._all_in() | self._of_an_earlier_round())
        if Role.EXPERT in roles:
            return self.filter(assignment__expert__user=user, assignment__open=True)
        return self.none()


class ScoreSheet(ScoreSheetWorkflow):
    """One expert's judgement of one project."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="sheet")
    total_half_points = models.PositiveSmallIntegerField("总分（半分）", default=0)
    comment = models.TextField("总体意见", blank=True)
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    ground = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="score_sheet")

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "评分表"
        ordering = ["assignment"]
        constraints = [
            models.CheckConstraint(name="a_total_is_at_most_a_hundred", condition=Q(total_half_points__lte=200)),
            models.CheckConstraint(
                name="a_submitted_sheet_has_its_ground",
                condition=Q(state=SheetState.DRAFT, ground__isnull=True)
                | Q(state=SheetState.SUBMITTED, ground__isnull=False, submitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"评分表 {self.assignment_id}"

    @property
    def total(self) -> Decimal:
        """Points, in steps of a half."""
        return Decimal(self.total_half_points) / 2


class OfSheetQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(sheet__in=ScoreSheet.objects.visible_to(user))


class ItemScore(models.Model):
    """Points for one item of the rubric; empty until the expert has judged it."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores")
    item = models.ForeignKey("applications.RubricItem", models.PROTECT, related_name="+")
    half_points = models.PositiveSmallIntegerField("得分（半分）", null=True, blank=True)
    comment = models.CharField("评分理由", max_length=500, blank=True)

    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "单项得分"
        ordering = ["item__position", "pk"]
        constraints = [models.UniqueConstraint(name="one_score_an_item", fields=["sheet", "item"])]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.points}"

    @property
    def points(self) -> Decimal | None:
        return None if self.half_points is None else Decimal(self.half_points) / 2


class ReviewReportQuerySet(ScopedQuerySet):
    readers = (*BUREAU_ROLES, Role.SUPERVISOR, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE, *DISTRICT_ROLES)

    def _visible_to_person(self, user: Any) -> Self:
        """Officials who see a project of it; the scores are not for the enterprise or an expert."""
        if not has_role(user, *self.readers):
            return self.none()
        return self.filter(entries__project__in=Project.objects.visible_to(user)).distinct()


class ReviewReport(models.Model):
    """评审报告 over one or more projects of a call; the ground of their conclusion (第九条三)."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="review_reports")
    number = models.CharField("文号", max_length=60, unique=True)
    text = models.TextField("评审结论")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="review_report")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField("时间")
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReviewReportQuerySet.as_manager()

    class Meta:
        verbose_name = "评审报告"
        ordering = ["-concluded_at", "-pk"]

    def __str__(self) -> str:
        return f"评审报告 {self.number}"


class ReportEntryQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        if not has_role(user, *ReviewReportQuerySet.readers):
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(user))


class ReportEntry(models.Model):
    """One project in a report: how many judged it, mean, spread and rank, and what was concluded of it.

    `proposed` is the panel's word on the amount, never above `limit`; the two bureaux settle it after the notice.
    """

    report = models.ForeignKey(ReviewReport, models.PROTECT, related_name="entries")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="report_entries")
    experts = models.PositiveSmallIntegerField("专家人数")
    mean_hundredths = models.PositiveIntegerField("平均分（百分之一分）")
    spread_half_points = models.PositiveSmallIntegerField("极差（半分）", default=0)
    rank = models.PositiveSmallIntegerField("名次", null=True, blank=True)
    conclusion = models.CharField("结论", max_length=10, choices=PanelConclusion, default=PanelConclusion.SUPPORT)
    remark = models.TextField("评审意见", blank=True)
    determination = models.ForeignKey(
        "applications.Determination", models.PROTECT, null=True, blank=True, related_name="+"
    )
    limit = YuanField("测算上限", null=True, blank=True)
    proposed = YuanField("建议金额", null=True, blank=True)

    objects = ReportEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "评审报告项目"
        ordering = ["report", "-mean_hundredths", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_project_stands_once_in_a_report", fields=["report", "project"]),
            models.CheckConstraint(name="a_mean_is_at_most_a_hundred", condition=Q(mean_hundredths__lte=10_000)),
            models.CheckConstraint(
                name="a_panel_proposes_within_the_limit",
                condition=Q(proposed__isnull=True) | Q(limit__isnull=False, proposed__lte=F("limit")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.project_id}"

    @property
    def mean(self) -> Decimal:
        """Points with two decimals."""
        return Decimal(self.mean_hundredths).scaleb(-2)

    @property
    def spread(self) -> Decimal:
        """Highest total less lowest, in points."""
        return Decimal(self.spread_half_points) / 2
