"""What the automatic checks found in a submission, and which stops a lead has waived."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from applications.models.filings import OfSubmissionQuerySet, Submission


class CheckOutcome(models.TextChoices):
    OK = "ok", "通过"
    WARN = "warn", "请核对"
    STOP = "stop", "不通过"
    MANUAL = "manual", "人工核对"


TONES = {CheckOutcome.OK: "ok", CheckOutcome.WARN: "warn", CheckOutcome.STOP: "stop", CheckOutcome.MANUAL: ""}


class CheckResult(models.Model):
    """The answer of one rule to one submission; replaced as a whole by the next run."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="check_results")
    position = models.PositiveSmallIntegerField("序号")
    rule = models.SlugField("规则", max_length=40)
    label = models.CharField("名称", max_length=40)
    outcome = models.CharField("结果", max_length=8, choices=CheckOutcome)
    found = models.TextField("发现")
    todo = models.CharField("怎么办", max_length=200, blank=True)
    clause = models.CharField("依据", max_length=40)
    checked_at = models.DateTimeField("核对时间")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "系统核对结果"
        ordering = ["submission", "position"]
        constraints = [models.UniqueConstraint(name="one_answer_a_rule", fields=["submission", "rule"])]

    def __str__(self) -> str:
        return f"{self.label}：{self.get_outcome_display()}"

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return TONES[self.outcome]


class CheckWaiver(models.Model):
    """A lead lets one finding pass, with a reason. It covers what was found then, and nothing found later."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="check_waivers")
    rule = models.SlugField("规则", max_length=40)
    found = models.TextField("放行的发现")
    reason = models.TextField("理由")
    waived_at = models.DateTimeField("放行时间")
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "核对放行"
        ordering = ["waived_at"]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.rule}"
