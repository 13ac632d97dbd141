"""What becomes of a project's line in a public notice: passed, or taken out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from core import moves
from core.models import Ground, GroundKind
from core.people import SYSTEM
from review.models import EntryOutcome, NoticeEntry, PublicNotice
from review.states import NoticeState

if TYPE_CHECKING:
    from applications.models import Project


def take_out(entries: QuerySet[Any], *, at: datetime) -> None:
    """Projects that left the notice otherwise than by its end are shown as 已移出; an empty notice ends."""
    _decide(entries, EntryOutcome.REMOVED, at=at)


def let_pass(project: Project, *, at: datetime) -> None:
    _decide(NoticeEntry.objects.filter(project=project), EntryOutcome.PASSED, at=at)


def _decide(entries: QuerySet[Any], outcome: str, *, at: datetime) -> None:
    shown = entries.filter(outcome=EntryOutcome.SHOWN)
    notices = set(shown.values_list("notice", flat=True))
    shown.update(outcome=outcome, decided_at=at)
    for notice in PublicNotice.objects.filter(pk__in=notices, state=NoticeState.PUBLISHED).order_by("pk"):
        if not notice.entries.filter(decided_at=None).exists():
            _end(notice, at=at)


def _end(notice: PublicNotice, *, at: datetime) -> None:
    outcomes = {entry.number: entry.outcome for entry in notice.entries.all()}
    ground = Ground.issue(
        kind=GroundKind.NOTICE_CLOSURE,
        title=f"公示结束 {notice.number}",
        by=SYSTEM,
        at=at,
        facts={"outcomes": outcomes},
    )
    moves.perform(notice, "close", actor=SYSTEM, at=at, ground=ground)
