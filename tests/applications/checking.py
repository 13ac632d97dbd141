"""Filings for the tests of the automatic checks: one draft with chosen lines, and the answer of one rule."""

from datetime import date, timedelta
from decimal import Decimal

from applications import checks, services
from core.calendar import today
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

ON = today(NOW)
INVOICE = "26210000000000000017"
SELLER = people.credit_code(7001)


def line(**fields):
    """A line of 2,000 万元 that is in order."""
    return {"category": "equipment", "name": "喷涂单元", "amount": Decimal("20000000"), **fields}


def invoice(**fields):
    """A line with an invoice of a known seller."""
    return line(**{"invoice_number": INVOICE, "supplier_uscc": SELLER, "invoiced_on": date(2026, 2, 10), **fields})


def draft_with(call, *lines, actor=None, **basics):
    project = filing.ready(of_call=call, lines=lines or [line()], actor=actor)
    if basics:
        services.save_basics(project, values=basics, actor=project.created_by, at=NOW)
    project.refresh_from_db()
    return project.draft


def filed_with(call, *lines, actor=None, minutes=0, **basics):
    draft = draft_with(call, *lines, actor=actor, **basics)
    at = NOW + timedelta(minutes=minutes)
    return services.submit(draft.project, actor=draft.project.created_by, at=at)


def answer_of(rule, filing_):
    return next(one for one in checks.check(filing_, on=ON) if one.rule == rule)


def outcome(rule, filing_):
    return str(answer_of(rule, filing_).outcome)
