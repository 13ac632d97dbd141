"""What the money pages share: a deed tried from a form, and the steps the machine leaves open to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import moves
from core.files import FileRefused
from disbursement.forms.money import PasswordForm, ReasonForm, SeenForm
from disbursement.funds import BeyondEntitlement, PoolShort
from disbursement.services.refusal import Refused


def typed(request: Any) -> Any:
    """What a form is bound to: the post, even an empty one; None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Done:
    """A deed was done; this is what the service gave back."""

    result: Any


def attempt(form: Any, service: Callable[..., Any], *args: Any, **facts: Any) -> Done | None:
    """Call a service; a refusal of what was typed becomes an error of the form, and None comes back."""
    try:
        return Done(service(*args, **facts))
    except FileRefused as refused:
        form.add_error("file" if "file" in form.fields else None, str(refused))
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except (PoolShort, BeyondEntitlement) as refused:
        form.add_error(None, str(refused))
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record as a page offers it: its address, service, form and words."""

    slug: str
    move: str
    service: Callable[..., Any]
    form: type[SeenForm]
    button: str
    text: str
    done: str
    tone: str = "btn-primary"


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step this person could take now, with its form, and why it is blocked, if so."""

    step: Step
    form: SeenForm
    blocked_by: str


def form_of(step: Step, record: Any, user: Any, data: Any = None) -> SeenForm:
    """The step's form, with the version the person has on screen."""
    initial = {"seen_version": record.version}
    prefix = step.slug
    if issubclass(step.form, PasswordForm):
        return step.form(data, user=user, initial=initial, prefix=prefix)
    return step.form(data, initial=initial, prefix=prefix)


def open_steps(
    steps: Mapping[str, Step], record: Any, user: Any, *, at: datetime, bound: dict[str, SeenForm] | None = None
) -> list[OpenStep]:
    """The steps the machine leaves open to this person, in their own order; `bound` holds a form that came back."""
    found = {move.name: move for move in moves.open_moves(record, user, at=at)}
    return [
        OpenStep(step, (bound or {}).get(slug) or form_of(step, record, user), found[step.move].blocked_by)
        for slug, step in steps.items()
        if step.move in found
    ]


def take(step: Step, record: Any, form: SeenForm, user: Any, *, at: datetime) -> Done | None:
    """Take a step with what was typed; None where it was refused and the form says why."""
    cleaned = form.cleaned_data
    if issubclass(step.form, ReasonForm):
        return attempt(form, step.service, record, cleaned["reason"], actor=user, at=at)
    return attempt(form, step.service, record, actor=user, at=at, seen_version=cleaned.get("seen_version"))
