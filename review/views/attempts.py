"""What every page of the room shares: trying a deed from a form, and the deeds the machine leaves open to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from core import moves
from core.files import FileRefused
from review.services.refusals import ReviewRefused


@dataclass(frozen=True, slots=True)
class Done:
    """A deed was done; this is what the service gave back."""

    result: Any


def posted(request: Any, form: Any) -> bool:
    """True when the form came back filled in well."""
    return request.method == "POST" and form.is_valid()


def attempt(form: Any, service: Callable[..., Any], *args: Any, **facts: Any) -> Done | None:
    """Call a service; a refusal of what was typed becomes an error of the form, and None comes back."""
    try:
        return Done(service(*args, **facts))
    except FileRefused as refused:
        form.add_error(next((name for name in ("evidence", "photos") if name in form.fields), None), str(refused))
    except ReviewRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return None


PAGES = {
    "return_for_correction": ("district-return-for-correction", "btn-primary"),
    "recommend": ("district-recommend", "btn-primary"),
    "conclude": ("review-conclude", "btn-primary"),
    "send_back": ("review-send-back", "btn-secondary"),
    "close_notice": ("review-close-notice", "btn-primary"),
    "decline": ("project-decline", "btn-danger"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: where it leads, and why it cannot be pressed yet."""

    name: str
    label: str
    url: str
    tone: str
    blocked_by: str


def deeds_of(project: Any, user: Any, *, at: datetime, only: tuple[str, ...] = tuple(PAGES)) -> list[Deed]:
    """The moves of this room that the machine leaves open to this person, as buttons in the order of PAGES."""
    open_now = {move.name: move for move in moves.open_moves(project, user, at=at)}
    return [
        Deed(name, open_now[name].label, reverse(page, args=[project.pk]), tone, open_now[name].blocked_by)
        for name, (page, tone) in PAGES.items()
        if name in open_now and name in only
    ]
