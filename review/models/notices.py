"""Public notices and the projects they show (第九条三)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role
from review.states import OPEN_OBJECTIONS, NoticeState
from review.workflow import PublicNoticeWorkflow


class PublicNoticeQuerySet(ScopedQuerySet):
    def visible_to_public(self) -> Self:
        return self.exclude(state=NoticeState.DRAFT)

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.visible_to_public()


class PublicNotice(PublicNoticeWorkflow):
    """公示: one public document over several projects of a call, with its working-day period."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="public_notices")
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=200)
    days = models.PositiveSmallIntegerField("公示期（工作日）")
    shows_amounts = models.BooleanField("公开拟支持金额", default=False)  # the text settles amounts after the notice
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ends_on = models.DateField("截止日期", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    ground = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="public_notice")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "公示"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_notice_runs_at_least_a_day", condition=Q(days__gte=1)),
            models.CheckConstraint(
                name="a_published_notice_has_its_ground_and_its_end",
                condition=Q(state=NoticeState.DRAFT)
                | Q(ground__isnull=False, published_at__isnull=False, ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class EntryOutcome(models.TextChoices):
    SHOWN = "shown", "公示中"
    PASSED = "passed", "公示期满"
    REMOVED = "removed", "已移出"


class NoticeEntryQuerySet(ScopedQuerySet):
    def with_open_objection(self) -> Self:
        """Adds `under_objection`: true while an objection to this project is not answered."""
        from review.models.objections import Objection

        pending = Objection.objects.filter(entry=OuterRef("pk"), state__in=OPEN_OBJECTIONS)
        return self.annotate(under_objection=Exists(pending))

    def visible_to_public(self) -> Self:
        return self.filter(notice__in=PublicNotice.objects.visible_to_public())

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(notice__in=PublicNotice.objects.visible_to(user))


class NoticeEntry(models.Model):
    """One project as the public sees it: a copy of the published fields, nothing else of the project."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="entries")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="notice_entries")
    position = models.PositiveSmallIntegerField("序号")
    number = models.CharField("项目编号", max_length=24)
    enterprise_name = models.CharField("单位", max_length=120)
    project_title = models.CharField("项目", max_length=120)
    track_name = models.CharField("类别", max_length=8)
    district_name = models.CharField("区县", max_length=20)
    amount = YuanField("拟支持金额", null=True, blank=True)
    outcome = models.CharField("结论", max_length=10, choices=EntryOutcome, default=EntryOutcome.SHOWN)
    decided_at = models.DateTimeField("结论时间", null=True, blank=True)

    objects = NoticeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "公示项目"
        ordering = ["notice", "position"]
        constraints = [
            models.UniqueConstraint(name="a_project_stands_once_in_a_notice", fields=["notice", "project"]),
            models.UniqueConstraint(
                name="a_project_is_shown_in_one_notice_at_a_time",
                fields=["project"],
                condition=Q(outcome=EntryOutcome.SHOWN),
            ),
            models.CheckConstraint(
                name="an_outcome_has_its_moment",
                condition=Q(outcome=EntryOutcome.SHOWN, decided_at__isnull=True)
                | (~Q(outcome=EntryOutcome.SHOWN) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.project_title}"
