"""A colleague is invited into an enterprise's account."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models

from core.models import ENTERPRISE_ROLES, Organisation, ScopedQuerySet
from core.people import has_role


class InvitationQuerySet(ScopedQuerySet):
    def waiting_at(self, at: datetime) -> Self:
        """Those that still serve: not accepted, not cancelled, not run out."""
        return self.filter(accepted_at=None, cancelled_at=None, expires_at__gt=at)

    def _visible_to_person(self, user: Any) -> Self:
        """The people of the enterprise that invites."""
        if has_role(user, *ENTERPRISE_ROLES):
            return self.filter(organisation=user.organisation_id, organisation__isnull=False)
        return self.none()


class Invitation(models.Model):
    """A colleague is invited by mail; the link is kept as a digest only, serves once and runs out."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", max_length=150)
    roles = models.JSONField("岗位", default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField("邀请时间")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("有效至")
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "成员邀请"
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_invitation_is_accepted_or_cancelled_not_both",
                condition=models.Q(accepted_at=None) | models.Q(cancelled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.name}"
