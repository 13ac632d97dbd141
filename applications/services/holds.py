"""Placing and lifting holds: how an objection, an inspection, a recovery or a 失信 entry stops a project."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from applications.models import Hold, HoldKind, Project
from core import audit
from core.people import as_user

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor


def open_holds(project: Project) -> QuerySet[Hold]:
    """What stops a project or its payments now. Whoever pays or closes asks this and nothing else."""
    return project.holds.open().select_related("ground")


def place_hold(project: Project, *, kind: str, note: str, ground: Ground, actor: Actor, at: datetime) -> Hold:
    """Stop a project's way and its payments until the hold is lifted."""
    with transaction.atomic():
        hold = Hold.objects.create(
            project=project, kind=kind, note=note[:200], ground=ground, placed_at=at, placed_by=as_user(actor)
        )
        label = f"暂停：{HoldKind(kind).label}"
        audit.record(project, "project.held", actor=actor, at=at, label=label, ground=ground, summary=note)
    return hold


def lift_hold(hold: Hold, *, ground: Ground, actor: Actor, at: datetime) -> Hold:
    """End a hold on a ground of its own; a hold already lifted stays as it was."""
    with transaction.atomic():
        fresh = Hold.objects.select_for_update().get(pk=hold.pk)
        if fresh.lifted_at is not None:
            return fresh
        fresh.lifted_at, fresh.lifted_by, fresh.lifted_ground = at, as_user(actor), ground
        fresh.save(update_fields=["lifted_at", "lifted_by", "lifted_ground"])
        label = f"解除暂停：{fresh.get_kind_display()}"
        audit.record(fresh.project, "project.hold_lifted", actor=actor, at=at, label=label, ground=ground)
    return fresh


def lift_holds(project: Project, kind: str, *, ground: Ground, actor: Actor, at: datetime) -> None:
    """Lift all open holds of a kind on a project."""
    for hold in project.holds.open().filter(kind=kind):
        lift_hold(hold, ground=ground, actor=actor, at=at)
