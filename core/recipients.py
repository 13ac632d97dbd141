"""Who is written to: the people of a desk, found by role and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts import bureau_desk, district_desk, role_group
from core.models import District, Organisation, User

if TYPE_CHECKING:
    from django.db.models import QuerySet


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Everybody with an account at an organisation: an enterprise, a third party."""
    return User.objects.filter(organisation=organisation, is_active=True)


def people_at_district(district: District) -> QuerySet[User]:
    """The people who work at a district's desk."""
    return User.objects.filter(groups=district_desk(district), is_active=True)


def people_at_bureau() -> QuerySet[User]:
    """The people who work at 市工信局's desk."""
    return User.objects.filter(groups=bureau_desk(), is_active=True)


def people_with(role: str) -> QuerySet[User]:
    """Everybody who holds a role."""
    return User.objects.filter(groups=role_group(role), is_active=True)
