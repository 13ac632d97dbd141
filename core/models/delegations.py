"""Standing in for a colleague (代理), and the interests officials declare (第十六条)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core import people
from core.models.people import BUREAU_ROLES, DISTRICT_ROLES, FINANCE_ROLES, Role
from core.models.scoped import ScopedQuerySet

# Who may be stood in for: the officials of a body with more than one person, from the lower duty to the higher.
LADDERS: tuple[tuple[str, ...], ...] = (DISTRICT_ROLES, BUREAU_ROLES, FINANCE_ROLES)
OFFICIALS: tuple[str, ...] = (*DISTRICT_ROLES, *BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE)


def rank_of(roles: frozenset[str]) -> tuple[int, int] | None:
    """Which ladder these roles stand on, and how high; None where they stand on none."""
    found = [(ladder, step) for ladder, rungs in enumerate(LADDERS) for step, role in enumerate(rungs) if role in roles]
    return max(found, key=lambda one: one[1]) if found else None


class DelegationQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        """Begun, not over, not revoked; and the person stood in for still has his account at the same body."""
        return self.filter(
            from_on__lte=on, to_on__gte=on, revoked_at=None, delegator__is_active=True,
            delegator__organisation=F("delegate__organisation"),
        )  # fmt: skip

    def _visible_to_person(self, user: Any) -> Self:
        """The two persons and their colleagues; supervision all."""
        if people.has_role(user, Role.SUPERVISOR):
            return self
        if not people.has_role(user, *OFFICIALS) or user.organisation_id is None:
            return self.none()
        return self.filter(delegator__organisation=user.organisation_id)


class Delegation(models.Model):
    """From a day to a day a colleague acts for a person, with that person's duties; both names are recorded."""

    delegator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held")
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    reason = models.CharField("事由", max_length=200)
    made_at = models.DateTimeField("委托时间")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "代理"
        ordering = ["-from_on", "-pk"]
        indexes = [models.Index(fields=["delegate", "to_on"], name="whom_one_stands_in_for")]
        constraints = [
            models.CheckConstraint(name="a_delegation_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))),
            models.CheckConstraint(name="nobody_stands_in_for_himself", condition=~Q(delegate=F("delegator"))),
            models.CheckConstraint(
                name="a_revoked_delegation_says_who_revoked_it",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} 代 {self.delegator}"

    def covers(self, on: date) -> bool:
        """In force that day."""
        return self.revoked_at is None and self.from_on <= on <= self.to_on


class InterestKind(models.TextChoices):
    SHAREHOLDING = "shareholding", "持股"
    KIN = "kin", "亲属任职或持股"
    FORMER = "former", "三年内曾任职"
    OTHER = "other", "其他可能影响公正的关系"


class InterestQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), ended_at=None)

    def _visible_to_person(self, user: Any) -> Self:
        """One's own; supervision all."""
        return self if people.has_role(user, Role.SUPERVISOR) else self.filter(person=user)


class Interest(models.Model):
    """What an official declares (利益申报): he does not handle the filings of this enterprise (第十六条)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("关系", max_length=16, choices=InterestKind)
    note = models.CharField("说明", max_length=200, blank=True)
    expires_on = models.DateField("失效日期", null=True, blank=True)
    declared_at = models.DateTimeField("申报时间")
    ended_at = models.DateTimeField("撤销时间", null=True, blank=True)
    ended_because = models.CharField("撤销原因", max_length=200, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = "公职人员利益申报"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_declaration_taken_back_says_why",
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()} {self.organisation_id}"

    def is_in_force(self, on: date) -> bool:
        return self.ended_at is None and (self.expires_on is None or self.expires_on >= on)
