"""Investment lines brought in from Excel: all of them in one transaction, or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from applications.facts import amounts, sections
from applications.models import Project
from applications.services.drafts import save_lines
from core.people import Actor


def import_lines(
    project: Project,
    *,
    lines: list[dict[str, Any]],
    append: bool,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> amounts.Totals:
    """Put the lines in place of those that stand, or after them. Returns the sums over all lines, in 元.

    Raises what save_lines raises (Conflict, DraftRefused, NotYours, Overtaken); nothing is written then.
    """
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        standing = sections.lines_of(project.draft) if append else []
        return save_lines(project, lines=[*standing, *lines], actor=actor, at=at, seen=seen)
