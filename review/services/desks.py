"""A deed on a desk that moves nothing: asks the machine whether the desk is this person's, on the locked row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from applications.models import Project
from applications.states import State
from core import moves
from core.moves import NotYours
from core.people import stands_in_for
from review import hands

if TYPE_CHECKING:
    from core.people import Actor


def locked(project: Project) -> Project:
    """The project's row as it is now, locked until the transaction ends."""
    return Project._base_manager.select_for_update(of=("self",)).select_related("call", "district").get(pk=project.pk)


def at_the_district(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Lock a project on the district's desk. Raises NotYours, Overtaken. Whoever may return it may check it (第九条二)."""
    fresh = locked(project)
    moves.require(fresh, "return_for_correction", actor, at=at, conditions=False)
    refuse_the_citys_hand([fresh], "return_for_correction", actor)
    return fresh


def names_of(actor: Actor) -> set[int]:
    """In whose names a person acts now: his own, and that of whom he stands in for."""
    absent = stands_in_for(actor)
    return {actor.pk, *([absent.pk] if absent else [])}


def refuse_the_citys_hand(projects: Sequence[Project], move: str, actor: Actor) -> None:
    """Nobody judges at the district what he judged at the city before it was sent back: looked over, had scored, scored,
    or sat on the panel over. Raises NotYours for the first."""
    keys, names = [one.pk for one in projects], names_of(actor)
    at_the_city = hands.hands_of_the_bureau(keys) | hands.hands_of_experts(keys) | hands.hands_of_panels(keys)
    judged = {key for key, person in at_the_city if person in names}
    for project in projects:
        if project.pk in judged:
            raise NotYours("您办理过这个项目的市级评审，不能再办理区县初审。", record=project, move=move)


def refuse_the_other_levels_hand(project: Project, move: str, actor: Actor) -> None:
    """Whichever of the two the project's step asks for. Raises NotYours."""
    if project.state == State.DISTRICT_REVIEW:
        refuse_the_citys_hand([project], move, actor)
    elif project.state in (State.CITY_REVIEW, State.PUBLIC_NOTICE):
        refuse_the_districts_hand(project, move, actor)


def refuse_the_districts_hand(project: Project, move: str, actor: Actor) -> None:
    """Nobody judges one project at district and at city. Raises NotYours."""
    refuse_the_districts_hand_in([project], move, actor)


def refuse_the_districts_hand_in(projects: Sequence[Project], move: str, actor: Actor) -> None:
    """The same asked of any number of projects at once. Raises NotYours for the first."""
    names = names_of(actor)
    judged = {key for key, person in hands.hands_of_the_district(one.pk for one in projects) if person in names}
    for project in projects:
        if project.pk in judged:
            raise NotYours("您办理过这个项目的区县初审，不能再办理市级评审。", record=project, move=move)


def at_the_bureau(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Lock a project in the city's review. Raises NotYours, Overtaken. Whoever may send it back runs its review."""
    fresh = locked(project)
    moves.require(fresh, "send_back", actor, at=at, conditions=False)
    refuse_the_districts_hand(fresh, "send_back", actor)
    return fresh
