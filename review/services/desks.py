"""A deed on a desk that moves nothing: asks the machine whether the desk is this person's, on the locked row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from applications.models import Project
from core import moves
from core.moves import NotYours
from review.models import DefectList, MaterialCheck, Opinion

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


def refuse_the_districts_hand(project: Project, move: str, actor: Actor) -> None:
    """Nobody judges one project at district and at city. Raises NotYours."""
    refuse_the_districts_hand_in([project], move, actor)


def refuse_the_districts_hand_in(projects: Sequence[Project], move: str, actor: Actor) -> None:
    """The same asked of any number of projects at once, in three questions. Raises NotYours for the first."""
    keys = [one.pk for one in projects]
    judged = (
        *Opinion.objects.filter(Q(written_by=actor) | Q(countersigned_by=actor), project__in=keys)[:1],
        *DefectList.objects.filter(issued_by=actor, project__in=keys)[:1],
        *MaterialCheck.objects.filter(by=actor, project__in=keys)[:1],
    )
    if judged:
        project = next(one for one in projects if one.pk == judged[0].project_id)
        raise NotYours("您办理过这个项目的区县初审，不能再办理市级评审。", record=project, move=move)


def at_the_bureau(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Lock a project in the city's review. Raises NotYours, Overtaken. Whoever may send it back runs its review."""
    fresh = locked(project)
    moves.require(fresh, "send_back", actor, at=at, conditions=False)
    refuse_the_districts_hand(fresh, "send_back", actor)
    return fresh
