"""Saving by itself: what can be read goes into the section, the rest is kept as typed, for its author alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from applications.facts import defects, sections
from applications.facts.tickets import read_ticket
from applications.models import Draft, UnsavedText
from applications.services.drafts import Conflict, answer_defects, save_section
from core.models import User
from core.people import Actor

GRID_FIELD = re.compile(r"lines-([0-9]+)-([a-z_]+)")
KEPT_DAYS = 30
MOST_KEPT = 2_000_000  # characters of one section
OF_THE_PAGE = {"csrfmiddlewaretoken", "ticket", "seen", "action"}  # sent with every form, typed by nobody


def autosave(
    project: Any,
    section: str,
    *,
    values: dict[Any, Any],
    unread: Mapping[str, str],
    typed: Mapping[str, str],
    seen: str | None,
    actor: Actor,
    at: datetime,
) -> str:
    """Save what could be read, keep the rest; returns the section's new fingerprint.

    `values`: fields that could be read; `unread`: the text of those that could not, by the name on the page; `typed`:
    everything, kept where somebody else changed the section since (`seen`). Raises as save_section does.
    """
    try:
        with transaction.atomic():
            draft, mark = _save(project, section, values, seen, actor, at)
            keep_text(draft.pk, section, unread, seen=mark, person=actor.pk, at=at)
    except Conflict:
        keep_text(project.draft.pk, section, typed, seen=seen or "", person=actor.pk, at=at)
        raise
    return mark


def _save(
    project: Any, section: str, values: dict[Any, Any], seen: str | None, actor: Actor, at: datetime
) -> tuple[Draft, str]:
    if section == "defects":
        ground = defects.latest_list(project)
        draft = answer_defects(project, ground, answers=values, actor=actor, at=at, seen=seen)
        return draft, defects.fingerprint_of(project, ground)
    draft = save_section(project, section, values=values, actor=actor, at=at, seen=seen)
    return draft, sections.fingerprint_of(draft, section)


def keep_typed(project: Any, section: str, *, typed: Mapping[str, str], seen: str, actor: Actor, at: datetime) -> None:
    """Keep a form that could not be saved as it was typed, until it is or is given up."""
    keep_text(project.draft.pk, section, typed, seen=seen, person=actor.pk, at=at)


def keep_for_ticket(text: str, data: Mapping[str, str], *, at: datetime, person: int | None = None) -> bool:
    """Keep what a form sent after its session had ended, for whoever its ticket names; True where it was kept.

    `person`: who is signed in now, if anybody; for somebody else's ticket nothing is kept. Nothing goes into the draft:
    the person sees the text again after signing in, and saves it.
    """
    ticket = read_ticket(text)
    if ticket is None or person not in (None, ticket.person):
        return False
    typed = {name: value for name, value in data.items() if name not in OF_THE_PAGE}
    if sum(map(len, typed.values())) > MOST_KEPT:
        return False
    author = User.objects.filter(pk=ticket.person, is_active=True).first()
    draft = Draft.objects.visible_to(author).filter(project=ticket.project).first() if author else None
    if draft is None:
        return False
    if ticket.section == "lines":
        kept = UnsavedText.objects.filter(draft=draft, section="lines", person=author).first()
        typed = (kept.fields if kept else {}) | _by_row(typed)
    keep_text(draft.pk, ticket.section, typed, seen=data.get("seen", ""), person=ticket.person, at=at)
    return True


def _by_row(typed: Mapping[str, str]) -> dict[str, str]:
    """A posted grid row by row: the line's number, or the slot of a new one → its fields as JSON."""
    rows: dict[str, dict[str, str]] = {}
    for name, text in typed.items():
        found = GRID_FIELD.fullmatch(name)
        if found:
            rows.setdefault(found[1], {})[found[2]] = text
    return {
        row.get("id") or row.get("slot") or f"n{place}": json.dumps(row, ensure_ascii=False)
        for place, row in rows.items()
    }


def forget_typed(project: Any, section: str, *, actor: Actor) -> None:
    """Give up what this person typed into a section and never saved."""
    UnsavedText.objects.filter(draft=project.draft, section=section, person=actor.pk).delete()


def drop_old_typed(at: datetime) -> int:
    """Remove what nobody came back for within KEPT_DAYS; returns how many."""
    return UnsavedText.objects.filter(kept_at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]


def keep_text(draft: int, section: str, typed: Mapping[str, str], *, seen: str, person: int, at: datetime) -> None:
    """Put the text in place of what was kept before; nothing typed keeps nothing."""
    if not typed:
        UnsavedText.objects.filter(draft=draft, section=section, person=person).delete()
        return
    content = json.dumps({"seen": seen, "fields": dict(typed)}, ensure_ascii=False)
    UnsavedText.objects.bulk_create(
        [UnsavedText(draft_id=draft, section=section, person_id=person, content=content, kept_at=at)],
        update_conflicts=True,
        unique_fields=["draft", "section", "person"],
        update_fields=["content", "kept_at"],
    )
