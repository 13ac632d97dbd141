"""Invariant 1: a state never changes without its ground, its actor, its audit event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from applications.models import Hold, ProjectGround
from core import moves
from core.models import AuditEvent, Ground
from core.workflow import Machine
from portal.invariants.registry import Invariant


def _records() -> Iterator[Any]:
    for model in moves.machines():
        yield from model._base_manager.order_by("pk").iterator(chunk_size=2000)


def _count_records() -> int:
    return sum(model._base_manager.count() for model in moves.machines())


def _last_states() -> dict[str, str]:
    """The state the last move event of each chain led to."""
    rows = AuditEvent.objects.filter(facts__to__isnull=False, refused=False).order_by("stream", "sequence")
    return {stream: facts["to"] for stream, facts in rows.values_list("stream", "facts")}


def states_follow_events() -> Iterator[str]:
    """Every record stands where its last move led it; one that never moved stands in its first state."""
    last = _last_states()
    for record in _records():
        expected = last.get(record.audit_stream(), first_state(type(record)))
        if record.state != expected:
            yield f"{record.audit_stream()}：状态为 {record.state}，最后一次办理到 {expected}。"


def first_state(model: type[Machine]) -> str:
    """The state a record of this machine is born in."""
    return str(model._meta.get_field("state").get_default())


def events_have_grounds() -> Iterator[str]:
    """Every move event has a ground and a named actor."""
    moved = AuditEvent.objects.filter(facts__to__isnull=False, refused=False)
    for event in moved.filter(Q(ground=None) | Q(actor_name="")):
        yield f"{event.stream}#{event.sequence}：{event.label} 没有依据或办理人。"


def projects_keep_their_grounds() -> Iterator[str]:
    """The ground of each move of a project is linked to the project."""
    linked = {(project, ground) for project, ground in ProjectGround.objects.values_list("project", "ground")}
    prefix = "applications.project:"
    moved = AuditEvent.objects.filter(stream__startswith=prefix, facts__to__isnull=False, refused=False)
    for stream, ground in moved.exclude(ground=None).values_list("stream", "ground"):
        if (int(stream.removeprefix(prefix)), ground) not in linked:
            yield f"{stream}：依据 {ground} 没有与项目相连。"


def grounds_say_what_they_said() -> Iterator[str]:
    """The digest of every ground covers what it says now."""
    for ground in Ground.objects.select_related("file").order_by("pk").iterator(chunk_size=2000):
        if ground.digest != ground.compute_digest():
            yield f"依据 {ground.pk}（{ground.title}）：内容与摘要不符。"


def holds_have_grounds() -> Iterator[str]:
    """A hold was placed and lifted by a paper, and the lifting came after the placing."""
    for hold in Hold.objects.exclude(lifted_at=None).select_related("lifted_ground"):
        if hold.lifted_ground_id is None or hold.lifted_at < hold.placed_at:
            yield f"暂停 {hold.pk}：解除没有依据，或早于开始。"


def _moves() -> int:
    return AuditEvent.objects.filter(facts__to__isnull=False, refused=False).count()


INVARIANTS = [
    Invariant("1a", "每条记录的状态等于最后一次办理到达的状态", _count_records, states_follow_events),
    Invariant("1b", "每次办理都有依据和办理人", _moves, events_have_grounds),
    Invariant("1c", "项目的每次办理，依据都与项目相连", ProjectGround.objects.count, projects_keep_their_grounds),
    Invariant("1d", "依据的内容与摘要一致", Ground.objects.count, grounds_say_what_they_said),
    Invariant("1e", "暂停的开始与解除都有依据", Hold.objects.count, holds_have_grounds),
]
