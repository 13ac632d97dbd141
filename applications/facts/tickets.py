"""A form's ticket: says who opened which section, so that what he sends after his session has ended is kept for him alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing

SALT = "applications.form-ticket"
SERVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who opened which section of which project's draft."""

    person: int
    project: int
    section: str


def ticket_for(person: Any, project: Any, section: str) -> str:
    """Signed with the portal's key; in a page that only this person is given."""
    return signing.dumps([person.pk, project.pk, section], salt=SALT)


def read_ticket(text: str) -> Ticket | None:
    """The ticket, or None where it is forged, changed or older than SERVES."""
    try:
        return Ticket(*signing.loads(text, salt=SALT, max_age=SERVES))
    except (signing.BadSignature, TypeError, ValueError):
        return None
