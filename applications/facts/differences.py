"""What changed between two submissions of one project: field by field, line by line, file by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.facts import industries, reference, sections
from applications.facts.line_columns import COLUMNS
from applications.models import Submission
from core.codes import mask_phone
from core.money import yuan

OWN_FIELDS = ("enterprise_name", "uscc", "investment", "land_and_building")
MONEY = {"own_funds", "bank_loan", "received_elsewhere", "investment", "land_and_building"}
Line = dict[str, Any]
# By what two lines are held for the same one, the surest first; what is blank on a line identifies nothing.
IDENTITIES: tuple[tuple[str, ...], ...] = (
    ("serial_number",),
    ("invoice_number", "name"),
    ("category", "name", "model", "supplier"),
    ("name", "model"),
    ("name",),
    ("category", "amount"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads differently: its name, how it stood, how it stands."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line added, removed or altered; numbers are its places in the two submissions."""

    kind: str
    number_before: int | None
    number_after: int | None
    name: str
    changes: list[Change]

    @property
    def tone(self) -> str:
        return {"新增": "ok", "删除": "stop"}.get(self.kind, "warn")


@dataclass(frozen=True, slots=True)
class FileChange:
    """Files of one requirement: those gone and those come, by content."""

    requirement: str
    removed: list[Any]
    added: list[Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs; nothing in it means that the two say the same."""

    fields: list[Change]
    lines: list[LineChange]
    files: list[FileChange]

    @property
    def count(self) -> int:
        return len(self.fields) + len(self.lines) + len(self.files)


def difference(before: Submission, after: Submission) -> Difference:
    """The difference of two submissions; four queries, however much they hold."""
    return Difference(
        _fields(before, after),
        line_changes(_lines(before), _lines(after)),
        _files(before, after),
    )


def _fields(before: Submission, after: Submission) -> list[Change]:
    names = [*OWN_FIELDS, *(name for name in sections.FILING_FIELDS if name != "indicators")]
    found = []
    for name in dict.fromkeys(names):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            label = str(Submission._meta.get_field(name).verbose_name)
            found.append(Change(label, _said(name, old), _said(name, new)))
    return found + _indicators(before.indicators, after.indicators)


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    named: dict[str, Callable[[Any], str]] = {
        "contact_phone": mask_phone,
        "task": lambda number: f"{number}. {reference.task_name(number)}",
        "industry": industries.label_of,
    }
    if name in named:
        return named[name](value)
    if name in MONEY:
        return f"{yuan(value)} 元"
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value)


def _indicators(before: list[Any], after: list[Any]) -> list[Change]:
    """Indicators by name; an altered one in one sentence each."""
    old = {one.get("name", ""): _indicator(one) for one in before}
    new = {one.get("name", ""): _indicator(one) for one in after}
    return [
        Change(f"绩效目标：{name}", old.get(name, "（没有）"), new.get(name, "（没有）"))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _indicator(one: dict[str, Any]) -> str:
    def given(name: str) -> str:
        return "—" if one.get(name) in (None, "") else str(one[name])

    return f"{given('kind')}，现状 {given('baseline')}，目标 {one.get('direction', '')} {given('target')} {one.get('unit') or ''}".strip()


def _lines(submission: Submission) -> list[Line]:
    return list(submission.lines.order_by("position").values("position", *sections.LINE_FIELDS))


def line_changes(before: Iterable[Line], after: Iterable[Line]) -> list[LineChange]:
    """Lines paired by what identifies them; equal ones are left out, the rest is altered, added or removed."""
    pairs, gone, come = _paired(list(before), list(after))
    changes = [_altered(old, new) for old, new in pairs]
    changes += [LineChange("删除", line["position"], None, line["name"], _whole(line, before=True)) for line in gone]
    changes += [LineChange("新增", None, line["position"], line["name"], _whole(line, before=False)) for line in come]
    return sorted(changes, key=lambda one: (one.number_after or one.number_before or 0, one.number_after is None))


def _paired(before: list[Line], after: list[Line]) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Altered pairs, what is gone, what has come. Equal lines are paired first and dropped."""
    _, before, after = _match(before, after, sections.LINE_FIELDS, blank_is_fine=True)
    pairs: list[tuple[Line, Line]] = []
    for identity in IDENTITIES:
        found, before, after = _match(before, after, identity, blank_is_fine=len(identity) > 2)
        pairs += found
    return pairs, before, after


def _match(
    before: list[Line], after: list[Line], names: tuple[str, ...], *, blank_is_fine: bool
) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Pair lines that agree in these fields, in order; the unpaired of both sides come back."""
    waiting: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for line in reversed(after):
        waiting[tuple(line[name] for name in names)].append(line)
    pairs, left = [], []
    for line in before:
        key = tuple(line[name] for name in names)
        known = blank_is_fine or all(part not in (None, "") for part in key)
        if known and waiting[key]:
            pairs.append((line, waiting[key].pop()))
        else:
            left.append(line)
    taken = {id(new) for _, new in pairs}
    return pairs, left, [line for line in after if id(line) not in taken]


def _altered(old: Line, new: Line) -> LineChange:
    changes = [
        Change(column.heading, _cell(column, old), _cell(column, new))
        for column in COLUMNS
        if old[column.field] != new[column.field]
    ]
    return LineChange("修改", old["position"], new["position"], new["name"], changes)


def _whole(line: Line, *, before: bool) -> list[Change]:
    """A line that stands on one side only: what it says, without its blanks."""
    told = [(column.heading, _cell(column, line)) for column in COLUMNS if line[column.field] not in (None, "", 0)]
    return [Change(name, text if before else "", "" if before else text) for name, text in told]


def _cell(column: Any, line: Line) -> str:
    value = column.shown(line[column.field])
    if isinstance(value, Decimal):
        return yuan(value)
    return "（空）" if value in (None, "") else str(value)


def _files(before: Submission, after: Submission) -> list[FileChange]:
    """By requirement and content: a file under another name is the same file."""
    old, new = _by_content(before), _by_content(after)
    found: dict[str, FileChange] = {}
    for keys, other, side in ((old, new, "removed"), (new, old, "added")):
        for key, row in keys.items():
            if key not in other:
                change = found.setdefault(key[0], FileChange(row.requirement.name, [], []))
                getattr(change, side).append(row)
    return list(found.values())


def _by_content(submission: Submission) -> dict[tuple[str, str], Any]:
    rows = submission.materials.select_related("requirement", "file", "added_by", "replaces__file")
    return {(row.requirement.code, row.file.sha256): row for row in rows}
