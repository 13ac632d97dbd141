"""Placing and lifting a hold on a project, audited."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from applications.models import Hold, HoldKind, Project
from core import audit, people
from core.models import Ground

if TYPE_CHECKING:
    from core.people import Actor


def place_hold(project: Project, kind: str, *, note: str, ground: Ground, actor: Actor, at: datetime) -> Hold:
    hold = Hold.objects.create(
        project=project, kind=kind, note=note, ground=ground, placed_at=at, placed_by=people.as_user(actor)
    )
    label = f"暂停：{HoldKind(kind).label}"
    audit.record(project, "project.hold_placed", actor=actor, at=at, label=label, ground=ground, summary=note)
    return hold


def lift_hold(hold: Hold, *, ground: Ground, actor: Actor, at: datetime) -> Hold:
    hold.lifted_ground, hold.lifted_at, hold.lifted_by = ground, at, people.as_user(actor)
    hold.save(update_fields=["lifted_ground", "lifted_at", "lifted_by"])
    label = f"解除暂停：{hold.get_kind_display()}"
    audit.record(hold.project, "project.hold_lifted", actor=actor, at=at, label=label, ground=ground)
    return hold
