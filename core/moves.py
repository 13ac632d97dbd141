"""The one way a state changes: lock, ask the machine, move, record, announce — in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django_fsm import ConcurrentTransition

from core import audit, notices, people
from core.bulk import update_rows
from core.encryption import EncryptedTextField
from core.workflow import GroundMissing, Machine, why_not

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor

__all__ = ["ConditionUnmet", "GroundMissing", "NotYours", "Overtaken", "Refusal", "may", "open_moves", "perform"]


class Refusal(Exception):
    """A move was asked for and refused; the text is for the person who asked."""

    status = 409

    def __init__(self, message: str, *, record: Machine, move: str) -> None:
        super().__init__(message)
        self.record = record
        self.move = move


class NotYours(Refusal):
    """The record is visible, the move is somebody else's: 403."""

    status = 403


class Overtaken(Refusal):
    """Somebody was faster, or the record has moved on since the page was opened: 409."""


class ConditionUnmet(Refusal):
    """State and person are right, a fact is missing: 409 with the reason."""


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move this person could make now: its name in code and on screen, and why not yet, if so."""

    name: str
    label: str
    blocked_by: str = ""


def perform(
    record: Machine,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    ground: Ground,
    seen_version: int | None = None,
    letters: Iterable[notices.Letter] | Callable[[Any], Iterable[notices.Letter]] = (),
    summary: str = "",
    audit_facts: dict[str, Any] | None = None,
    **facts: Any,
) -> Any:
    """Make one move and return the fresh record.

    `seen_version`: the version the person had on screen; another one raises Overtaken. `letters`: letters, or a
    function of the moved record that gives them. `summary` is read by people in the timeline; `audit_facts` by
    machines. Other keyword arguments are the facts of the deed, handed to the transition.
    Raises NotYours, Overtaken, ConditionUnmet, GroundMissing. Joins an outer transaction if there is one.
    """
    with transaction.atomic():
        fresh = _locked(record)
        _refuse_unless_open(fresh, name, actor, at, seen_version)
        _make(fresh, name, actor=actor, at=at, ground=ground, **facts)
        transition = _transition(fresh, name)
        audit.record(
            fresh,
            transition.custom["event"],
            actor=actor,
            at=at,
            label=transition.custom["label"],
            ground=ground,
            summary=summary,
            facts={"to": fresh.state, **(audit_facts or {})},
        )
        notices.send(letters(fresh) if callable(letters) else letters, at=at)
    return fresh


def perform_many(
    records: Sequence[Machine] | QuerySet[Any],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    ground: Ground,
    letters: Callable[[Any], Iterable[notices.Letter]] | None = None,
    summary: str | Callable[[Any], str] = "",
    facts_of: Callable[[Any], dict[str, Any]] | None = None,
    **facts: Any,
) -> list[Any]:
    """Make the same move on many records of one model, all or none, with a fixed number of queries a few thousand rows.

    The same checks as `perform`, asked of every record; locks in primary-key order. `summary` and `facts_of` may give
    each record its own words and facts of the deed. `records` may be a queryset: then each row is read once, locked.
    """
    if not isinstance(records, QuerySet) and not records:
        return []
    with transaction.atomic():
        fresh = _locked_all(records)
        if not fresh:
            return []
        for one in fresh:
            _refuse_unless_open(one, name, actor, at, None)
        before = [dict(vars(one)) for one in fresh]
        for one in fresh:
            _change(one, name, actor=actor, at=at, ground=ground, **facts, **(facts_of(one) if facts_of else {}))
        _save_all(fresh, before)
        type(fresh[0]).take_ground_all(fresh, ground, move=name, at=at)
        entries = [_entry(one, name, ground, summary(one) if callable(summary) else summary) for one in fresh]
        audit.record_many(entries, actor=actor, at=at)
        notices.send([letter for one in fresh for letter in (letters(one) if letters else ())], at=at)
    return fresh


def may(record: Machine, name: str, actor: Actor, *, at: datetime | None = None) -> bool:
    """True when this person can make this move on this record now, conditions included."""
    record.asked_at = at
    return _is_source(record, name) and _permitted(record, name, actor) and not _unmet(record, name)


def require(record: Machine, name: str, actor: Actor, *, at: datetime | None = None, conditions: bool = True) -> None:
    """Raise the refusal that `perform` would raise; for the page that comes before the deed."""
    _refuse_unless_open(record, name, actor, at, None, conditions=conditions)


def open_moves(record: Machine, actor: Actor, *, at: datetime | None = None) -> list[OpenMove]:
    """The moves this person could make from the record's state; those with an unmet condition say why not yet."""
    record.asked_at = at
    found = []
    for name in moves_of(type(record)):
        if _is_source(record, name) and _permitted(record, name, actor):
            label = _transition(record, name).custom["label"]
            found.append(OpenMove(name, label, _unmet(record, name)))
    return found


def stands_before(record: Machine, name: str) -> bool:
    """True where the move begins at the record's state, whoever may make it."""
    return _is_source(record, name)


def moves_of(model: type[Machine]) -> list[str]:
    """The names of all moves a machine declares, in no particular order of law."""
    return sorted(model._meta.get_field("state").transitions[model])


def machines() -> list[type[Machine]]:
    """Every concrete machine of the portal."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Machine)]


def _entry(moved: Any, name: str, ground: Ground, summary: str) -> audit.Entry:
    custom = _any_transition(moved, name).custom
    return audit.Entry(moved, custom["event"], custom["label"], ground, summary, {"to": str(moved.state)})


def _locked(record: Machine) -> Any:
    model = type(record)
    rows = model._base_manager.select_for_update(of=("self",))
    return (rows.select_related(*model.moved_with) if model.moved_with else rows).get(pk=record.pk)


def _locked_all(records: Sequence[Machine] | QuerySet[Any]) -> list[Any]:
    """The rows, locked in the order of their keys; what is encrypted stays closed until somebody asks for it."""
    given = [] if isinstance(records, QuerySet) else records
    rows = type(given[0])._base_manager.filter(pk__in=[one.pk for one in given]) if given else records
    closed = [field.name for field in rows.model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    return list(rows.select_for_update(of=("self",)).defer(*closed).order_by("pk"))


def _refuse_unless_open(
    record: Any, name: str, actor: Actor, at: datetime | None, seen_version: int | None, *, conditions: bool = True
) -> None:
    record.asked_at = at
    label = _any_transition(record, name).custom["label"]
    if not _is_source(record, name):
        raise Overtaken(f"“{label}”现在不能办理：这件事已在“{record.get_state_display()}”。", record=record, move=name)
    hat = _hat_for(record, name, actor)
    if hat is None:
        raise NotYours(_why_not_yours(record, name, label, actor), record=record, move=name)
    people.put_on(actor, hat)
    if seen_version is not None and seen_version != record.version:
        raise Overtaken(f"您打开页面之后，这件事已有新的办理，“{label}”没有执行。", record=record, move=name)
    unmet = _unmet(record, name) if conditions else ""
    if unmet:
        raise ConditionUnmet(f"“{label}”还不能办理：{unmet}", record=record, move=name)


def _why_not_yours(record: Any, name: str, label: str, actor: Actor) -> str:
    reason = why_not(_transition(record, name).permission, record, actor)
    return f"“{label}”不由您办理。{reason}"


def _make(record: Any, name: str, *, actor: Actor, at: datetime, ground: Ground, **facts: Any) -> None:
    _change(record, name, actor=actor, at=at, ground=ground, **facts)
    try:
        record.save()
    except ConcurrentTransition:
        label = _any_transition(record, name).custom["label"]
        raise Overtaken(f"另一个人刚刚办理了这件事，“{label}”没有执行。", record=record, move=name) from None
    record.take_ground(ground, move=name, at=at)


def _change(record: Any, name: str, **facts: Any) -> None:
    getattr(record, name)(**facts)
    record.version += 1


def _save_all(records: list[Any], before: list[dict[str, Any]]) -> None:
    """One bulk UPDATE of the columns that changed. The rows are locked on PostgreSQL; SQLite has one writer."""
    changed = {
        name for record, old in zip(records, before, strict=True) for name, value in vars(record).items()
        if name not in old or (old[name] is not value and old[name] != value)
    }  # fmt: skip
    fields = [f.name for f in records[0]._meta.concrete_fields if f.attname in changed]
    update_rows(records, fields)


def _any_transition(record: Any, name: str) -> Any:
    return next(iter(getattr(record, name)._django_fsm.transitions.values()))


def _transition(record: Any, name: str) -> Any:
    meta = getattr(record, name)._django_fsm
    return meta.get_transition(record.state) or _any_transition(record, name)


def _is_source(record: Any, name: str) -> bool:
    return getattr(record, name)._django_fsm.has_transition(record.state)


def _permitted(record: Any, name: str, actor: Actor) -> bool:
    return _hat_for(record, name, actor) is not None


def _hat_for(record: Any, name: str, actor: Actor) -> tuple[int | None] | None:
    """As whom this person may: as himself first, else for a colleague he stands in for."""
    transition = _transition(record, name)
    return people.hat_for(actor, lambda: transition.has_perm(record, actor))


def _unmet(record: Any, name: str) -> str:
    for condition in _transition(record, name).conditions:
        if not condition(record):
            return getattr(condition, "because", "条件尚未成就。")
    return ""
