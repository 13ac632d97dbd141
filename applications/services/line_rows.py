"""Investment lines saved row by row: only what changed is sent and written, and two people meet in one row at most."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from applications.facts import sections
from applications.models import Draft, DraftLine, UnsavedText
from applications.services.autosave import keep_text
from applications.services.drafts import MOST_LINES, DraftRefused, exact_line, open_draft, touch
from core.bulk import update_rows
from core.people import Actor

SECTION = "lines"


@dataclass(frozen=True, slots=True)
class Row:
    """One changed row of the grid. `key`: the line's number in the database, or the slot of a row that is new there."""

    key: str
    mark: str  # what the line held when the page was opened; "" for a new row
    values: dict[str, Any] | None  # None: it cannot be read yet, or it goes
    typed: Mapping[str, str]
    goes: bool = False


@dataclass(slots=True)
class Saved:
    """What became of the rows: key → (number, mark) of those that stand, and the keys of those somebody else changed."""

    standing: dict[str, tuple[int, str]] = field(default_factory=dict)
    disputed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def save_line_rows(project: Any, rows: Sequence[Row], *, actor: Actor, at: datetime, insist: bool = False) -> Saved:
    """Write the rows that can be read; keep the others, and those a colleague changed since, as typed for their author.

    `insist`: after both were seen, mine stands. A row sent twice (the answer was lost) is written once.
    Raises DraftRefused above MOST_LINES, NotYours, Overtaken; nothing is written then.
    """
    saved, changes = Saved(), _Changes()
    with transaction.atomic():
        draft = open_draft(project, actor)
        standing = _standing(draft, rows)
        for row in rows:
            _sort(row, standing.get(row.key), changes, saved, insist=insist)
        _write(draft, changes)
        if changes:
            touch(draft, actor, at, SECTION)
        _keep(draft, rows, saved, actor, at)
    saved.standing |= {row.key: (line.pk, sections.line_mark(line)) for row, line in changes.new + changes.changed}
    return saved


def forget_rows(project: Any, keys: Sequence[str], *, actor: Actor, at: datetime) -> None:
    """Give up what this person typed into these rows and never saved."""
    _keep(project.draft, [Row(key, "", None, {}) for key in keys], Saved(), actor, at)


@dataclass(slots=True)
class _Changes:
    new: list[tuple[Row, DraftLine]] = field(default_factory=list)
    changed: list[tuple[Row, DraftLine]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def _standing(draft: Draft, rows: Sequence[Row]) -> dict[str, DraftLine]:
    """The stored lines of these rows, by number and by slot."""
    numbers = [int(row.key) for row in rows if row.key.isdigit()]
    slots = [row.key for row in rows if not row.key.isdigit()]
    lines = draft.lines.filter(Q(pk__in=numbers) | Q(slot__in=slots, slot__gt=""))
    return {key: line for line in lines for key in (str(line.pk), line.slot) if key}


def _sort(row: Row, line: DraftLine | None, changes: _Changes, saved: Saved, *, insist: bool) -> None:
    """Decide what becomes of one row."""
    if row.values is None and not row.goes:
        saved.kept.append(row.key)
        return
    values = {} if row.goes else exact_line(row.values or {})
    now = sections.line_mark(line) if line else ""
    wanted = "" if row.goes else sections.marks_of([values])
    if not insist and row.mark and row.mark != now and now != wanted:
        saved.disputed.append(row.key)
    elif row.goes:
        changes.gone += [line.pk] if line else []
    elif line is None:
        slot = "" if row.key.isdigit() else row.key
        changes.new.append((row, DraftLine(slot=slot, **values)))
    elif now != wanted:
        for name, value in values.items():
            setattr(line, name, value)
        changes.changed.append((row, line))
    else:
        saved.standing[row.key] = (line.pk, now)


def _write(draft: Draft, changes: _Changes) -> None:
    if changes.gone:
        draft.lines.filter(pk__in=changes.gone).delete()
    update_rows([line for _, line in changes.changed], sections.LINE_FIELDS)
    if not changes.new:
        return
    last = draft.lines.aggregate(last=Max("position"))["last"] or 0
    count = draft.lines.count() + len(changes.new)
    if count > MOST_LINES:
        raise DraftRefused(f"投资明细最多 {MOST_LINES:,} 行，现在有 {count:,} 行，请合并同类设备。")
    for place, (_, line) in enumerate(changes.new, start=last + 1):
        line.draft, line.position = draft, place
    DraftLine.objects.bulk_create([line for _, line in changes.new], batch_size=500)


def _keep(draft: Draft, rows: Sequence[Row], saved: Saved, actor: Actor, at: datetime) -> None:
    """What this person's rows hold unsaved: of these rows what was kept now, of all others what was kept before."""
    kept = UnsavedText.objects.filter(draft=draft, section=SECTION, person=actor.pk).first()
    before = kept.fields if kept else {}
    of_these = {row.key for row in rows}
    after = {key: text for key, text in before.items() if key not in of_these}
    waiting = {*saved.disputed, *saved.kept}
    after |= {row.key: json.dumps(dict(row.typed), ensure_ascii=False) for row in rows if row.key in waiting}
    if after != before:
        keep_text(draft.pk, SECTION, after, seen="", person=actor.pk, at=at)
