"""Whose hand a deed counts as: the person's, and that of whom he stood in for (代理); maker ≠ checker asks of both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.audit import stream_of
from core.models import AuditEvent, Delegation
from core.people import Actor, hands_of, is_system, standing_of


def has_a_hand_in(record: Any, persons: Iterable[int | None], actor: Actor) -> bool:
    """True where the actor, or whom he stands in for, is one of these persons who dealt with a record; or where one of
    these dealt with it in the place of either.

    One query per person asked, and one more only where one of these persons has ever stood in for him.
    """
    dealt, mine = set(persons) - {None}, hands_of(actor)
    if dealt & mine:
        return True
    stood_in = {stand_in for absent, stand_in in _stand_ins_of(actor) if absent in mine} & dealt
    if not stood_in:
        return False
    events = AuditEvent.objects.filter(stream=stream_of(record), refused=False)
    return events.filter(actor__in=stood_in, on_behalf_of__in=mine).exists()


def _stand_ins_of(actor: Actor) -> set[tuple[int, int]]:
    """(absent, stand-in), at whatever time, of the actor and of whom he stands in for today; asked once per person."""
    if is_system(actor):
        return set()
    if not hasattr(actor, "_stand_ins"):
        absent = [actor.pk, *standing_of(actor).lent]
        rows = Delegation.objects.filter(delegator__in=absent).order_by()
        actor._stand_ins = set(rows.values_list("delegator", "delegate"))
    return actor._stand_ins
