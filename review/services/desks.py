"""A deed on a desk that moves nothing: asks the machine whether the desk is this person's, on the locked row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from applications.models import Project
from core import moves

if TYPE_CHECKING:
    from core.people import Actor


def locked(project: Project) -> Project:
    """The project's row as it is now, locked until the transaction ends."""
    return Project._base_manager.select_for_update(of=("self",)).select_related("call", "district").get(pk=project.pk)


def at_the_district(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Lock a project on the district's desk. Raises NotYours, Overtaken. Whoever may return it may check it (第九条二)."""
    fresh = locked(project)
    moves.require(fresh, "return_for_correction", actor, at=at, conditions=False)
    return fresh


def at_the_bureau(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Lock a project in the city's review. Raises NotYours, Overtaken. Whoever may send it back runs its review."""
    fresh = locked(project)
    moves.require(fresh, "send_back", actor, at=at, conditions=False)
    return fresh
