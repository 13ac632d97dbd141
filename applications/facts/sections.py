"""The sections of a draft: which fields each holds, and the fingerprint by which two editors are told apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from applications.models import Draft
from applications.states import State

SECTIONS: dict[str, tuple[str, ...]] = {
    "basics": (
        "title", "industry", "task", "site", "filing_number", "filing_date", "credit_report_date", "contact",
        "contact_phone",
    ),
    "content": ("start_on", "end_on", "content", "benefit"),
    "funding": ("own_funds", "bank_loan", "received_elsewhere"),
    "indicators": ("indicators",),
}  # fmt: skip
LINE_FIELDS = (
    "category", "name", "model", "quantity", "amount", "tax", "supplier", "domestic", "invoice_number", "serial_number",
    "supplier_uscc", "contract_number", "invoiced_on", "contracted_on", "contract_amount", "payee", "paid_on", "paid",
)  # fmt: skip
# Columns that came later: where they are blank, what was printed, sealed or filed before them still reads the same.
LATER_LINE_FIELDS = frozenset({"contracted_on", "contract_amount", "payee", "paid_on", "paid"})
FILING_FIELDS = tuple(name for names in SECTIONS.values() for name in names)


def may_be_edited(project: Any) -> bool:
    """True while the text is in the enterprise's hands: before it is submitted, and while it is to be corrected."""
    return project.state in (State.DRAFT, State.CORRECTION)


def values_of(draft: Draft, section: str) -> dict[str, Any]:
    """The fields of one section as they stand."""
    return {name: getattr(draft, name) for name in SECTIONS[section]}


def lines_of(draft: Draft) -> list[dict[str, Any]]:
    """The investment lines as they stand, in order."""
    return list(draft.lines.order_by("position").values(*LINE_FIELDS))


def as_told(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines as a digest reads them: a later column only where it says something."""
    return [
        {name: value for name, value in line.items() if name not in LATER_LINE_FIELDS or value not in (None, "")}
        for line in lines
    ]


def fingerprint(content: Any) -> str:
    """A short hash of what a section holds; an equal one means that nobody changed it since."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def fingerprint_of(draft: Draft, section: str) -> str:
    """The fingerprint of a section, or of the investment lines ("lines"): one mark a field, so that fields can be told apart."""
    if section == "lines":
        return fingerprint(lines_of(draft))
    return marks_of(values_of(draft, section).values())


def marks_of(values: Iterable[Any]) -> str:
    """One short hash a value, in their order."""
    return ".".join(fingerprint(value)[:12] for value in values)


def line_mark(line: Any) -> str:
    """One mark of what a stored line holds."""
    return marks_of([{name: getattr(line, name) for name in LINE_FIELDS}])


@dataclass(frozen=True, slots=True)
class Save:
    """When a section was saved last, and by whom."""

    by: str
    at: datetime


def last_save(draft: Draft, section: str) -> Save:
    """Who saved this section last; where nobody has yet, who made the draft."""
    if section in draft.saves:
        by, at = draft.saves[section]
        return Save(by, datetime.fromisoformat(at))
    return Save(str(draft.updated_by), draft.updated_at)


def filing_move(project: Any) -> str:
    """The move that files this text: the first submission, or the one after a correction."""
    return "resubmit" if project.state == State.CORRECTION else "submit"
