"""What a person typed and a section does not hold, found again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from applications.models import Project, UnsavedText
from core.written import answers


def unsaved_sections(user: Any, project: Project) -> list[str]:
    """The sections of a draft in which this person left something unsaved."""
    if user.organisation_id is None:
        return []
    return [section for (section,) in answers(_sections_kept, user.pk, user.organisation_id, project.draft.pk)]


def _sections_kept(person: int, enterprise: int, draft: int) -> QuerySet[Any]:
    """As `visible_to` has it: whoever typed it, while the draft is his enterprise's."""
    rows = UnsavedText.objects.filter(person=person, draft=draft, draft__project__enterprise=enterprise)
    return rows.order_by("section").values_list("section")


def unsaved_text(user: Any, project: Project, section: str) -> UnsavedText | None:
    """What this person left unsaved in a section of a draft, or None; most days there is nothing at all."""
    if section not in unsaved_sections(user, project):
        return None
    return UnsavedText.objects.visible_to(user).filter(draft=project.draft, section=section, person=user).first()
