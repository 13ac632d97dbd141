"""Writing and verifying the audit trail: one hash chain per record, a checkpoint over all heads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from core import people
from core.bulk import Same, insert_rows, update_columns
from core.models.audit import AuditCheckpoint, AuditEvent, AuditStream

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor

GENESIS = ""
NOTHING_YET = (0, GENESIS, "")  # a chain before its first event: its length, its head, where its last move led


@dataclass(frozen=True, slots=True)
class Entry:
    """What to write: to which record's chain, which event, in which words."""

    record: models.Model | str
    event: str
    label: str
    ground: Ground | None = None
    summary: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    refused: bool = False


def stream_of(record: models.Model | str) -> str:
    """The name of a record's chain: 'applications.project:17', or a given name such as 'accounts'."""
    return record if isinstance(record, str) else f"{record._meta.label_lower}:{record.pk}"


def record(
    thing: models.Model | str,
    event: str,
    *,
    actor: Actor,
    at: datetime,
    label: str,
    ground: Ground | None = None,
    summary: str = "",
    facts: dict[str, Any] | None = None,
    refused: bool = False,
) -> None:
    """Append one event to a record's chain, in the caller's transaction. `facts` hold no secret values."""
    record_many([Entry(thing, event, label, ground, summary, facts or {}, refused)], actor=actor, at=at)


def record_many(entries: Sequence[Entry], *, actor: Actor, at: datetime) -> None:
    """Append events to as many chains with a fixed number of queries; locks the chains' heads in name order."""
    if not entries:
        return
    absent = people.stands_in_for(actor)
    said_of_all = {
        "at": at, "actor": getattr(people.as_user(actor), "pk", None), "actor_name": _name_of(actor),
        "on_behalf_of": getattr(absent, "pk", None),
    }  # fmt: skip
    with transaction.atomic(savepoint=False):  # what fails here fails the deed
        events: list[dict[str, Any]] = []
        waiting = [(stream_of(entry.record), entry) for entry in entries]
        while waiting:
            heads = _locked_heads({name for name, _ in waiting})
            written = [_next_event(heads[name], entry, said_of_all) for name, entry in waiting]
            overtaken = _move_heads(heads)  # seldom: chains that somebody else began this very moment
            events += [event for event in written if event["stream"] not in overtaken]
            waiting = [one for one in waiting if one[0] in overtaken]
        varying = {name: [event[name] for event in events] for name in events[0] if name not in said_of_all}
        insert_rows(AuditEvent, varying | {name: Same(value) for name, value in said_of_all.items()})


@dataclass(slots=True)
class _Head:
    """The end of one chain while events are appended to it; without a key it is not begun yet."""

    name: str
    pk: int | None = None
    sequence: int = 0
    head: str = GENESIS
    state: str = ""


COLUMNS_OF_HEAD = ("sequence", "head", "state")


def _locked_heads(names: set[str]) -> dict[str, _Head]:
    rows = AuditStream.objects.select_for_update().filter(name__in=names).order_by("name")
    found = {row[0]: _Head(*row) for row in rows.values_list("name", "pk", *COLUMNS_OF_HEAD)}
    return {name: found.get(name) or _Head(name) for name in sorted(names)}


def _move_heads(heads: dict[str, _Head]) -> set[str]:
    """Write where the chains end now; the names of new ones that somebody else began, which are left alone."""
    known = [head for head in heads.values() if head.pk is not None]
    new = [head for head in heads.values() if head.pk is None]
    update_columns(AuditStream, [head.pk for head in known], _columns_of(known))
    begun = insert_rows(
        AuditStream, {"name": [head.name for head in new], **_columns_of(new)}, returning=["name"], unless_there=True
    )
    return {head.name for head in new} - {name for (name,) in begun}


def _columns_of(heads: Sequence[_Head]) -> dict[str, list[Any]]:
    return {name: [getattr(head, name) for head in heads] for name in COLUMNS_OF_HEAD}


def _next_event(head: _Head, entry: Entry, said_of_all: dict[str, Any]) -> dict[str, Any]:
    """The columns of one more event of a chain, hashed onto its head."""
    event = {
        "stream": head.name,
        "sequence": head.sequence + 1,
        "event": entry.event,
        "label": entry.label,
        "ground": entry.ground.pk if entry.ground else None,
        "summary": entry.summary[:400],
        "facts": _as_json(entry.facts),
        "refused": entry.refused,
        "previous": head.head,
    }
    event["digest"] = _digest(
        (event["stream"], event["sequence"], event["event"], event["label"]),
        (said_of_all["at"], said_of_all["actor"], said_of_all["actor_name"]),
        (event["ground"], event["summary"], event["facts"], event["refused"], event["previous"]),
        said_of_all["on_behalf_of"],
    )
    head.sequence, head.head = event["sequence"], event["digest"]
    if not entry.refused:
        head.state = str(event["facts"].get("to") or head.state)
    return event


def _as_json(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they will be read again."""
    if all(type(value) is str for value in facts.values()):
        return facts
    return json.loads(_ENCODED(facts))


def led_to(event: AuditEvent) -> str:
    """The state a move led to; empty for what was no move, or refused."""
    return "" if event.refused else str(event.facts.get("to", ""))


def _name_of(actor: Actor) -> str:
    organisation, absent = getattr(actor, "organisation", None), people.stands_in_for(actor)
    name = f"{actor}（代 {absent}）" if absent else str(actor)
    return f"{organisation} {name}".strip() if organisation else name


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over everything the event says and the digest before it."""
    return _digest(
        (event.stream, event.sequence, event.event, event.label),
        (event.at, event.actor_id, event.actor_name),
        (event.ground_id, event.summary, event.facts, event.refused, event.previous),
        event.on_behalf_of_id,
    )


def _digest(what: tuple[Any, ...], who: tuple[Any, ...], why: tuple[Any, ...], on_behalf_of: int | None) -> str:
    at, actor, name = who
    said = [*what, _instant(at), actor, name, *why]
    if on_behalf_of:
        said.append(on_behalf_of)
    return hashlib.sha256(_ENCODED(said).encode()).hexdigest()


# one encoder for all: json.dumps would build one a call
_ENCODED = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _instant(at: datetime) -> str:
    """The same words for the same moment, whatever zone it was given in."""
    return at.astimezone(UTC).isoformat()


def timeline_of(*things: models.Model | str) -> models.QuerySet[AuditEvent]:
    """The events of some records, newest first, with their grounds; refused attempts left out."""
    names = [stream_of(thing) for thing in things]
    return AuditEvent.objects.filter(stream__in=names, refused=False).select_related("ground").order_by("-at", "-pk")


def write_checkpoint(at: datetime) -> AuditCheckpoint:
    """Seal the heads that moved since the checkpoint before, chained to it."""
    with transaction.atomic():
        last = AuditCheckpoint.objects.order_by("-pk").first()
        known: dict[str, list[Any]] = {}
        for earlier in AuditCheckpoint.objects.order_by("pk").iterator():
            known.update(earlier.heads)
        heads = {
            row.name: [row.sequence, row.head]
            for row in AuditStream.objects.order_by("name").iterator()
            if known.get(row.name) != [row.sequence, row.head]
        }
        point = AuditCheckpoint(at=at, heads=heads, previous=last.digest if last else GENESIS)
        point.digest = _checkpoint_digest(point)
        point.save()
    return point


def _checkpoint_digest(point: AuditCheckpoint) -> str:
    text = json.dumps([_instant(point.at), point.heads, point.previous], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults() -> Iterator[str]:
    """Walk every chain and checkpoint; yield one sentence for each thing that does not verify."""
    seen = yield from _chain_faults()
    yield from _head_faults(seen)
    yield from _checkpoint_faults()


def _chain_faults() -> Any:
    last: dict[str, tuple[int, str, str]] = {}
    for event in AuditEvent.objects.order_by("stream", "sequence").iterator(chunk_size=2000):
        sequence, digest, state = last.get(event.stream, NOTHING_YET)
        if event.sequence != sequence + 1:
            yield f"{event.stream}：第 {sequence + 1} 条缺失，遇到第 {event.sequence} 条。"
        if event.previous != digest:
            yield f"{event.stream}#{event.sequence}：与上一条不相连。"
        if digest_of(event) != event.digest:
            yield f"{event.stream}#{event.sequence}：内容被改动。"
        last[event.stream] = (event.sequence, event.digest, led_to(event) or state)
    return last


def _head_faults(seen: dict[str, tuple[int, str, str]]) -> Iterable[str]:
    heads = {row.name: (row.sequence, row.head, row.state) for row in AuditStream.objects.all()}
    for name in sorted(seen.keys() | heads.keys()):
        if seen.get(name, NOTHING_YET) != heads.get(name):
            yield f"{name}：链头与事件不符。"


def _checkpoint_faults() -> Iterator[str]:
    previous = GENESIS
    for point in AuditCheckpoint.objects.order_by("pk").iterator():
        if point.previous != previous or _checkpoint_digest(point) != point.digest:
            yield f"检查点 {point.pk}：被改动或不相连。"
        previous = point.digest
        yield from _missing_heads(point)


def _missing_heads(point: AuditCheckpoint) -> Iterator[str]:
    present = dict(
        AuditEvent.objects.filter(digest__in=[head for _, head in point.heads.values() if head]).values_list(
            "digest", "stream"
        )
    )
    for name, (sequence, head) in point.heads.items():
        if head and present.get(head) != name:
            yield f"检查点 {point.pk}：{name} 的第 {sequence} 条已不存在。"
