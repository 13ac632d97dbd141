"""A job: one long task as a row, so that no worker and no broker that dies can lose it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.http import url_has_allowed_host_and_scheme

from core.models.scoped import ScopedQuerySet


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class JobQuerySet(ScopedQuerySet):
    """Jobs by whom and by whether somebody must send them again."""

    def _visible_to_person(self, user: Any) -> Self:
        """Only one's own jobs: their files may hold what the asker alone may see."""
        return self.filter(created_by=user)

    def to_send_again(self, at: datetime) -> Self:
        """Waiting jobs whose sending went astray, and running jobs whose worker died (lease expired)."""
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING], lease_until__lt=at)


class Job(models.Model):
    """One long task: what, for whom, how far, with what result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("任务", max_length=60)
    title = models.CharField("名称", max_length=200, blank=True)
    facts = models.JSONField("参数", default=dict)
    key = models.CharField("幂等键", max_length=200, null=True, blank=True)  # noqa: DJ001 - many jobs have none, and it is unique
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    progress = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    result_file = models.ForeignKey(
        "core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结果文件"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    lease_until = models.DateTimeField("租约到期", help_text="到时仍未完成则再次派发")
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"], name="jobs_to_send_again")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="a_job_is_asked_for_once_per_key", condition=Q(key__isnull=False)
            ),
            models.CheckConstraint(
                name="a_job_never_passes_its_total", condition=Q(total=0) | Q(progress__lte=F("total"))
            ),
            models.CheckConstraint(
                name="a_job_is_finished_when_done_or_failed",
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def percent_done(self) -> int:
        """0–100 for the progress bar."""
        if self.state == JobState.DONE:
            return 100
        return self.progress * 100 // self.total if self.total else 0

    @property
    def may_start_again(self) -> bool:
        return self.state == JobState.FAILED

    @property
    def tone(self) -> str:
        """The colour of the state's tag."""
        return {JobState.DONE: "ok", JobState.FAILED: "stop", JobState.RUNNING: "now"}.get(JobState(self.state), "")

    @property
    def back_url(self) -> str:
        """Where the person came from: a path of this portal, else nothing."""
        path = str(self.facts.get("back", ""))
        return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
