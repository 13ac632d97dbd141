"""告知与陈述申辩: lists, and who has put his hand to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from disbursement.models import Hearing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from applications.models import Project

HEARING_COLUMNS = {"notified": "notified_at", "answer_by": "answer_by", "amount": "amount", "state": "state"}


def hearings_visible_to(user: Any) -> QuerySet[Hearing]:
    """Intended decisions with what a row or a page shows."""
    return Hearing.objects.visible_to(user).select_related(
        "project__enterprise", "project__district", "notified_by", "answered_by", "weighed_by", "closed_by", "decision"
    )


def open_hearing_of(project: Project, user: Any) -> Hearing | None:
    """The intended decision that is being heard now, if any and if this person sees it."""
    return open_hearings(user).filter(project=project).first()


def open_hearings(user: Any) -> QuerySet[Hearing]:
    """What is announced and neither decided nor given up."""
    return hearings_visible_to(user).open()  # type: ignore[attr-defined, no-any-return]
