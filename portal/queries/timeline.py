"""Audit events in the words of the timeline component, each with the address of its ground."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from core.models import AuditEvent
from portal.addresses import address_of


def shown_events(events: Iterable[AuditEvent], closed: Container[str] = ()) -> list[dict[str, Any]]:
    """Events as rows of the timeline; papers of the closed kinds are named but not linked. Expects loaded grounds."""
    return [
        {
            "at": event.at,
            "title": event.label,
            "who": event.actor_name,
            "note": event.summary,
            "ground": str(event.ground) if event.ground_id else "",
            "ground_url": _address(event, closed),
        }
        for event in events
    ]


def _address(event: AuditEvent, closed: Container[str]) -> str:
    if event.ground_id is None or event.ground.kind in closed:
        return ""
    return address_of("ground", event.ground_id)
