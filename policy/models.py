"""Adoptions: which policy version both bureaux stand behind, with which settings, and which projects it reaches."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.people import BUREAU_ROLES, DISTRICT_ROLES, FINANCE_ROLES, Role
from core.models.scoped import ScopedQuerySet
from core.people import has_role
from policy.rules import Version
from policy.states import AdoptionState, Reach
from policy.workflow import AdoptionWorkflow

READERS = (*BUREAU_ROLES, *FINANCE_ROLES, *DISTRICT_ROLES, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR, Role.ASSESSOR)


class AdoptionQuerySet(ScopedQuerySet):
    """The public reads what was adopted; officials also what is proposed."""

    def visible_to_public(self) -> Self:
        return self.adopted()

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *READERS) else self.adopted()

    def adopted(self) -> Self:
        return self.filter(state=AdoptionState.ADOPTED)


class PolicyAdoption(AdoptionWorkflow):
    """One version with its settings, proposed by 市工信局 and agreed by 市财政局 (第三、十七条)."""

    version_key = models.CharField("政策版本", max_length=20)
    variation = models.JSONField("对版本的设定", default=dict, blank=True)
    version_digest = models.CharField("内容摘要", max_length=64)
    reason = models.TextField("理由")
    reaches = models.CharField("适用的未办结项目", max_length=20, choices=Reach, default=Reach.NEW_ONLY)
    listed_projects = models.JSONField("逐项列明的项目编号", default=list, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人（市工信局）"
    )
    proposed_at = models.DateTimeField("提出时间")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="同意人（市财政局）"
    )
    agreed_at = models.DateTimeField("采用时间", null=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = "政策版本的采用"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_adoption_is_agreed_when_adopted",
                condition=Q(state="adopted", agreed_by__isnull=False, agreed_at__isnull=False)
                | (~Q(state="adopted") & Q(agreed_by__isnull=True, agreed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="an_adoption_takes_two_persons",
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["version_digest"],
                name="a_policy_content_is_proposed_once_at_a_time",
                condition=Q(state__in=["proposed", "adopted"]),
            ),
        ]

    def __str__(self) -> str:
        return f"政策版本 {self.name}"

    @property
    def name(self) -> str:
        """The key by which calls and determinations name it: the file's, with the adoption's number where it varies."""
        return f"{self.version_key}/{self.pk}" if self.variation else self.version_key

    @property
    def rules(self) -> Version:
        """The version itself; reads policy/versions, not the database."""
        from policy import versions

        return versions.named(self.name, self.version_key, self.variation)

    @property
    def state_tone(self) -> str:
        tones = {AdoptionState.ADOPTED: "ok", AdoptionState.PROPOSED: "warn"}
        return tones.get(AdoptionState(self.state), "off")
