"""Public notices, the projects they show, and what the public objects to (第九条三)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.encryption import EncryptedTextField
from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role
from review.states import NoticeState, ObjectionState
from review.workflow import ObjectionWorkflow, PublicNoticeWorkflow


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
        pending = Objection.objects.filter(entry=OuterRef("pk"), state=ObjectionState.RECEIVED)
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


class ObjectionQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision alone: who objected is hidden from district and enterprise."""
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class Objection(ObjectionWorkflow):
    """An objection from the public, real-named; it stops only the project it names. The receipt opens its progress page."""

    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    receipt = models.CharField("受理编号", max_length=24, unique=True)
    name = EncryptedTextField("姓名")
    organisation = EncryptedTextField("单位", blank=True, default="")
    contact = EncryptedTextField("联系方式")
    grounds = models.TextField("事实与理由")
    evidence = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="objection")
    hold = models.OneToOneField("applications.Hold", models.PROTECT, related_name="objection")
    filed_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer_ground = models.OneToOneField(
        "core.Ground", models.PROTECT, null=True, blank=True, related_name="objection_answered"
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "公示异议"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="objections_by_clock")]
        constraints = [
            models.CheckConstraint(
                name="an_answered_objection_has_its_answer",
                condition=Q(state=ObjectionState.RECEIVED, answer_ground__isnull=True)
                | (Q(answer_ground__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return f"异议 {self.receipt}"
