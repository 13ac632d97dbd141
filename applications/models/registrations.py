"""An enterprise registers itself and is verified by its district before it can file."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.registration_workflow import RegistrationWorkflow
from applications.states import RegistrationState
from core.models import DISTRICT_ROLES, Organisation, Role, ScopedQuerySet
from core.people import district_ids_in_scope, has_role


class RegistrationQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The district its own; the enterprise what it asked; supervision and the administrator all."""
        if has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR):
            return self
        mine = Q(organisation=user.organisation_id, organisation__isnull=False)
        if has_role(user, *DISTRICT_ROLES):
            return self.filter(mine | Q(district__in=district_ids_in_scope(user)))
        return self.filter(mine)


class Registration(RegistrationWorkflow):
    """An enterprise asked for an account by itself; its district answers until `due_on`."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="registrations")
    district = models.ForeignKey("core.District", models.PROTECT, related_name="+")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    due_on = models.DateField("核验期限")
    decided_at = models.DateTimeField("核验时间", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("说明", max_length=200, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "企业注册"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_registration_in_hand_or_verified_an_enterprise",
                fields=["organisation"],
                condition=~Q(state=RegistrationState.REFUSED),
            ),
            models.CheckConstraint(
                name="a_decided_registration_says_when_and_by_whom",
                condition=Q(state=RegistrationState.REQUESTED, decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.get_state_display()}"

    @property
    def state_tone(self) -> str:
        return {RegistrationState.VERIFIED: "ok", RegistrationState.REFUSED: "stop"}.get(self.state, "now")
