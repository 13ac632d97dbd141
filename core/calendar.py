"""Working days with 调休: what the table of holidays says, Monday to Friday where it says nothing.

The table starts from the shipped data file and is edited by officials; a row of the table outweighs the file. The table
is kept in the process and asked once per request, by one small query, whether it has changed.
"""

from __future__ import annotations

import csv
import threading
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.db.models import Count, Max
from django.utils import timezone

from core.models.calendar import DayOverride

DATA_FILE = Path(__file__).parent / "data" / "calendar.csv"
ONE_DAY = timedelta(days=1)
SOON_WORKING_DAYS = 2
LONGEST_TERM = 3660


@dataclass(frozen=True, slots=True)
class ShippedDay:
    """One line of the shipped data file."""

    date: date
    is_workday: bool
    name: str
    source: str


@dataclass
class _Kept:
    """The days as last read, and the version of the table they were read at.

    `turned`: ordinals of days that are worked or not against the rule of the week, in order; `shift`: by how many days
    those before each of them, and at last all of them, change a count of Mondays to Fridays.
    """

    version: tuple[int, datetime | None] | None = None
    days: dict[date, bool] = field(default_factory=dict)
    turned: list[int] = field(default_factory=list)
    shift: list[int] = field(default_factory=lambda: [0])

    def __post_init__(self) -> None:
        for day, worked in sorted(self.days.items()):
            if worked != (day.weekday() < 5):
                self.turned.append(day.toordinal())
                self.shift.append(self.shift[-1] + (1 if worked else -1))

    def until(self, day: date) -> int:
        """Working days since the first Monday of the calendar, up to and including this day."""
        weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 is a Monday
        return weeks * 5 + min(rest, 5) + self.shift[bisect_right(self.turned, day.toordinal())]


_kept = _Kept()
_asked = threading.local()


@lru_cache(maxsize=1)
def shipped_days() -> tuple[ShippedDay, ...]:
    """The days of the data file, in order."""
    with DATA_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            ShippedDay(date.fromisoformat(row["date"]), row["is_workday"] == "1", row["name"], row["source"])
            for row in csv.DictReader(file)
        )


def look_again() -> None:
    """From the next question on, ask the table whether it has changed (start of a request, of a task, after an edit)."""
    _asked.fresh = False


def _days() -> dict[date, bool]:
    """Every known exception: date → is a working day."""
    return _table().days


def _table() -> _Kept:
    """The days as they stand; at most one query between two calls of look_again."""
    global _kept
    if not getattr(_asked, "fresh", False):
        found = DayOverride.objects.aggregate(count=Count("pk"), last=Max("edited_at"))
        version = (found["count"], found["last"])
        if _kept.version != version:
            days = {day.date: day.is_workday for day in shipped_days()}
            days.update(DayOverride.objects.values_list("date", "is_workday"))
            _kept = _Kept(version, days)
        _asked.fresh = True
    return _kept


# --- days -----------------------------------------------------------------------------------------------------------


def is_working_day(day: date) -> bool:
    """True on a day offices work, 调休 included; Monday to Friday where nothing is published."""
    return _days().get(day, day.weekday() < 5)


def is_uncertain(year: int) -> bool:
    """True while the year's 节假日安排 is not in the table: its 元旦 or its 国庆节 is missing."""
    days = _days()
    return date(year, 1, 1) not in days or date(year, 10, 1) not in days


def uncertainty(*days: date) -> str:
    """The warning to show beside dates that fall in a year without published holidays, else an empty string."""
    years = [str(year) for year in sorted({day.year for day in days}) if is_uncertain(year)]
    return f"{'、'.join(years)} 年节假日安排尚未公布或录入，日期按周一至周五推算，可能变动。" if years else ""


def add_working_days(start: date, days: int) -> date:
    """The last day of a term of `days` working days; the first working day after `start` is day 1. 0 gives `start`."""
    _refuse_moments(start)
    if not 0 <= days <= LONGEST_TERM:
        raise ValueError(f"期限应为 0 至 {LONGEST_TERM} 个工作日。")
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative where `end` lies before `start`."""
    _refuse_moments(start, end)
    if end < start:
        return -working_days_between(end, start)
    table = _table()
    return table.until(end) - table.until(start)


def working_days_left(due_on: date, today: date) -> int:
    """Working days that remain after today; 0 on the last day, negative (at least −1) once it has passed."""
    left = working_days_between(today, due_on)
    return min(left, -1) if today > due_on else left


def today(at: datetime) -> date:
    """The date in Shenyang of a moment."""
    return timezone.localdate(at)


def _refuse_moments(*days: date) -> None:
    for day in days:
        if isinstance(day, datetime):
            raise TypeError("The calendar counts dates; give core.calendar.today(at), not a datetime")


# --- clocks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline for the clock chip: one tick per working day of the whole term, filled = used."""

    started_on: date
    due_on: date
    total: int
    used: int
    left: int
    state: Literal["running", "soon", "over", "held"]
    uncertain: bool
    held_because: str = ""

    @property
    def term(self) -> int:
        """The whole term, by the name the clock component reads."""
        return self.total

    @property
    def held(self) -> str:
        """Why the clock stands still, or an empty string."""
        return self.words if self.state == "held" else ""

    @property
    def ticks(self) -> list[bool]:
        """True for each used working day; long terms are drawn with at most 20 ticks."""
        shown = min(self.total, 20)
        filled = -(-self.used * shown // self.total) if self.total else 0
        return [n < filled for n in range(shown)]

    @property
    def words(self) -> str:
        """剩 6 个工作日 · 今天截止 · 已超期 2 个工作日 · 暂停计时."""
        if self.state == "held":
            return f"暂停计时（{self.held_because}）" if self.held_because else "暂停计时"
        if self.state == "over":
            return f"已超期 {-self.left} 个工作日"
        return f"剩 {self.left} 个工作日" if self.left else "今天截止"


def clock(started_on: date, due_on: date, *, on: date, held_because: str = "") -> Clock:
    """The clock of a term that began on `started_on` and ends with `due_on`, as it stands on `on`."""
    total = max(working_days_between(started_on, due_on), 0)
    left = working_days_left(due_on, on)
    state: Literal["running", "soon", "over", "held"] = "running"
    if held_because:
        state = "held"
    elif left < 0:
        state = "over"
    elif left <= SOON_WORKING_DAYS:
        state = "soon"
    return Clock(
        started_on=started_on,
        due_on=due_on,
        total=total,
        used=min(max(total - left, 0), total),
        left=left,
        state=state,
        uncertain=is_uncertain(due_on.year),
        held_because=held_because,
    )
