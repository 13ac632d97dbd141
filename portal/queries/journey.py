"""The eight steps of one project with their dates, read from its audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from applications.states import STEP_OF, STEPS, State
from core.templatetags.text_tags import cn_date

if TYPE_CHECKING:
    from applications.models import Project
    from core.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bar: done with its date, now since when, or still to come."""

    label: str
    when: str
    state: str


@dataclass(slots=True)
class Road:
    """How far the events carried a project: the day each step was left behind, and the step it stands on."""

    left_on: dict[int, datetime]
    at: int = 1
    since: datetime | None = None
    ended: str = ""


def road_of(events: Iterable[AuditEvent]) -> Road:
    """Follow the moves (events that say where they led), oldest first."""
    road = Road(left_on={})
    for event in events:
        if not event.facts.get("to"):
            continue
        state = event.facts["to"]
        step = STEP_OF.get(state)
        if step is None:
            road.ended, road.since = State(state).label, event.at
            continue
        if step != road.at or road.since is None:
            road.since = event.at
        _pass(road, step, event.at)
        if state == State.SETTLED:
            road.left_on[step] = event.at
    return road


def _pass(road: Road, step: int, at: datetime) -> None:
    """Going forward leaves steps behind; going back takes them up again."""
    for earlier in range(road.at, step):
        road.left_on[earlier] = at
    for again in range(step, road.at + 1):
        road.left_on.pop(again, None)
    road.at = step


def steps_of(project: Project, events: Iterable[AuditEvent]) -> list[Step]:
    """The bar of a project. `events`: its own chain, oldest first."""
    road = road_of(events)
    return [_step(number, label, road, project) for number, label in enumerate(STEPS, start=1)]


def _step(number: int, label: str, road: Road, project: Project) -> Step:
    if number in road.left_on:
        return Step(label, cn_date(road.left_on[number]), "done")
    if number == road.at and road.ended:
        return Step(label, f"{road.ended} {cn_date(road.since)}", "now")
    if number == road.at:
        return Step(label, f"自 {cn_date(road.since or project.created_at)}", "now")
    return Step(label, "—" if road.ended else "未到", "todo")
