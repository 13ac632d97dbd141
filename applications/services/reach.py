"""A newly adopted policy reaches the unfinished projects its adoption names: those are determined again (第十九条)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from applications.models import Determination, Project
from applications.services.determinations import determine_again
from applications.states import BEFORE_AWARD, ENDED
from core import audit
from core.people import Actor
from policy.models import PolicyAdoption
from policy.states import AdoptionState, Reach


class NotAdopted(Exception):
    """The adoption does not stand (yet); the text is for the person who asked."""


def reached_by(adoption: PolicyAdoption) -> QuerySet[Project]:
    """Filed, unfinished projects which the adoption names and which are not determined under it yet."""
    filed = Project.objects.filter(current_submission__isnull=False).exclude(state__in=ENDED)
    by_reach = {
        Reach.NEW_ONLY: filed.none(),
        Reach.NOT_YET_APPROVED: filed.filter(state__in=BEFORE_AWARD),
        Reach.ALL_UNFINISHED: filed,
        Reach.LISTED: filed.filter(number__in=adoption.listed_projects),
    }
    under_it = Determination.objects.filter(is_current=True, policy_version=adoption.name).values("project")
    return by_reach[Reach(adoption.reaches)].exclude(pk__in=under_it)


def determine_reached(adoption: PolicyAdoption, *, actor: Actor, at: datetime) -> list[Determination]:
    """Determine every reached project anew under the adopted version; the earlier results are kept (第十九条).

    What was already awarded keeps its own limit: a lower amount takes effect at change or settlement only.
    Raises NotAdopted.
    """
    with transaction.atomic():
        held = PolicyAdoption.objects.select_for_update().get(pk=adoption.pk)
        if held.state != AdoptionState.ADOPTED:
            raise NotAdopted("两局采用之后才能重新测算（第十七条）。")
        projects = list(reached_by(held).filter(determinations__is_current=True).order_by("pk"))
        made = [
            determine_again(project, actor=actor, at=at, reason=f"{held}适用于本项目（第十九条）", version=held.name)
            for project in projects
        ]
        if made:
            audit.record(
                held, "policy.projects_determined_again", actor=actor, at=at, label="重新测算所及项目",
                summary=f"{len(made)} 个项目", facts={"projects": [project.number for project in projects]},
            )  # fmt: skip
    return made
