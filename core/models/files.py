"""A stored file: who brought which content under which name; the content itself lies in private storage by its hash."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models

from core.models.scoped import ScopedQuerySet


class ScanState(models.TextChoices):
    """What the virus scanner said."""

    OFF = "off", "未查毒"
    WAITING = "waiting", "正在查毒"
    CLEAN = "clean", "已查毒"
    INFECTED = "infected", "发现病毒"
    GENERATED = "generated", "系统生成"


FIT_FOR_OTHERS = (ScanState.OFF, ScanState.CLEAN, ScanState.GENERATED)


class StoredFileQuerySet(ScopedQuerySet):
    """Files a person may name by themselves; whoever attaches a file to a record guards it by that record."""

    def _visible_to_person(self, user: Any) -> Self:
        """Own uploads only. A material, opinion or report lets its readers in through its own record."""
        return self.filter(uploaded_by=user)


class StoredFile(models.Model):
    """One upload or one generated document. Of a row only the scanner's word changes; several may share one content."""

    sha256 = models.CharField("内容指纹", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    content_type = models.CharField("类型", max_length=100)
    original_name = models.CharField("文件名", max_length=255)
    kind = models.CharField("用途", max_length=60)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )  # null: written by the system
    uploaded_at = models.DateTimeField("上传时间")
    scan_state = models.CharField("查毒", max_length=10, choices=ScanState.choices, default=ScanState.OFF)
    warning = models.CharField("提示", max_length=200, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_stored_file_has_its_whole_fingerprint", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="a_stored_file_is_not_empty", condition=models.Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_fit_for_others(self) -> bool:
        """False while it waits for the virus scanner, and for ever where that found something."""
        return self.scan_state in FIT_FOR_OTHERS

    @property
    def is_waiting(self) -> bool:
        return self.scan_state == ScanState.WAITING

    @property
    def is_infected(self) -> bool:
        return self.scan_state == ScanState.INFECTED

    @property
    def storage_name(self) -> str:
        """Where the content lies in private storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"

    @property
    def size_shown(self) -> str:
        """Size for people: 3.4 MB, 120 KB."""
        if self.size >= 1024 * 1024:
            return f"{self.size / (1024 * 1024):.1f} MB"
        return f"{max(1, round(self.size / 1024))} KB"


class Preview(models.Model):
    """Page images of one content, made by a job; they lie in private storage beside it, as readable as the file."""

    class State(models.TextChoices):
        WAITING = "waiting", "正在生成"
        READY = "ready", "可以预览"
        NONE = "none", "不能预览"

    sha256 = models.CharField("内容指纹", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    pages = models.JSONField("各页宽高（像素）", default=list)  # of [width, height], the first pages only
    page_count = models.PositiveIntegerField("总页数", default=0)
    note = models.CharField("说明", max_length=200, blank=True)
    made_at = models.DateTimeField("生成时间")

    class PreviewQuerySet(ScopedQuerySet):
        """Reached by way of a file alone, which its record guards."""

        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(sha256__in=StoredFile.objects.visible_to(user).values("sha256"))

    objects = PreviewQuerySet.as_manager()

    class Meta:
        verbose_name = "文件预览"

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.get_state_display()}"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def page_name(self, number: int) -> str:
        """Where the image of a page (from 1) lies in private storage."""
        return f"previews/{self.sha256[:2]}/{self.sha256}/{number:04d}"
