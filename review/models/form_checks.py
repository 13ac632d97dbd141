"""The bureau's form check (形式审查) and what other departments say (联审), before and beside the experts (第九条三)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role
from review.models.district import Verdict


class BureauQuerySet(ScopedQuerySet):
    """Papers of the city's own desk: the bureau and supervision; never the enterprise, its district or an expert."""

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class FormPoint(models.TextChoices):
    """What is looked at; the words are the question a person answers."""

    LETTER = "letter", "区县推荐函、初审意见齐全，签批完整"
    MATERIALS = "materials", "材料清单逐项齐全，文件可以打开"
    CONSISTENT = "consistent", "申报书、备案证明与投资明细相互一致"
    ELIGIBLE = "eligible", "申报主体、行业和类别符合申报通知"
    IN_TIME = "in_time", "在申报时间内提交，程序和期限符合通知"
    HONEST = "honest", "不在失信名单，没有重复申报"


class FormCheck(models.Model):
    """One look at one recommended submission: taken by one person, passed on to the experts or sent back."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="form_checks")
    submission = models.ForeignKey("applications.Submission", models.PROTECT, related_name="form_checks")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("领取时间")
    passed_at = models.DateTimeField("通过时间", null=True, blank=True)
    passed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("作废时间", null=True, blank=True)  # the project went back to its district

    objects = BureauQuerySet.as_manager()

    class Meta:
        verbose_name = "形式审查"
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_form_check_in_force_a_project", fields=["project"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_passed_form_check_says_who_passed_it",
                condition=Q(passed_at__isnull=True, passed_by__isnull=True)
                | Q(passed_at__isnull=False, passed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"形式审查 {self.project_id}"


class OfFormCheckQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(form_check__in=FormCheck.objects.visible_to(user))


class FormAnswer(models.Model):
    """What was found of one point."""

    form_check = models.ForeignKey(FormCheck, models.PROTECT, related_name="answers")
    point = models.CharField("要点", max_length=12, choices=FormPoint)
    verdict = models.CharField("结论", max_length=16, choices=Verdict)
    note = models.CharField("说明", max_length=500, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfFormCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "形式审查要点"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_answer_a_point", fields=["form_check", "point"]),
            models.CheckConstraint(
                name="a_questioned_point_says_why", condition=~Q(verdict=Verdict.QUESTIONED) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_point_display()} {self.get_verdict_display()}"


class DepartmentQuerySet(BureauQuerySet):
    def asked_now(self) -> Self:
        """Those that can be asked."""
        return self.filter(is_active=True)


class Department(models.Model):
    """A department of the city that is asked about projects (联审); the bureau keeps the list."""

    name = models.CharField("名称", max_length=40, unique=True)
    usual_question = models.CharField("通常征求的事项", max_length=500, blank=True)
    is_active = models.BooleanField("在用", default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "联审部门"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Stance(models.TextChoices):
    NONE = "none", "无意见"
    REMARKS = "remarks", "有意见"
    AGAINST = "against", "不同意支持"


class Consultation(models.Model):
    """What one department was asked about one project, until when, and what it answered by letter (联审)."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="consultations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="consultations")
    question = models.CharField("征求意见的事项", max_length=500)
    due_on = models.DateField("答复期限")
    asked_at = models.DateTimeField("发出时间")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stance = models.CharField("意见", max_length=8, choices=Stance, blank=True)
    answer = models.TextField("答复内容", blank=True)
    letter_number = models.CharField("复函文号", max_length=60, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("登记时间", null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BureauQuerySet.as_manager()

    class Meta:
        verbose_name = "联审意见"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["recorded_at", "due_on"], name="departments_by_clock")]
        constraints = [
            models.UniqueConstraint(
                name="a_department_is_asked_once_at_a_time", fields=["project", "department"],
                condition=Q(recorded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_recorded_answer_is_whole",
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True, answered_on__isnull=True, stance="")
                | (Q(recorded_at__isnull=False, recorded_by__isnull=False, answered_on__isnull=False) & ~Q(stance="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.department} {self.project_id}"

    @property
    def tone(self) -> str:
        """The tone of its tag, once it is answered."""
        return {Stance.NONE: "ok", Stance.REMARKS: "warn", Stance.AGAINST: "stop"}.get(self.stance, "")

    def is_overdue(self, on: date) -> bool:
        return self.recorded_at is None and self.due_on < on
