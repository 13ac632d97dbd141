"""Clocks for pages: what is left of a term in working days, beside the row it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from applications.states import State
from core.calendar import is_working_day, today, uncertainty, working_days_left
from core.templatetags.text_tags import cn_day

TERMS = {
    State.DISTRICT_REVIEW: "district_days",
    State.CORRECTION: "correction_days",
    State.CITY_REVIEW: "review_days",
    State.PUBLIC_NOTICE: "notice_days",
}


def clock_of(project: Any, on: date) -> dict[str, Any] | None:
    """The clock chip of a project's step; None where its step has no term."""
    if project.due_on is None:
        return None
    left = working_days_left(project.due_on, on)
    return {"left": left, "term": getattr(project.call, TERMS.get(project.state, "district_days")), "held": ""}


def district_clock(project: Any, on: date) -> dict[str, Any] | None:
    """The district's own clock: it stands still while the enterprise corrects, with what is left of the term."""
    if project.state == State.CORRECTION and project.days_kept:
        held = f"补正中暂停，余 {project.days_kept} 个工作日"
        return {"left": project.days_kept, "term": project.call.district_days, "held": held}
    return clock_of(project, on)


def with_clocks(projects: Iterable[Any], on: date) -> list[Any]:
    """The rows of a page, each with its `clock`."""
    rows = list(projects)
    for row in rows:
        row.clock = clock_of(row, on)
    return rows


def term_clock(due_on: date | None, term: int, on: date) -> dict[str, Any] | None:
    return None if due_on is None else {"left": working_days_left(due_on, on), "term": term, "held": ""}


def notice_days(published_on: date, ends_on: date, on: date) -> list[dict[str, Any]]:
    """Each calendar day of a notice for the day clock: rest days are not counted."""
    days, number = [], 0
    for ordinal in range(published_on.toordinal(), ends_on.toordinal() + 1):
        day = date.fromordinal(ordinal)
        counts = day != published_on and is_working_day(day)
        number += counts
        words = f"第 {number} 日" if counts else "发布" if day == published_on else "不计"
        words += "，今天" if day == on else "，截止" if day == ends_on else ""
        kind = "today" if day == on else "rest" if not counts else "past" if day < on else ""
        days.append({"date": day, "note": words, "kind": kind})
    return days


def notice_day_number(published_on: date, on: date) -> int:
    """Which working day of the notice it is; 0 on the day of publication."""
    days = range(published_on.toordinal() + 1, on.toordinal() + 1)
    return sum(is_working_day(date.fromordinal(ordinal)) for ordinal in days)


LONGEST_DRAWN = 20  # calendar days of a notice that the day clock draws


def notice_clock(notice: Any, on: date) -> dict[str, Any]:
    """What a page says of a notice's period: its days, which one it is, what is left, whether the calendar is certain."""
    published_on = today(notice.published_at)
    days = notice_days(published_on, notice.ends_on, on)
    return {
        "on": on,
        "published_on": published_on,
        "first_on": next((day["date"] for day in days if day["note"].startswith("第")), None),
        "days": days if len(days) <= LONGEST_DRAWN + 1 else [],
        "day_number": notice_day_number(published_on, on),
        "left": working_days_left(notice.ends_on, on),
        "is_running": on <= notice.ends_on,
        "uncertain": uncertainty(published_on, notice.ends_on),
    }


def objection_flow(objection: Any) -> list[dict[str, Any]]:
    """Who has done what with an objection and who is next, for the flow component. Expects assigned_to, answered_by."""
    stages = [
        ("受理", "公众提出", objection.filed_at),
        ("指派", "市工信局负责人", objection.assigned_at),
        ("核查", str(objection.assigned_to or "核查人"), objection.reported_at),
        ("答复", str(objection.answered_by or "市工信局负责人"), objection.answered_at),
    ]
    now = next((n for n, (_, _, at) in enumerate(stages) if at is None), len(stages))
    return [
        {
            "label": label,
            "who": who,
            "when": cn_day(at) if at else "",
            "state": "done" if at else "now" if n == now else "todo",
        }
        for n, (label, who, at) in enumerate(stages)
    ]
