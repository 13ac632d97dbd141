"""进度报告: how far a supported project is, with its papers; what instalments by progress are paid on (第十二条)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from applications.models import OfProjectQuerySet
from core.models import ScopedQuerySet
from core.money import YuanField
from disbursement.progress_workflow import ProgressWorkflow

PERSON = settings.AUTH_USER_MODEL


class ProgressReport(ProgressWorkflow):
    """One report of an enterprise. Investment in 元 without VAT, since the beginning; progress in whole percent."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="progress_reports")
    as_of = models.DateField("截至日期")
    invested = YuanField("累计完成投资")
    progress = models.PositiveSmallIntegerField("建设进度（%）")
    summary = models.TextField("进展说明")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("退回原因", max_length=400, blank=True)
    ground = models.ForeignKey("core.Ground", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "进度报告"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_report_says_how_far_it_is", condition=Q(progress__lte=100, invested__gte=0)),
            models.CheckConstraint(
                name="who_reports_progress_does_not_check_it",
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("reported_by")),
            ),
            models.UniqueConstraint(
                name="one_report_of_progress_waits_a_project", fields=["project"], condition=Q(state="reported")
            ),
        ]

    def __str__(self) -> str:
        return f"进度报告 {self.progress}%"

    def get_absolute_url(self) -> str:
        return reverse("progress-report", args=[self.pk])


class ProgressPaper(models.Model):
    """One paper to a report: pictures, invoices, a supervisor's record."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="papers")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")

    class OfReportQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(report__in=ProgressReport.objects.visible_to(user))

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "进度报告材料"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.file_id}"
