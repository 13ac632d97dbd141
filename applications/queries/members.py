"""The people of an enterprise and the invitations that wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from applications.models import Invitation
from core.models import Organisation, Role, User


def members_visible_to(user: Any) -> QuerySet[User]:
    """Colleagues with an account of the person's own enterprise, himself among them."""
    rows = User.objects.visible_to(user).filter(organisation=user.organisation_id, organisation__isnull=False)
    return rows.prefetch_related("groups").order_by("-is_active", "pk")


def members_with_roles(user: Any) -> list[tuple[User, str]]:
    """Each colleague with the words of his roles."""
    place = user.organisation
    return [(one, labels((group.name for group in one.groups.all()), place)) for one in members_visible_to(user)]


def waiting_invitations(user: Any, at: datetime) -> QuerySet[Invitation]:
    """Invitations of the person's enterprise that nobody has accepted yet."""
    return Invitation.objects.visible_to(user).waiting_at(at).select_related("invited_by", "organisation")


def invitations_with_roles(user: Any, at: datetime) -> list[tuple[Invitation, str]]:
    """Each invitation that waits, with the words of the roles it gives."""
    return [(one, labels(one.roles, one.organisation)) for one in waiting_invitations(user, at)]


def labels(names: Iterable[str], place: Organisation | None) -> str:
    """The roles among these names, as they are called at that place."""
    held = set(names)
    return "、".join(role.label_at(place) for role in Role if role.value in held)
