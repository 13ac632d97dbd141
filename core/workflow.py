"""How a machine is declared: `move` wraps django_fsm's transition so that each move demands its ground and has its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from core.models.grounds import Ground, GroundKind

if TYPE_CHECKING:
    from core.people import Actor


class GroundMissing(Exception):
    """A move was tried without a ground of the kind it demands: a fault of the calling service."""


def because(reason: str) -> Callable[[Any], Any]:
    """Give a condition or a permission the sentence a person reads when it refuses."""

    def mark(predicate: Any) -> Any:
        predicate.because = reason
        return predicate

    return mark


def all_of(*predicates: Any) -> Any:
    """One permission out of several; refused with the reason of the first that does not hold."""

    def held(record: Any, actor: Any) -> bool:
        return all(predicate(record, actor) for predicate in predicates)

    held.parts = predicates
    return held


def why_not(permission: Any, record: Any, actor: Any) -> str:
    """The sentence of a permission that refuses this person, of the part that refuses him where it has parts."""
    for part in getattr(permission, "parts", ()):
        if not part(record, actor):
            return why_not(part, record, actor)
    return getattr(permission, "because", "")


class StateField(FSMField):  # type: ignore[misc] # the library ships no types
    """The state of a machine; a migration knows it as the text column it is.

    An FSMField listens to every class prepared after it, so the thousands of models a chain of migrations draws up make
    each other slow; a migration makes no move.
    """

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs


class Machine(ConcurrentTransitionMixin, models.Model):
    """A record with a protected `state`. A machine declares the state field and its moves; a model inherits it."""

    state_since = models.DateTimeField("进入当前环节时间", default=timezone.now)
    version = models.PositiveIntegerField("版次", default=1)

    moved_with: ClassVar[tuple[str, ...]] = ()  # what its conditions and letters read, loaded with the locked row
    asked_at: datetime | None = None  # the moment conditions are judged at; set by core.moves, never stored

    class Meta:
        abstract = True

    @property
    def now(self) -> datetime:
        """The moment the current question is about: given by `perform`, else the clock on the wall."""
        return self.asked_at or timezone.now()

    def audit_stream(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"

    def take_ground(self, ground: Ground, *, move: str, at: datetime) -> None:
        """Called inside the move's transaction; a machine that keeps its grounds in a table writes the link here."""

    @classmethod
    def take_ground_all(cls, records: Iterable[Any], ground: Ground, *, move: str, at: datetime) -> None:
        """The same for records moved together."""
        for one in records:
            one.take_ground(ground, move=move, at=at)


def move(
    *,
    source: Iterable[str] | str,
    target: Any,
    ground: str | Iterable[str],
    permission: Callable[[Any, Actor], bool],
    label: str,
    event: str,
    conditions: Iterable[Callable[[Any], bool]] = (),
    clause: str = "",
) -> Callable[[Any], Any]:
    """Declare a method as a move of the machine.

    `ground`: the kind(s) of ground it demands; without one it raises GroundMissing, however it is called.
    `permission(record, actor)`: one predicate for view, button and perform. `conditions`: facts that must hold
    (decorate them with `because`). `label`: its name on screen; `event`: its dotted past tense in the audit trail.
    `target`: the state it leads to; one of several that the method itself returns as django_fsm's RETURN_VALUE of them.
    The method gets keyword arguments ground, actor, at and the facts of the deed, and touches this row only.
    """
    kinds = frozenset([ground] if isinstance(ground, str) else ground)
    custom = {"label": label, "ground": kinds, "event": event, "clause": clause}

    def decorate(method: Any) -> Any:
        @wraps(method)
        def grounded(self: Any, *, ground: Ground, actor: Actor, at: datetime, **facts: Any) -> Any:
            if not isinstance(ground, Ground) or ground.kind not in kinds or ground.pk is None:
                wanted = "、".join(str(GroundKind(kind).label) for kind in sorted(kinds))
                raise GroundMissing(f"“{label}”须有依据：{wanted}。")
            reached = method(self, ground=ground, actor=actor, at=at, **facts)
            self.state_since = at
            return reached

        return transition(
            "state",
            source=sorted(source) if not isinstance(source, str) else source,
            target=target,
            conditions=list(conditions),
            permission=permission,
            custom=custom,
        )(grounded)

    return decorate
