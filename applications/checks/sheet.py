"""What every check is given: one filing, draft or submission, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.facts import amounts, keys
from applications.models import CallRule, Category, Draft, EnterpriseProfile, Project, ReadInvoice, Submission
from applications.states import State
from core.calendar import today

UNDER_WAY = (State.AGREEMENT, State.DISBURSEMENT, State.ACCEPTANCE, State.RECTIFICATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One investment line; amounts in 元."""

    position: int
    name: str
    category: str
    amount: Decimal
    tax: Decimal
    supplier_uscc: str
    invoice_number: str
    invoiced_on: date | None
    invoice_key: str
    serial_key: str
    seller_key: str

    @property
    def is_bought(self) -> bool:
        return self.category not in (Category.LAND, Category.BUILDING)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One filing on the day it is checked. `files`: (SHA-256, code and name of the material); `rules`: the call's.

    `first_on`: the day of the first submission, None before it. `unfinished`: other projects of the same applicant
    whose building time is over and which are not accepted. Amounts in 元.
    """

    project: Project
    on: date
    uscc: str
    title: str
    industry: str
    site: str
    filing_number: str
    start_on: date | None
    filing_date: date | None
    credit_report_date: date | None
    first_on: date | None
    funds: Decimal
    received: Decimal
    above_scale: bool
    unfinished: int
    totals: amounts.Totals
    lines: tuple[Line, ...]
    files: tuple[tuple[str, str, str], ...]
    rules: tuple[CallRule, ...]
    invoices: tuple[ReadInvoice, ...]


LINE_COLUMNS = (
    "position", "name", "category", "amount", "tax", "supplier", "supplier_uscc", "invoice_number", "invoiced_on",
    "serial_number", "domestic",
)  # fmt: skip
FOR_KEYS = ("supplier", "serial_number", "domestic")  # read of a line and not kept


def sheet_of(filing: Draft | Submission, on: date, *, keyed: bool = True) -> Sheet:
    """Read a filing once, with a fixed number of queries.

    `keyed=False` leaves out the keys under which duplicates are looked for: they cost more than all else.
    """
    project = filing.project
    rows = list(filing.lines.order_by("position").values(*LINE_COLUMNS))
    files = filing.materials.values_list("file__sha256", "requirement__code", "requirement__name")
    return Sheet(
        project=project,
        on=on,
        uscc=filing.uscc if isinstance(filing, Submission) else project.enterprise.uscc,
        title=filing.title,
        industry=filing.industry,
        site=filing.site,
        filing_number=filing.filing_number,
        start_on=filing.start_on,
        filing_date=filing.filing_date,
        credit_report_date=filing.credit_report_date,
        first_on=_first_day(project),
        funds=filing.own_funds + filing.bank_loan,
        received=filing.received_elsewhere,
        above_scale=EnterpriseProfile.objects.filter(organisation=project.enterprise_id, above_scale=True).exists(),
        unfinished=_unfinished(project, on),
        totals=amounts.sums_of(rows),
        lines=tuple(_line(row, keyed) for row in rows),
        files=tuple(files),
        rules=tuple(project.call.rules.all()),
        invoices=tuple(ReadInvoice.objects.filter(file__in=filing.materials.values("file")).order_by("number", "pk")),
    )


def _unfinished(project: Project, on: date) -> int:
    own = Project.objects.filter(enterprise=project.enterprise_id, state__in=UNDER_WAY)
    return own.filter(current_submission__end_on__lt=on).exclude(pk=project.pk).count()


def _first_day(project: Project) -> date | None:
    first = project.submissions.filter(sequence=1).values_list("submitted_at", flat=True).first()
    return today(first) if first else None


NO_KEYS = {"invoice_key": "", "serial_key": "", "seller_key": ""}


def _line(row: dict[str, Any], keyed: bool) -> Line:
    found = keys.keys_of(row) if keyed else NO_KEYS
    return Line(**{name: row[name] for name in row if name not in FOR_KEYS}, **found)
