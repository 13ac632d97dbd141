"""Why a project stands where it does, read from the very paper that put it there: no refusal stays unexplained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from applications.models import Project
from applications.states import State
from core.models import AuditEvent, Ground, GroundKind
from portal.addresses import address_of

TOLD = {
    State.CORRECTION,
    State.RECTIFICATION,
    State.DECLINED,
    State.LAPSED,
    State.TERMINATED,
    State.REVOKED,
}


# Where a paper that does not say itself where to turn is answered.
TURN_TO = {
    GroundKind.DECISION: "对本决定有异议的，可向市工业和信息化局书面陈述申辩，或依法申请行政复议。",
    GroundKind.DEFECT_LIST: "对补正内容有疑问的，请与所在区、县（市）工信部门联系。",
    GroundKind.RECTIFICATION_NOTICE: "对整改要求有疑问的，请与市工业和信息化局联系。",
    GroundKind.CLOCK_RECORD: "有异议的，可向受理的工信部门书面陈述，或依法申请行政复议。",
}


@dataclass(frozen=True, slots=True)
class Reasons:
    """A decision as people read it: what was decided, why, by which clause, where to turn; or the defects to mend."""

    title: str
    url: str
    words: str
    clause: str
    turn_to: str
    defects: list[dict[str, Any]]


def reasons_of(project: Project, events: Sequence[AuditEvent], closed_kinds: frozenset[str]) -> Reasons | None:
    """The reasons behind the state a project is in; None where it is simply on its way, or the paper is not for you.

    `events`: its trail, oldest first, with their grounds.
    """
    if project.state not in TOLD:
        return None
    ground = next((e.ground for e in reversed(events) if e.ground_id and e.facts.get("to") == project.state), None)
    if ground is None or ground.kind in closed_kinds:
        return None
    return _told(ground)


def _told(ground: Ground) -> Reasons:
    said = ground.facts
    return Reasons(
        title=str(ground),
        url=address_of("ground", ground.pk),
        words=said.get("reasons") or said.get("reason") or said.get("text") or "",
        clause=said.get("clause", ""),
        turn_to=said.get("turn_to") or TURN_TO.get(ground.kind, ""),
        defects=said.get("defects", []),
    )
