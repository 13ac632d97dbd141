"""Ways out that lie with the enterprise or the clock: withdraw, lapse, and the closing of a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from applications import letters
from applications.models import Call, Project
from applications.states import CallState, State
from core import files, moves
from core.calendar import today
from core.models import Ground, GroundKind
from core.people import SYSTEM, Actor

REQUEST_TYPES = ("pdf", "ofd", "jpg", "png")


def withdraw(
    project: Project, *, reason: str, actor: Actor, at: datetime, upload: Any = None, seen_version: int | None = None
) -> Project:
    """Give the project up before the award, by a signed request with its reason and perhaps a scan.

    Raises NotYours, Overtaken, core.files.FileRefused.
    """
    moves.require(project, "withdraw", actor, at=at)
    file = files.store(upload, kind="withdrawal", by=actor, at=at, allowed=REQUEST_TYPES) if upload else None
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.SIGNED_REQUEST, title="撤回项目申请", by=actor, at=at, facts={"reason": reason}, file=file
        )
        return moves.perform(
            project, "withdraw", actor=actor, at=at, ground=ground, seen_version=seen_version, summary=reason,
            letters=letters.withdrawn,
        )  # fmt: skip


def lapse_overdue(at: datetime) -> int:
    """Let drafts lapse whose call has closed, and corrections whose term is over; returns how many.

    Each project in a transaction of its own, so that one refusal stops no other. Agreements are disbursement's.
    """
    lapsed = 0
    for project in overdue_filings(at).select_related("call").iterator(chunk_size=500):
        if project.state == State.DRAFT and at <= project.call.files_until:
            continue  # closed, and still within the grace
        try:
            _lapse(project, at)
        except moves.Refusal:  # somebody filed, withdrew or extended a moment ago
            continue
        lapsed += 1
    return lapsed


def overdue_filings(at: datetime) -> QuerySet[Project]:
    """Drafts of calls that have closed and corrections past their last day."""
    left_over = Q(state=State.DRAFT, call__closes_at__lt=at)
    not_corrected = Q(state=State.CORRECTION, due_on__lt=today(at))
    return Project.objects.filter(left_over | not_corrected).order_by("pk")


def _lapse(project: Project, at: datetime) -> None:
    drafted = project.state == State.DRAFT
    until = project.call.files_until.isoformat() if drafted else str(project.due_on)
    title = "申报截止，草稿未提交" if drafted else "补正期限已过"
    with transaction.atomic():
        facts = {"until": until, "reason": f"{title}。", "clause": "第八条" if drafted else "第九条（二）"}
        ground = Ground.issue(kind=GroundKind.CLOCK_RECORD, title=title, by=SYSTEM, at=at, facts=facts)
        moves.perform(
            project, "lapse", actor=SYSTEM, at=at, ground=ground, summary=title, letters=letters.lapsed
        )  # fmt: skip


def close_calls(at: datetime) -> int:
    """Close the calls whose time is over; returns how many."""
    closed = 0
    for call in Call.objects.filter(state=CallState.PUBLISHED, closes_at__lt=at).order_by("pk"):
        with transaction.atomic():
            ground = Ground.issue(
                kind=GroundKind.CLOCK_RECORD, title="申报截止", by=SYSTEM, at=at,
                facts={"until": call.closes_at.isoformat()},
            )  # fmt: skip
            moves.perform(call, "close", actor=SYSTEM, at=at, ground=ground)
        closed += 1
    return closed
