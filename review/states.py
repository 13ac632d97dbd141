"""The states of the review room's own machines: a score sheet, a draw, a public notice, an objection."""

from __future__ import annotations

from django.db import models


class SheetState(models.TextChoices):
    """A score sheet is locked once it is submitted."""

    DRAFT = "draft", "评分中"
    SUBMITTED = "submitted", "已提交"


class NoticeState(models.TextChoices):
    DRAFT = "draft", "拟稿"
    PUBLISHED = "published", "公示中"
    CLOSED = "closed", "已结束"


class ObjectionState(models.TextChoices):
    RECEIVED = "received", "待指派"
    ASSIGNED = "assigned", "核查中"
    REPORTED = "reported", "待答复"
    DISMISSED = "dismissed", "不成立"
    UPHELD = "upheld", "成立"


OPEN_OBJECTIONS = (ObjectionState.RECEIVED, ObjectionState.ASSIGNED, ObjectionState.REPORTED)


class DrawState(models.TextChoices):
    COMMITTED = "committed", "名单已锁定"
    DRAWN = "drawn", "已抽取"
    CANCELLED = "cancelled", "已作废"
