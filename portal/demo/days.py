"""The days of the demonstration, counted back from the day it is loaded, so that its clocks make sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendar import is_working_day


@dataclass(frozen=True, slots=True)
class Days:
    """Moments before the loading: `ago(10)` is a working morning about ten days before it."""

    loaded_at: datetime

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment on the last working day at or before so many days ago, never after the loading itself."""
        day = self.loaded_at - timedelta(days=days)
        while not is_working_day(day.date()):
            day -= timedelta(days=1)
        moment = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return min(moment, self.loaded_at)

    def ahead(self, days: int, hour: int = 17) -> datetime:
        """A moment on the first working day at or after so many days from the loading."""
        day = self.loaded_at + timedelta(days=days)
        while not is_working_day(day.date()):
            day += timedelta(days=1)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)
