"""Experts, what binds them to whom, and their assignments to projects (第九条三)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role


class ExpertQuerySet(ScopedQuerySet):
    def unconflicted_with(self, organisation_id: int, on: date) -> Self:
        """Experts not employed by an organisation and with no declaration against it in force that day."""
        bound = Conflict.objects.filter(expert=OuterRef("pk"), organisation=organisation_id).in_force(on)
        return self.exclude(Q(employer=organisation_id) | Q(user__organisation=organisation_id)).exclude(Exists(bound))

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.filter(user=user)


class Expert(models.Model):
    """A person of the pool: fields of knowledge and employer."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert")
    fields = models.JSONField("专业领域", default=list)  # of short words, e.g. 电力装备
    employer = models.ForeignKey(
        "core.Organisation", models.PROTECT, null=True, blank=True, related_name="experts_employed"
    )
    is_active = models.BooleanField("在库", default=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        ordering = ["user__name", "pk"]

    def __str__(self) -> str:
        return str(self.user)


class ConflictKind(models.TextChoices):
    EMPLOYER = "employer", "任职"
    SHAREHOLDING = "shareholding", "持股"
    SERVICE = "service", "三年内提供服务"
    KIN = "kin", "亲属"
    SUPPLIER = "supplier", "供应商"
    OTHER = "other", "其他"


class ConflictQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on))

    def _visible_to_person(self, user: Any) -> Self:
        if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
            return self
        return self.filter(expert__user=user)


class Conflict(models.Model):
    """A declared interest (利益申报): this expert does not judge this organisation."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="conflicts")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("关系", max_length=16, choices=ConflictKind)
    note = models.CharField("说明", max_length=200, blank=True)
    declared_at = models.DateTimeField("申报时间")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_on = models.DateField("失效", null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "利益申报"
        ordering = ["-declared_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.get_kind_display()} {self.organisation_id}"


class AssignmentQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        """Those that count now: neither declined by the expert nor left behind by a new round."""
        return self.filter(declined_at=None, retired_at=None)

    def _visible_to_person(self, user: Any) -> Self:
        if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
            return self
        if has_role(user, Role.EXPERT):
            return self.filter(expert__user=user, open=True)
        return self.none()


class Assignment(models.Model):
    """One expert asked to judge one project. `open` is what lets him see the project at all."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="assignments")
    open = models.BooleanField("评分开放", default=True)
    due_on = models.DateField("评分期限", null=True, blank=True)
    assigned_at = models.DateTimeField("指派时间")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declined_at = models.DateTimeField("回避时间", null=True, blank=True)
    declined_because = models.CharField("回避原因", max_length=200, blank=True)
    retired_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "专家指派"
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["expert", "open"], name="expert_desk")]
        constraints = [
            models.UniqueConstraint(
                name="an_expert_judges_a_project_once_a_round",
                fields=["project", "expert"],
                condition=Q(declined_at__isnull=True, retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_declined_or_retired_assignment_is_shut",
                condition=Q(open=False) | Q(declined_at__isnull=True, retired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}:{self.expert_id}"
