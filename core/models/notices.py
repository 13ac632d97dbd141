"""Letters to people: an inbox row first, a mail by job afterwards."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models

from core.models.scoped import ScopedQuerySet


class NoticeQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message to one person about one thing that moved."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    link = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)
    mailed_at = models.DateTimeField("已发邮件", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="inbox_newest_first"),
            models.Index(fields=["id"], name="notices_to_mail", condition=models.Q(mailed_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject
