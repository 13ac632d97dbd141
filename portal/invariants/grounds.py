"""Invariant 1: a state never changes without its ground, its actor, its audit event."""

from __future__ import annotations

from collections.abc import Iterator

from core import moves
from core.models import Ground
from core.workflow import Machine
from portal.invariants.question import Question
from portal.invariants.registry import Invariant

MOVED = "NOT refused AND facts ->> 'to' IS NOT NULL"
OF_PROJECT = "applications.project:"


def first_state(model: type[Machine]) -> str:
    """The state a record of this machine is born in."""
    return str(model._meta.get_field("state").get_default())


def _records() -> str:
    """Every record of every machine: the name of its audit chain, its state, and the state it was born in."""
    return " UNION ALL ".join(
        f"SELECT '{model._meta.label_lower}:' || id AS stream, state, '{first_state(model)}' AS born"
        f" FROM {model._meta.db_table}"
        for model in moves.machines()
    )


def states_follow_events() -> Question:
    """Every record stands where its last move led it; one that never moved stands in its first state.

    The head of a chain keeps where its last move led; 10a walks the chain itself and compares.
    """
    reached = "COALESCE(NULLIF(head.state, ''), record.born)"
    return Question(
        rows=f"({_records()}) record LEFT JOIN core_auditstream head ON head.name = record.stream",
        broken=f"record.state <> {reached}",
        told=f"record.stream, record.state, {reached}",
        say=lambda stream, state, reached: f"{stream}：状态为 {state}，最后一次办理到 {reached}。",
    )


# Every move event has a ground and a named actor.
EVENTS_HAVE_GROUNDS = Question(
    rows="core_auditevent",
    where=MOVED,
    broken="ground_id IS NULL OR actor_name = ''",
    told="stream, sequence, label",
    say=lambda stream, sequence, label: f"{stream}#{sequence}：{label} 没有依据或办理人。",
)

# The ground of each move of a project is linked to the project.
PROJECTS_KEEP_THEIR_GROUNDS = Question(
    rows=f"""core_auditevent event LEFT JOIN applications_projectground link
        ON link.project_id = CAST(SUBSTR(event.stream, {len(OF_PROJECT) + 1}) AS bigint)
        AND link.ground_id = event.ground_id""",
    where=f"event.stream LIKE '{OF_PROJECT}%' AND event.ground_id IS NOT NULL AND {MOVED}",
    broken="link.id IS NULL",
    told="event.stream, event.ground_id",
    say=lambda stream, ground: f"{stream}：依据 {ground} 没有与项目相连。",
)


def grounds_say_what_they_said() -> Iterator[str]:
    """The digest of every ground covers what it says now."""
    for ground in Ground.objects.select_related("file").order_by("pk").iterator(chunk_size=2000):
        if ground.digest != ground.compute_digest():
            yield f"依据 {ground.pk}（{ground.title}）：内容与摘要不符。"


# A hold was placed and lifted by a paper, and the lifting came after the placing.
HOLDS_HAVE_GROUNDS = Question(
    rows="applications_hold",
    broken="lifted_at IS NOT NULL AND (lifted_ground_id IS NULL OR lifted_at < placed_at)",
    told="id",
    say=lambda hold: f"暂停 {hold}：解除没有依据，或早于开始。",
)

INVARIANTS = [
    Invariant.asking("1a", "每条记录的状态等于最后一次办理到达的状态", states_follow_events()),
    Invariant.asking("1b", "每次办理都有依据和办理人", EVENTS_HAVE_GROUNDS),
    Invariant.asking("1c", "项目的每次办理，依据都与项目相连", PROJECTS_KEEP_THEIR_GROUNDS),
    Invariant("1d", "依据的内容与摘要一致", Ground.objects.count, grounds_say_what_they_said),
    Invariant.asking("1e", "暂停的开始与解除都有依据", HOLDS_HAVE_GROUNDS),
]
