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


def close_account(account: User, *, actor: Actor, at: datetime, reason: str) -> User:
    """The person cannot sign in any more; what he did stays his. Closing twice changes nothing."""
    return _switch(account, False, "account.closed", "停用账号", actor=actor, at=at, reason=reason)


def reopen_account(account: User, *, actor: Actor, at: datetime, reason: str) -> User:
    """The person can sign in again, with the roles he had."""
    return _switch(account, True, "account.reopened", "恢复账号", actor=actor, at=at, reason=reason)


def _switch(account: User, active: bool, event: str, label: str, *, actor: Actor, at: datetime, reason: str) -> User:
    with transaction.atomic():
        fresh = User.objects.select_for_update().get(pk=account.pk)
        if fresh.is_active != active:
            fresh.is_active = active
            fresh.save(update_fields=["is_active"])
            audit.record(fresh, event, actor=actor, at=at, label=label, summary=reason)
    return fresh
