"""Declining a project at any step, and sending one back to its district: refusals with their reasons (第九条)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import Project
from core import moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from review import letters
from review.models import NoticeEntry
from review.services import assignments, form_checks
from review.services.desks import at_the_bureau, refuse_the_other_levels_hand
from review.services.entries import take_out
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

TURN_TO = "对决定有异议的，可以在收到之日起 60 日内申请行政复议，或在 6 个月内提起行政诉讼。"


def decline(
    project: Project,
    *,
    reasons: str,
    clause: str,
    number: str = "",
    turn_to: str = TURN_TO,
    actor: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> Project:
    """Decide not to support a project; the decider of the step it stands at signs (see ProjectWorkflow.decline).

    The enterprise gets a letter with reasons, clause and where to turn. Open assignments are shut, an entry in a
    public notice is taken out. Raises NotYours, Overtaken; ReviewRefused without reasons or clause.
    """
    if not reasons.strip():
        raise ReviewRefused("请写明不予支持的理由。", field="reasons")
    if not clause.strip():
        raise ReviewRefused("请写明依据的条款。", field="clause")
    with transaction.atomic():
        moves.require(project, "decline", actor, at=at)
        refuse_the_other_levels_hand(project, "decline", actor)
        ground = Ground.issue(
            kind=GroundKind.DECISION, title="不予支持决定书", number=number, by=actor, at=at,
            facts={"reasons": reasons.strip(), "clause": clause.strip(), "turn_to": turn_to.strip(),
                   "step": project.get_state_display()},
        )  # fmt: skip
        moved = moves.perform(
            project, "decline", actor=actor, at=at, ground=ground, seen_version=seen_version,
            letters=lambda p: letters.declined(p, ground), summary=f"{clause.strip()}：{reasons.strip()}",
        )  # fmt: skip
        assignments.shut(moved)
        take_out(NoticeEntry.objects.filter(project=moved), at=at)
    return moved


def send_back(
    project: Project, *, reasons: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> Project:
    """Return a project from the city to its district with reasons; the district's term starts anew.

    Experts' open assignments are retired: a later review asks anew. Raises NotYours, Overtaken, ReviewRefused.
    """
    if not reasons.strip():
        raise ReviewRefused("请写明退回区县的原因。", field="reasons")
    with transaction.atomic():
        at_the_bureau(project, actor=actor, at=at)
        form_checks.end(project, at=at)
        ground = Ground.issue(
            kind=GroundKind.SEND_BACK, title="退回区县意见", by=actor, at=at, facts={"reasons": reasons.strip()}
        )
        moved = moves.perform(
            project, "send_back", actor=actor, at=at, ground=ground, seen_version=seen_version,
            due_on=add_working_days(today(at), project.call.district_days),
            letters=lambda p: letters.sent_back(p, reasons.strip()), summary=reasons.strip(),
        )  # fmt: skip
        assignments.retire(moved, at=at)
    return moved
