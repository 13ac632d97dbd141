"""What a person typed and a section does not hold, found again."""

from __future__ import annotations

from typing import Any

from applications.models import Project, UnsavedText


def unsaved_sections(user: Any, project: Project) -> list[str]:
    """The sections of a draft in which this person left something unsaved."""
    rows = UnsavedText.objects.visible_to(user).filter(draft=project.draft, person=user)
    return list(rows.order_by("section").values_list("section", flat=True))


def unsaved_text(user: Any, project: Project, section: str) -> UnsavedText | None:
    """What this person left unsaved in a section of a draft, or None."""
    return UnsavedText.objects.visible_to(user).filter(draft=project.draft, section=section, person=user).first()
