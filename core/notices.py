"""Announcing what moved: an inbox row in the move's own transaction, mail by job after commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, QuerySet

from core.models.notices import Notice
from core.written import answers

if TYPE_CHECKING:
    from core.models import User


_quiet: ContextVar[bool] = ContextVar("notices_are_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Inside, letters reach the inbox and are not mailed: for demonstration data of days long past."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message and who gets it. `link` is a path of this portal."""

    recipients: Iterable[User]
    subject: str
    body: str = ""
    link: str = ""


def send(letters: Iterable[Letter], *, at: datetime) -> list[Notice]:
    """Write the inbox rows now; after commit ask a worker to mail them (beat asks again if the broker is down)."""
    mailed_at = at if _quiet.get() else None
    notices = [
        Notice(
            recipient=person,
            subject=letter.subject[:200],
            body=letter.body,
            link=letter.link,
            created_at=at,
            mailed_at=mailed_at,
        )
        for letter in letters
        for person in {person.pk: person for person in letter.recipients}.values()
    ]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=500)
        if mailed_at is None:
            transaction.on_commit(_ask_for_mail, robust=True)
    return notices


def _ask_for_mail() -> None:
    from core.tasks import mail_waiting_notices

    mail_waiting_notices.delay()


def unread_count(user: Any) -> int:
    """How many messages of this person are unread; every page says it."""
    return next((count for _, count in answers(_unread, user.pk)), 0)


def _unread(user: int) -> QuerySet[Any]:
    return Notice.objects.filter(recipient=user).unread().order_by().values_list("recipient").annotate(Count("pk"))
