"""Loads the whole demonstration in one transaction: all of it or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import notices
from portal.demo import calls, directions, journeys, people, scenarios
from portal.demo.days import Days


def load(at: datetime) -> int:
    """Load everything as of this moment and return the number of projects; 0 when it is there already.

    Letters reach the inboxes and are not mailed. Nothing is written when a step fails.
    """
    if people.is_loaded():
        return 0
    days = Days(at)
    with transaction.atomic(), notices.quietly():
        users = people.load_people(days)
        call = calls.load_calls(users, days)
        groups = calls.load_groups(call, users, days)
        count = journeys.walk_all(call, groups, users, days)
        directions.load(users, days)
        scenarios.load_scenarios(users, days)
        return count + 1
