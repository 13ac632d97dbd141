"""Audit events in the words of the timeline component, each with the address of its ground."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from core.models import AuditEvent
from portal.addresses import address_of


def shown_events(
    events: Iterable[AuditEvent], closed: Container[str] = (), readable: Container[int] | None = None
) -> list[dict[str, Any]]:
    """Events as rows of the timeline; papers of the closed kinds, or beside the readable, are not linked.

    Expects the grounds to be loaded.
    """
    return [
        {
            "at": event.at,
            "title": event.label,
            "who": event.actor_name,
            "note": event.summary,
            "ground": str(event.ground) if event.ground_id else "",
            "ground_url": _address(event, closed, readable),
        }
        for event in events
    ]


def _address(event: AuditEvent, closed: Container[str], readable: Container[int] | None) -> str:
    if event.ground_id is None or event.ground.kind in closed:
        return ""
    if readable is not None and event.ground_id not in readable:
        return ""
    return address_of("ground", event.ground_id)
