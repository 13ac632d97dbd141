"""Differences between bank and ledger: one person explains, another closes them on a ground; else they stand open."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.hands import has_a_hand_in
from core.models import Ground, GroundKind
from disbursement.models import Explanation, ExplanationVerdict
from disbursement.models.reconciliation import THINGS
from disbursement.queries.differences import stands_open
from disbursement.services.reconciliation import require_keeper
from disbursement.services.refusal import Refused

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor
    from disbursement.models.reconciliation import Thing

COLUMN_OF = {model: name for name, model in THINGS.items()}


def explain(
    thing: Thing, words: str, *, actor: Actor, at: datetime, document_number: str = "", file: StoredFile | None = None
) -> Explanation:
    """Record how a difference came about and what its paper is; it stands open until another person closes it.

    Raises Refused where nothing differs, asked under lock, or where an explanation waits to be judged.
    """
    require_keeper(actor)
    said = words.strip()
    if not said:
        raise Refused("请写明差异的原因和处理结果。", "words")
    about = {COLUMN_OF[type(thing)]: thing}
    with transaction.atomic():
        locked = type(thing)._base_manager.select_for_update(of=("self",)).get(pk=thing.pk)
        if Explanation.objects.filter(**about, verdict=None).exists():
            raise Refused("这一处差异已经说明过，待另一人复核。", "words")
        if not stands_open(locked, actor):
            raise Refused("这一处没有差异：已经勾对，或已经复核办结。", "words")
        made = Explanation.objects.create(
            **about, words=said, document_number=document_number, file=file, explained_at=at, explained_by=actor
        )
        audit.record(made, "difference.explained", actor=actor, at=at, label="说明对账差异", summary=said)
    return made


def close_difference(explanation: Explanation, *, actor: Actor, at: datetime) -> ExplanationVerdict:
    """Another person checked the explanation against its paper: the difference is closed.

    Raises PermissionDenied for whoever explained it, Refused where somebody judged it already.
    """
    with transaction.atomic():
        fresh = _unjudged(explanation, actor)
        ground = Ground.issue(
            kind=GroundKind.DIFFERENCE_RECORD, title="对账差异处理单", number=fresh.document_number, by=actor, at=at,
            file=fresh.file, facts={"explanation": fresh.pk, "words": fresh.words},
        )  # fmt: skip
        made = ExplanationVerdict.objects.create(explanation=fresh, holds=True, at=at, by=actor, ground=ground)
        audit.record(fresh, "difference.closed", actor=actor, at=at, label="复核对账差异", ground=ground)
    return made


def refuse_explanation(explanation: Explanation, reason: str, *, actor: Actor, at: datetime) -> ExplanationVerdict:
    """The explanation does not hold: it falls, and the difference stands open as before. Raises as close_difference."""
    with transaction.atomic():
        fresh = _unjudged(explanation, actor)
        made = ExplanationVerdict.objects.create(explanation=fresh, holds=False, reason=reason, at=at, by=actor)
        audit.record(fresh, "difference.explanation_refused", actor=actor, at=at, label="退回差异说明", summary=reason)
    return made


def _unjudged(explanation: Explanation, actor: Actor) -> Explanation:
    require_keeper(actor)
    fresh = Explanation.objects.select_for_update(of=("self",)).get(pk=explanation.pk)
    if ExplanationVerdict.objects.filter(explanation=fresh).exists():
        raise Refused("这一处差异已经办结，或说明已被退回。")
    if has_a_hand_in(fresh, {fresh.explained_by_id}, actor):
        raise PermissionDenied("差异须由说明人以外的另一人复核。")
    return fresh
