"""The panel (评审会): who sat, what was said, and what it concluded of each project (第九条三)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role


class PanelQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision: scores and conclusions are not out before the report is."""
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class PanelMeeting(models.Model):
    """One meeting over projects of a call; it ends in the report that rests on it."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="panel_meetings")
    held_on = models.DateField("会议日期")
    place = models.CharField("地点", max_length=80)
    others = models.CharField("其他出席人员", max_length=400, blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    minutes_file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    version = models.PositiveIntegerField("版次", default=1)
    report = models.OneToOneField("review.ReviewReport", models.PROTECT, null=True, blank=True, related_name="panel")

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = "评审会"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} 评审会"


class OfPanelQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(meeting__in=PanelMeeting.objects.visible_to(user))


class PanelMember(models.Model):
    """Somebody who sat on the panel."""

    meeting = models.ForeignKey(PanelMeeting, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="panel_seats")
    is_chair = models.BooleanField("主持", default=False)

    objects = OfPanelQuerySet.as_manager()

    class Meta:
        verbose_name = "评审会成员"
        ordering = ["-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_person_sits_once_on_a_panel", fields=["meeting", "user"]),
            models.UniqueConstraint(name="a_panel_has_one_chair", fields=["meeting"], condition=Q(is_chair=True)),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.user_id}"


class PanelConclusion(models.TextChoices):
    SUPPORT = "support", "建议支持"
    DECLINE = "decline", "不予支持"
    AGAIN = "again", "补充材料后再议"


class PanelItem(models.Model):
    """A project on the panel's table: what it is inclined to conclude, until the report says so."""

    meeting = models.ForeignKey(PanelMeeting, models.CASCADE, related_name="items")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="panel_items")
    conclusion = models.CharField("结论", max_length=10, choices=PanelConclusion, blank=True)
    reasons = models.TextField("理由", blank=True)
    proposed = YuanField("建议金额", null=True, blank=True)

    objects = OfPanelQuerySet.as_manager()

    class Meta:
        verbose_name = "评审会项目"
        ordering = ["meeting", "pk"]
        constraints = [models.UniqueConstraint(name="a_project_lies_once_on_a_table", fields=["meeting", "project"])]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.project_id}"
