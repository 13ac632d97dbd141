"""What beat asks of the roof: the clocks of all rooms, each by its room's own service, each safe to run again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from applications.services import (
    close_calls,
    drop_expired_uploads,
    drop_old_typed,
    lapse_overdue,
    publish_due_calls,
    scan_waiting,
)
from disbursement.services.agreements import lapse_agreements
from disbursement.services.hearings import lapse_hearings
from disbursement.services.recoveries import tell_overdue
from portal.agreement_reminders import remind_of_agreements
from portal.filing_reminders import remind_of_drafts
from portal.reminders import remind
from review.services.assignments import close_scoring_due
from review.services.invitations import lapse_invitations
from review.services.notices import close_notices_due
from review.services.pool import remind_of_declarations

logger = logging.getLogger(__name__)

# In this order: what is overdue lapses before its call closes; a notice closes before anything of the next step is due.
CLOCKS: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("published calls", publish_due_calls),
    ("lapsed filings", lapse_overdue),
    ("closed calls", close_calls),
    ("closed scorings", close_scoring_due),
    ("lapsed invitations", lapse_invitations),
    ("declarations that end", remind_of_declarations),
    ("closed notices", close_notices_due),
    ("lapsed agreements", lapse_agreements),
    ("lapsed hearings", lapse_hearings),
    ("overdue recoveries", tell_overdue),
    ("dropped uploads", drop_expired_uploads),
    ("scans asked again", scan_waiting),
    ("reminders", remind),
    ("reminders of drafts", remind_of_drafts),
    ("reminders of agreements", remind_of_agreements),
    ("typed texts nobody came back for", drop_old_typed),
)


@shared_task
def run_clocks() -> None:
    """Every five minutes: do what the calendar asks for now."""
    turn_clocks(timezone.now())


def turn_clocks(at: datetime) -> dict[str, int]:
    """Run each clock as of this moment; one that fails is logged and stops no other. Returns how much each did."""
    done = {}
    for name, clock in CLOCKS:
        try:
            done[name] = clock(at)
        except Exception:
            logger.exception("The clock of %s failed", name)
            done[name] = 0
    return done
