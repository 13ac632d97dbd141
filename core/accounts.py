"""Opening accounts: roles are groups, places are guardian's scope on groups; every grant is audited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import transaction
from guardian.shortcuts import assign_perm

from core import audit
from core.models import District, Organisation, OrganisationKind, Role, User

if TYPE_CHECKING:
    from core.people import Actor

BUREAU_DESK = "bureau-desk"  # the group that runs calls; granted run_call on each call when it is opened


def role_group(role: str) -> Group:
    """The Django group that stands for a role."""
    return Group.objects.get_or_create(name=Role(role).value)[0]


def district_desk(district: District) -> Group:
    """The group of the people who work at a district's desk, with guardian's grant on that district."""
    group, made = Group.objects.get_or_create(name=f"desk-{district.slug}")
    if made:
        assign_perm("core.district_desk", group, district)
    return group


def bureau_desk() -> Group:
    return Group.objects.get_or_create(name=BUREAU_DESK)[0]


def open_account(
    *,
    username: str,
    name: str,
    organisation: Organisation | None,
    roles: Iterable[str],
    actor: Actor,
    at: datetime,
    password: str | None = None,
    email: str = "",
    **fields: Any,
) -> User:
    """Open an account with its roles, and with the scope that follows from its organisation.

    A person of a district bureau works at that district's desk; a person of 市工信局 at the bureau's.
    Without a password the account cannot sign in until one is set.
    """
    with transaction.atomic():
        user = User.objects.create_user(username, email, password, name=name, organisation=organisation, **fields)
        groups = [role_group(role) for role in roles]
        if organisation and organisation.kind == OrganisationKind.DISTRICT_BUREAU:
            groups.append(district_desk(organisation.district))
        if organisation and organisation.kind == OrganisationKind.CITY_BUREAU:
            groups.append(bureau_desk())
        user.groups.set(groups)
        names = sorted(str(Role(role).label) for role in roles)
        audit.record(user, "account.opened", actor=actor, at=at, label="开立账号", summary="、".join(names))
    return user
