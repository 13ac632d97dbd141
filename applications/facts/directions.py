"""The local directions of 第七条（二） as the rules know them: kind of project, key of the rate, clause."""

from __future__ import annotations

from typing import Any, NamedTuple

from applications.models import Direction

NO_INDUSTRY = "0000"  # an applicant that is no enterprise may have no class of GB/T 4754; its amount asks for none


class Terms(NamedTuple):
    """Kind of project and direction of `policy.rules`, and the clause it rests on."""

    kind: str
    key: str
    clause: str


TERMS: dict[str, Terms] = {
    Direction.SERVICE_PROVIDERS: Terms("SERVICE", "service_providers", "第七条（二）3"),
    Direction.DIAGNOSIS: Terms("SERVICE", "digital_green", "第七条（二）2"),
    Direction.INFRASTRUCTURE: Terms("INFRA", "digital_infrastructure", "第七条（二）4"),
    Direction.PLATFORMS: Terms("PLATFORM", "park_platforms", "第七条（二）5"),
    Direction.TRAINING: Terms("TRAINING", "training", "第七条（二）6"),
}


def facts_of(direction: str) -> dict[str, Any]:
    """What a direction adds to the sheet of facts; nothing for a 改造项目."""
    if not direction:
        return {}
    terms = TERMS[direction]
    return {"project_kind": terms.kind, "local_direction": terms.key}
