"""更正: a slip of the pen in an issued paper is put right by a countersigned record beside it; the paper stays as it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core import moves
from core.models import CorrectedField, Correction, CorrectionState, Ground, GroundKind, Organisation, OrganisationKind

if TYPE_CHECKING:
    from core.people import Actor


class CorrectionRefused(Exception):
    """A correction cannot be proposed; the text is for the person. `field` names the form's field."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def issuer_of(ground: Ground) -> Organisation | None:
    """Whose paper it is: the body of whoever issued it; what the system issued is the city bureau's."""
    if ground.issued_by is not None:
        return ground.issued_by.organisation
    return Organisation.objects.filter(kind=OrganisationKind.CITY_BUREAU).order_by("pk").first()


def may_propose(ground: Ground, person: Any) -> bool:
    """True for people of the issuing official body; an enterprise's own papers are not corrected but submitted anew."""
    issuer = issuer_of(ground)
    official = issuer is not None and issuer.kind not in (OrganisationKind.ENTERPRISE, OrganisationKind.EXPERT_EMPLOYER)
    return official and person.organisation_id == issuer.pk and ground.kind != GroundKind.CORRECTION_RECORD


def value_of(ground: Ground, field: str) -> str:
    """What the paper says now of a field, in the words of the paper, corrections in force included."""
    latest = ground.corrections.in_force().filter(field=field).order_by("-decided_at", "-pk").first()
    if latest is not None:
        return latest.after
    return printed(ground, field)


def printed(ground: Ground, field: str) -> str:
    """What was printed."""
    if field == CorrectedField.ISSUED_ON:
        return in_words(timezone.localdate(ground.issued_at))
    return str(getattr(ground, field))


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def read_day(words: str) -> date:
    """2026年3月5日 (or 2026-03-05) as a date. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})\s*日?\s*", words)
    if found is None:
        raise ValueError(words)
    return date(*map(int, found.groups()))


def propose(ground: Ground, *, field: str, after: str, reason: str, actor: Actor, at: datetime) -> Correction:
    """Propose to correct one value of one paper; somebody else of the same body countersigns.

    `after`: as it should read. Raises CorrectionRefused for another body's paper, a value that does not
    change, an empty reason, or one that already waits.
    """
    issuer = issuer_of(ground)
    if not may_propose(ground, actor):
        raise CorrectionRefused("只有出具这份文件的单位可以提出更正。")
    after, before = after.strip(), value_of(ground, field)
    if not after or after == before:
        raise CorrectionRefused("更正后的内容与现在相同，请核对。", field="after")
    if not reason.strip():
        raise CorrectionRefused("请写明更正的理由。", field="reason")
    with transaction.atomic():
        Ground._base_manager.select_for_update(of=("self",)).get(pk=ground.pk)
        if Correction.objects.filter(ground=ground, field=field, state=CorrectionState.PROPOSED).exists():
            raise CorrectionRefused("这一项已有待复核的更正，请先复核。")
        return Correction.objects.create(
            ground=ground, organisation=issuer, field=field, before=before, after=after, reason=reason.strip(),
            proposed_at=at, proposed_by=actor, state_since=at,
        )  # fmt: skip


def countersign(correction: Correction, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Correction:
    """Put a correction in force: a record of its own, by a second person. Raises NotYours, Overtaken."""
    with transaction.atomic():
        moves.require(correction, "countersign", actor, at=at)
        record = Ground.issue(
            kind=GroundKind.CORRECTION_RECORD,
            title=f"更正：{correction.ground}",
            by=actor,
            at=at,
            facts=said(correction),
        )
        return moves.perform(
            correction, "countersign", actor=actor, at=at, ground=record, summary=str(correction),
            seen_version=seen_version,
        )  # fmt: skip


def refuse(correction: Correction, *, reason: str, actor: Actor, at: datetime) -> Correction:
    """Leave the paper as it was, and say why. Raises NotYours, Overtaken, CorrectionRefused."""
    if not reason.strip():
        raise CorrectionRefused("请写明不同意的理由。", field="reason")
    with transaction.atomic():
        moves.require(correction, "refuse", actor, at=at)
        facts = {**said(correction), "reason": reason.strip()}
        ground = Ground.issue(kind=GroundKind.DECISION, title="不同意更正", by=actor, at=at, facts=facts)
        return moves.perform(correction, "refuse", actor=actor, at=at, ground=ground, summary=reason.strip())


def said(correction: Correction) -> dict[str, Any]:
    """What the record of a correction says."""
    return {
        "of": correction.ground_id, "field": correction.field, "before": correction.before, "after": correction.after,
        "note": f"{correction.get_field_display()}由“{correction.before}”更正为“{correction.after}”。",
        "reason": correction.reason, "proposed_by": correction.proposed_by_id,
    }  # fmt: skip


def in_force_of(grounds: Iterable[int] | None = None) -> dict[int, list[Correction]]:
    """The corrections in force of some papers (all by default), oldest first, in one query.

    Whoever reads the paper reads them.
    """
    found: dict[int, list[Correction]] = defaultdict(list)
    rows = Correction.objects.in_force()
    rows = rows if grounds is None else rows.filter(ground__in=list(grounds))
    for row in rows.select_related("proposed_by", "decided_by").order_by("decided_at", "pk"):
        found[row.ground_id].append(row)
    return found
