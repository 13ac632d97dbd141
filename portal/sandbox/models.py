"""Scenarios of the policy sandbox and what came out of them. No row here points at a project, and none is read by a room."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.models import BUREAU_ROLES, FINANCE_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role
from policy import versions
from policy.rules import Version

PERSON = settings.AUTH_USER_MODEL


class ScenarioQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """A side sees its own scenarios (bureau or finance), supervision all of them."""
        if has_role(user, Role.SUPERVISOR):
            return self
        if not has_role(user, *BUREAU_ROLES, *FINANCE_ROLES):
            return self.none()
        side = Q(organisation=user.organisation_id, organisation__isnull=False)
        return self.filter(side | Q(created_by=user))


class Scenario(models.Model):
    """A variation over one policy version, for the projects a filter chooses; pools in 元, empty = without limit."""

    name = models.CharField("名称", max_length=60)
    base_version = models.CharField("基准版本", max_length=40)
    variation = models.JSONField("改动", default=dict, blank=True)
    chosen = models.JSONField("项目范围", default=dict, blank=True)
    base_central_pool = YuanField("基准中央资金", null=True, blank=True)
    base_local_pool = YuanField("基准地方资金", null=True, blank=True)
    central_pool = YuanField("中央资金", null=True, blank=True)
    local_pool = YuanField("地方资金", null=True, blank=True)
    shares = models.JSONField("分批比例", default=list)  # of ratios as text: ["0.5", "0.5"]
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = "沙盘方案"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="pools_of_a_scenario_are_not_negative",
                condition=(Q(central_pool__isnull=True) | Q(central_pool__gte=0))
                & (Q(local_pool__isnull=True) | Q(local_pool__gte=0)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sandbox-scenario", args=[self.pk])

    @property
    def base(self) -> Version:
        """The policy as it was adopted; raises policy.versions.UnknownVersion."""
        return versions.load(self.base_version)

    @property
    def version(self) -> Version:
        """The policy as varied; raises policy.versions.UnknownVersion, policy.rules.PolicyDataError."""
        return versions.load(self.base_version, self.variation)

    @property
    def asked(self) -> dict[str, Any]:
        """The filter, with the version which says what a pilot industry is."""
        return {**self.chosen, "base": self.base_version}

    @property
    def plan(self) -> tuple[Decimal, ...]:
        """Instalment ratios, adding up to one."""
        return tuple(Decimal(share) for share in self.shares)


class OfScenarioQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(scenario__in=Scenario.objects.visible_to(user))


class ScenarioResult(models.Model):
    """What came out, kept as it was on that day: sums for the page, one compact row a project (amounts in 分)."""

    scenario = models.OneToOneField(Scenario, models.CASCADE, related_name="result")
    made_at = models.DateTimeField("测算时间")
    projects = models.PositiveIntegerField("项目数")
    summary = models.JSONField(encoder=DjangoJSONEncoder)
    rows = models.JSONField(encoder=DjangoJSONEncoder)

    objects = OfScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = "沙盘结果"

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.projects}"
