"""Who is written to: the people of a district's desk, of an enterprise, of the bureau's desk."""

from __future__ import annotations

from django.db.models import QuerySet

from core.accounts import BUREAU_DESK
from core.models import DISTRICT_ROLES, ENTERPRISE_ROLES, District, Organisation, Role, User


def district_people(district: District) -> QuerySet[User]:
    """Officers and leads of a district's desk with an active account."""
    desk = User.objects.filter(is_active=True, groups__name=f"desk-{district.slug}")
    return desk.filter(pk__in=User.objects.filter(groups__name__in=DISTRICT_ROLES).values("pk")).distinct()


def enterprise_people(enterprise: Organisation | int) -> QuerySet[User]:
    """Filers and approvers of an enterprise with an active account."""
    return of_roles(*ENTERPRISE_ROLES).filter(organisation=enterprise)


def approvers(enterprise: Organisation | int) -> QuerySet[User]:
    """Who may sign for an enterprise."""
    return enterprise_people(enterprise).filter(
        pk__in=User.objects.filter(groups__name=Role.ENTERPRISE_APPROVER).values("pk")
    )


def of_roles(*roles: Role) -> QuerySet[User]:
    """Whoever holds one of these roles, with an active account."""
    return User.objects.filter(is_active=True, groups__name__in=[str(role) for role in roles]).distinct()


def bureau_people() -> QuerySet[User]:
    """The people of the municipal bureau's desk."""
    return User.objects.filter(is_active=True, groups__name=BUREAU_DESK).distinct()
