"""How long a sign-in still lasts, and letting it begin anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

ADDRESS = "/accounts/session/"
RENEWED = "renewed_at"  # seconds since 1970: the session's own clock, since its row tells its end to nobody


def begin(*, request: HttpRequest, **_: Any) -> None:
    """The clock starts with the sign-in, in the session that is written then anyway."""
    renew(request)


def renew(request: HttpRequest, *, past: timedelta = timedelta(0)) -> None:
    """Begin anew where the session is older than `past`; writing to it renews its row and its cookie."""
    now = int(timezone.now().timestamp())
    if now - request.session.get(RENEWED, 0) >= past.total_seconds():
        request.session[RENEWED] = now


def seconds_left(request: HttpRequest) -> int:
    """How long the session still lasts, in seconds."""
    begun = getattr(request, "session", {}).get(RENEWED)  # an error page may come before the session
    if begun is None:
        return int(settings.SESSION_COOKIE_AGE)
    return max(0, begun + settings.SESSION_COOKIE_AGE - int(timezone.now().timestamp()))
