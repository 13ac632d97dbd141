"""Projects as rows of a list: the step in words, who has it, the clock; nothing here asks the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import Project
from core import calendar
from portal.holders import holder_of
from portal.next_actions import NextAction, next_action
from portal.queries.project_page import clock_of


@dataclass(frozen=True, slots=True)
class Row:
    """One project in a list."""

    project: Project
    holder: str
    clock: calendar.Clock | None
    action: NextAction | None
    investment: Decimal | None
    limit: Decimal | None
    words: str

    @property
    def step(self) -> int:
        """The step for the thin bar; 9 when all is done, 0 where it left the road."""
        if self.project.is_ended:
            return 9 if self.project.step else 0
        return self.project.step or 0


def as_rows(projects: Iterable[Project], user: Any, *, at: datetime) -> list[Row]:
    """Rows for a page of projects loaded with `project_list.rows_of`."""
    return [_row(project, user, at) for project in projects]


def _row(project: Project, user: Any, at: datetime) -> Row:
    submission = project.current_submission
    step = f"第 {project.step} 步 " if project.step and not project.is_ended else ""
    return Row(
        project=project,
        holder=holder_of(project),
        clock=clock_of(project, at=at),
        action=next_action(project, user, facts=False),
        investment=submission.investment if submission else None,
        limit=getattr(project, "limit", None),
        words=f"{step}{project.get_state_display()}",
    )
