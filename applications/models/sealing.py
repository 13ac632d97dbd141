"""The 申报书 an enterprise prints, seals, scans and hands in: what stood in the draft when it was printed."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models

from applications.models.filings import Draft
from core.models import ScopedQuerySet


class SealSheet(models.Model):
    """One printed state of a draft; its QR code and its short code lead back here."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="sheets")
    content = models.CharField("内容摘要", max_length=64)  # facts.sealing.content_of_draft, without the materials
    printed_at = models.DateTimeField("打印时间")
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class SealSheetQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(draft__in=Draft.objects.visible_to(user))

    objects = SealSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "盖章稿"
        ordering = ["printed_at"]
        constraints = [models.UniqueConstraint(name="one_sheet_of_a_content", fields=["draft", "content"])]

    def __str__(self) -> str:
        return f"{self.draft_id}:{self.content[:12]}"


class SealReading(models.TextChoices):
    """How a scan was tied to the sheet it shows."""

    NONE = "", "不是盖章件"
    WAITING = "waiting", "正在读取二维码"
    QR = "qr", "由二维码认出"
    TYPED = "typed", "由编码认出"
    UNREAD = "unread", "没有读到二维码"
