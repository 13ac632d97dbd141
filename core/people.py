"""Who acts: roles and scope of a person, and the system as an actor of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.models import User


class System:
    """The portal itself, when a clock or a job acts. It has no account and no role."""

    pk = None
    id = None
    name = "系统"
    is_authenticated = False
    is_system = True
    organisation = None
    organisation_id = None

    def __str__(self) -> str:
        return self.name


SYSTEM = System()

Actor = Any  # core.models.User, django's AnonymousUser or SYSTEM


def is_system(actor: Actor) -> bool:
    return getattr(actor, "is_system", False)


def as_user(actor: Actor) -> User | None:
    """The account behind an actor, for a foreign key; None where the system acts."""
    return None if is_system(actor) else actor


def roles_of(actor: Actor) -> frozenset[str]:
    """The roles (values of `Role`) a person holds; asked of the database once per user instance."""
    if is_system(actor) or not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return frozenset()
    if not hasattr(actor, "_roles"):
        from core.models import Role

        actor._roles = frozenset(actor.groups.values_list("name", flat=True)) & frozenset(Role.values)
    return actor._roles


def has_role(actor: Actor, *roles: str) -> bool:
    """True when the person holds at least one of the roles."""
    return not roles_of(actor).isdisjoint(roles)


def district_ids_in_scope(actor: Actor) -> frozenset[int]:
    """Districts whose desk a person works at, as granted to his groups by guardian (group × district)."""
    return _scope_of(actor, "_districts", "core", "DistrictGroupObjectPermission")


def call_ids_in_scope(actor: Actor) -> frozenset[int]:
    """Calls a municipal person runs, as granted to his groups by guardian (group × call)."""
    return _scope_of(actor, "_calls", "applications", "CallGroupObjectPermission")


def _scope_of(actor: Actor, kept_as: str, app: str, model: str) -> frozenset[int]:
    if is_system(actor) or not getattr(actor, "is_authenticated", False):
        return frozenset()
    if not hasattr(actor, kept_as):
        from django.apps import apps

        rows = apps.get_model(app, model)._default_manager.filter(group__user=actor)
        setattr(actor, kept_as, frozenset(rows.values_list("content_object_id", flat=True)))
    return getattr(actor, kept_as)
