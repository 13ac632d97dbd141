"""What the home page shows to everybody: open calls and running public notices, with the days that are left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.models import Call
from core import calendar
from core.people import Actor
from core.templatetags.text_tags import cn_date, cn_datetime
from portal.addresses import address_of
from review.models import PublicNotice
from review.states import NoticeState

SHOWN = 5


def open_calls(user: Actor, at: datetime) -> list[dict[str, Any]]:
    """Calls that take filings now, the soonest deadline first, as rows of a task list."""
    rows = Call.objects.visible_to(user).open_at(at).order_by("closes_at")[:SHOWN]
    return [
        {
            "title": call.title,
            "url": address_of("call", call.pk) or address_of("calls"),
            "note": f"{cn_datetime(call.closes_at)} 截止",
            "clock": calendar.clock(
                calendar.today(call.opens_at), calendar.today(call.closes_at), on=calendar.today(at)
            ),
        }
        for call in rows
    ]


def running_notices(user: Actor, at: datetime) -> list[dict[str, Any]]:
    """Public notices whose period runs, the soonest end first, as rows of a task list."""
    rows = PublicNotice.objects.visible_to(user).filter(state=NoticeState.PUBLISHED).order_by("ends_on", "pk")[:SHOWN]
    return [
        {
            "title": notice.title,
            "url": address_of("notice", notice.pk) or address_of("notices"),
            "note": f"{notice.number}，{cn_date(notice.ends_on)}截止",
            "clock": calendar.clock(calendar.today(notice.published_at), notice.ends_on, on=calendar.today(at))
            if notice.published_at and notice.ends_on
            else None,
        }
        for notice in rows
    ]
