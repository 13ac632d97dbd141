"""A call's window at a moment: its clock and the word for it."""

from __future__ import annotations

from datetime import datetime

from applications.models import Call
from applications.states import CallState
from core import calendar


def clock_of(call: Call, at: datetime) -> calendar.Clock | None:
    """The window's clock while it takes filings, else None."""
    if not call.accepts_at(at):
        return None
    opened, closes = calendar.today(call.opens_at), calendar.today(call.closes_at)
    return calendar.clock(opened, closes, on=calendar.today(at))


def status_of(call: Call, at: datetime) -> tuple[str, str]:
    """Word and tone of the call's tag: 拟稿, 待发布, 未开始, 受理中, 已截止."""
    if call.state == CallState.SCHEDULED:
        return "待发布", "now"
    if call.published_at is None:
        return "拟稿", ""
    if call.accepts_at(at):
        return "受理中", "ok"
    return ("未开始", "now") if call.opens_at > at else ("已截止", "off")
