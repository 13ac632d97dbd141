"""Who acts: roles and scope of a person, and the system as an actor of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

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


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person brings today: his own roles, those of whom he stands in for (代理), and declared interests."""

    own: frozenset[str] = frozenset()
    lent: Mapping[int, frozenset[str]] = field(default_factory=dict)  # person stood in for → that person's roles
    interests: Mapping[int, frozenset[int]] = field(default_factory=dict)  # person → organisations


NOBODY = Standing()
HIMSELF = None  # acting with one's own roles; else the key of the person stood in for
_UNSAID = object()


def standing_of(actor: Actor) -> Standing:
    """Asked of the database once per user instance, in one query; delegations and interests as of today."""
    if is_system(actor) or not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return NOBODY
    if not hasattr(actor, "_standing"):
        actor._standing = _read_standing(actor)
    return actor._standing


def _read_standing(actor: Actor) -> Standing:
    from core.models import Role
    from core.queries import standing_rows

    roles: dict[int, set[str]] = {}
    interests: dict[int, set[int]] = {}
    for what, whose, said in standing_rows(actor, timezone.localdate()):
        if what == "interest":
            interests.setdefault(whose, set()).add(int(said))
        elif said in Role.values:
            roles.setdefault(whose, set()).add(said)
    own = frozenset(roles.pop(actor.pk, ()))
    return Standing(
        own,
        {person: frozenset(found) for person, found in sorted(roles.items())},
        {person: frozenset(found) for person, found in interests.items()},
    )


def roles_of(actor: Actor) -> frozenset[str]:
    """The roles (values of `Role`) a person holds today, those of whom he stands in for among them.

    While a permission is asked for one hat (`hat_for`), the roles of that hat alone.
    """
    standing = standing_of(actor)
    hat = getattr(actor, "_asked_as", _UNSAID)
    if hat is _UNSAID:
        return standing.own.union(*standing.lent.values())
    return standing.own if hat is HIMSELF else standing.lent[hat]


def interests_of(actor: Actor) -> frozenset[int]:
    """Organisations whose filings this person does not handle; those of whom he stands in for count with his own."""
    standing = standing_of(actor)
    declared = standing.interests.get(getattr(actor, "pk", None), frozenset())
    hat = getattr(actor, "_asked_as", HIMSELF)
    return declared | standing.interests.get(hat, frozenset()) if hat is not HIMSELF else declared


def hands_of(actor: Actor) -> frozenset[int]:
    """The persons in whose name the actor is asked: himself, and whom he stands in for."""
    return frozenset({actor.pk, getattr(actor, "_asked_as", HIMSELF)} - {None})


def hat_for(actor: Actor, ask: Callable[[], bool]) -> tuple[int | None] | None:
    """As whom a person may: (None,) as himself, (key,) for a colleague he stands in for, None as nobody."""
    if is_system(actor) or not standing_of(actor).lent:
        return (HIMSELF,) if ask() else None
    for hat in (HIMSELF, *standing_of(actor).lent):
        actor._asked_as = hat
        try:
            if ask():
                return (hat,)
        finally:
            del actor._asked_as
    return None


def put_on(actor: Actor, hat: tuple[int | None]) -> None:
    """From here on what this person does is recorded as done by himself, or for the colleague he stands in for."""
    if not is_system(actor) and (hat[0] is not HIMSELF or getattr(actor, "_acts_for", None)):
        actor._acts_for = hat[0] and actor.__class__._base_manager.get(pk=hat[0])


def stands_in_for(actor: Actor) -> User | None:
    """For whom the person acts, as the permission last granted to him for a deed has it; None: for himself."""
    return getattr(actor, "_acts_for", None)


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
