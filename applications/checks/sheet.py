"""What every check is given: one filing, draft or submission, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from applications.facts import amounts, honesty, keys
from applications.models import (
    CallRule,
    Category,
    DishonestyEntry,
    Draft,
    EnterpriseProfile,
    Project,
    ReadInvoice,
    Submission,
)
from applications.states import State
from core.calendar import today

UNDER_WAY = (State.AGREEMENT, State.DISBURSEMENT, State.ACCEPTANCE, State.RECTIFICATION)


@dataclass(frozen=True)
class Line:
    """One investment line; amounts in 元. `stored`: its keys, where they were kept when it was filed."""

    position: int
    name: str
    category: str
    amount: Decimal
    tax: Decimal
    supplier: str
    supplier_uscc: str
    invoice_number: str
    invoiced_on: date | None
    serial_number: str
    contract_number: str = ""
    contracted_on: date | None = None
    contract_amount: Decimal | None = None
    payee: str = ""
    paid_on: date | None = None
    paid: Decimal | None = None
    stored: dict[str, str] | None = None

    @cached_property
    def keys(self) -> dict[str, str]:
        """The keys under which duplicates are looked for: worked out when asked, for they cost more than all else."""
        return keys.keys_of(vars(self)) if self.stored is None else self.stored

    @property
    def invoice_key(self) -> str:
        return self.keys["invoice_key"]

    @property
    def serial_key(self) -> str:
        return self.keys["serial_key"]

    @property
    def seller_key(self) -> str:
        return self.keys["seller_key"]

    @property
    def is_ordered(self) -> bool:
        """There is a contract, an invoice or a payment to look at; 已实施 (facts.requirements) begins with the invoice."""
        contract, invoice = self.contract_number or self.contracted_on, self.invoice_number or self.invoiced_on
        return bool(contract or invoice or self.paid_on or self.paid)

    @property
    def is_bought(self) -> bool:
        return self.category not in (Category.LAND, Category.BUILDING)


@dataclass(frozen=True)
class Sheet:
    """One filing on the day it is checked. `files`: (SHA-256, code and name of the material); `rules`: the call's.

    `own`: its project's submissions, and `first_at` when the first of them was filed, None before. `unfinished`: other
    projects of the same applicant whose building time is over and which are not accepted. `asked`: what more than one
    rule asks of the database. Amounts in 元.
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
    own: frozenset[int]
    first_at: datetime | None
    funds: Decimal
    received: Decimal
    above_scale: bool
    unfinished: int
    dishonesty: DishonestyEntry | None
    totals: amounts.Totals
    lines: tuple[Line, ...]
    files: tuple[tuple[str, str, str], ...]
    rules: tuple[CallRule, ...]
    file_keys: tuple[int, ...]
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def first_on(self) -> date | None:
        return today(self.first_at) if self.first_at else None

    @cached_property
    def invoices(self) -> tuple[ReadInvoice, ...]:
        """The 数电票 among its files as they were read; asked for by the rules about them alone."""
        return tuple(ReadInvoice.objects.filter(file__in=self.file_keys).order_by("number", "pk"))

    def as_filed(self, submission: Submission) -> Sheet:
        """The same filing the moment after it was handed in."""
        first = self.first_at or submission.submitted_at
        return replace(self, own=self.own | {submission.pk}, first_at=first, uscc=submission.uscc, asked={})


LINE_COLUMNS = (
    "position", "name", "category", "amount", "tax", "supplier", "supplier_uscc", "invoice_number", "invoiced_on",
    "serial_number", "contract_number", "contracted_on", "contract_amount", "payee", "paid_on", "paid",
)  # fmt: skip
KEYS = ("invoice_key", "serial_key", "seller_key")
FILE_COLUMNS = ("file", "file__sha256", "requirement__code", "requirement__name")


def sheet_of(filing: Draft | Submission, on: date) -> Sheet:
    """Read a filing once, with a fixed number of queries."""
    enterprise = filing.project.enterprise_id
    kept = KEYS if isinstance(filing, Submission) else ()
    return sheet_with(
        filing, on, lines=list(filing.lines.order_by("position").values(*LINE_COLUMNS, "domestic", *kept)),
        files=list(filing.materials.values_list(*FILE_COLUMNS)), above_scale=bool(above_scale(enterprise)),
        dishonesty=honesty.dishonesty_of(enterprise, on),
    )  # fmt: skip


def sheet_with(
    filing: Draft | Submission,
    on: date,
    *,
    lines: list[dict[str, Any]],
    files: list[tuple[Any, ...]],
    above_scale: bool,
    dishonesty: DishonestyEntry | None,
) -> Sheet:
    """The sheet of a filing of which the lines and the files (key, SHA-256, code, name) are read already."""
    project = filing.project
    filed = project.submissions.order_by().values_list("pk", "sequence", "submitted_at")
    # a project has its number from its first submission on: a draft without one was never filed
    submissions = list(filed) if project.number or isinstance(filing, Submission) else []
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
        own=frozenset(pk for pk, _, _ in submissions),
        first_at=next((at for _, sequence, at in submissions if sequence == 1), None),
        funds=filing.own_funds + filing.bank_loan,
        received=filing.received_elsewhere,
        above_scale=above_scale,
        unfinished=_unfinished(project, on),
        dishonesty=dishonesty,
        totals=amounts.sums_of(lines),
        lines=tuple(_line(row, place) for place, row in enumerate(lines, start=1)),
        files=tuple((sha, code, name) for _, sha, code, name in files),
        rules=tuple(project.call.rules.all()),
        file_keys=tuple(key for key, *_ in files),
    )


def above_scale(enterprise: int) -> bool | None:
    """规上 as the applicant's profile says; None where it has none."""
    return EnterpriseProfile.objects.filter(organisation=enterprise).values_list("above_scale", flat=True).first()


def _unfinished(project: Project, on: date) -> int:
    own = Project.objects.filter(enterprise=project.enterprise_id, state__in=UNDER_WAY)
    return own.filter(current_submission__end_on__lt=on).exclude(pk=project.pk).count()


def _line(row: dict[str, Any], place: int) -> Line:
    stored = {name: row[name] for name in KEYS} if KEYS[0] in row else None
    return Line(**{"position": place} | {name: row[name] for name in LINE_COLUMNS if name in row}, stored=stored)
