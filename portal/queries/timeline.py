"""Audit events in the words of the timeline component, each with the address of its ground."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from core.models import AuditEvent, Ground
from core.services.corrections import in_force_of
from portal.addresses import address_of


def shown_events(
    events: Iterable[AuditEvent], closed: Container[str] = (), readable: Container[int] | None = None
) -> list[dict[str, Any]]:
    """Events as rows of the timeline; papers of the closed kinds, or beside the readable, are not linked.

    Expects the grounds to be loaded.
    """
    events = list(events)
    corrected = in_force_of({event.ground_id for event in events if event.ground_id})
    return [
        {
            "at": event.at,
            "title": event.label,
            "who": event.actor_name,
            "note": event.summary,
            "ground": named(event.ground, corrected) if event.ground_id else "",
            "ground_url": _address(event, closed, readable),
        }
        for event in events
    ]


def named(ground: Ground, corrected: Container[int]) -> str:
    """A paper by its title and number, and whether a correction lies beside it."""
    return f"{ground}（有更正）" if ground.pk in corrected else str(ground)


def _address(event: AuditEvent, closed: Container[str], readable: Container[int] | None) -> str:
    if event.ground_id is None or event.ground.kind in closed:
        return ""
    if readable is not None and event.ground_id not in readable:
        return ""
    return address_of("ground", event.ground_id)
