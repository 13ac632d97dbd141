"""The defect list in hand: what the district found, and what the enterprise answered to each entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from applications.facts import sections
from applications.models import DefectAnswer, Project, ProjectGround
from core.models import Ground


@dataclass(frozen=True, slots=True)
class Defect:
    """One entry of a defect list with its answer, if there is one."""

    number: int
    about: str
    what: str
    todo: str
    answer: str = ""


def latest_list(project: Project) -> Ground | None:
    """The ground of the last return for correction."""
    link = (
        ProjectGround.objects.filter(project=project, move="return_for_correction")
        .select_related("ground")
        .order_by("-at", "-pk")
        .first()
    )
    return link.ground if link else None


def defects_of(project: Project, ground: Ground | None = None) -> list[Defect]:
    """Entries of the list (the last one by default), each with the enterprise's answer to it."""
    ground = ground or latest_list(project)
    if ground is None:
        return []
    answers = answers_of(project, ground)
    return [_defect(entry, place, answers) for place, entry in enumerate(ground.facts.get("defects", []), start=1)]


def answers_of(project: Project, ground: Ground) -> dict[int, str]:
    """The enterprise's answers by the number of the entry."""
    return dict(DefectAnswer.objects.filter(project=project, ground=ground).values_list("number", "answer"))


def fingerprint_of(project: Project, ground: Ground) -> str:
    """By which two people who answer one list are told apart: one mark an entry."""
    return sections.marks_of(defect.answer for defect in defects_of(project, ground))


def _defect(entry: dict[str, Any], place: int, answers: dict[int, str]) -> Defect:
    number = int(entry.get("number") or place)
    return Defect(number, entry.get("about", ""), entry.get("what", ""), entry.get("todo", ""), answers.get(number, ""))
