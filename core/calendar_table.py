"""The one way the holiday table changes: by an official, with its source, into the audit trail."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from core import audit, calendar, people
from core.models import DayOverride

if TYPE_CHECKING:
    from core.people import Actor


def set_day(day: date, *, is_workday: bool, name: str, source: str, actor: Actor, at: datetime) -> DayOverride:
    """Write what is known of one day, new or changed. Terms already set keep their end dates; later ones count anew."""
    with transaction.atomic():
        before = DayOverride.objects.select_for_update().filter(date=day).first()
        row, _ = DayOverride.objects.update_or_create(
            date=day,
            defaults={
                "is_workday": is_workday,
                "name": name,
                "source": source,
                "edited_by": people.as_user(actor),
                "edited_at": at,
            },
        )
        audit.record(
            row,
            "calendar.day_set",
            actor=actor,
            at=at,
            label="修改日历",
            summary=f"{day.isoformat()}：{_words(before)} → {_words(row)}",
            facts={"date": day, "is_workday": is_workday, "name": name, "source": source},
        )
    calendar.look_again()
    return row


def load_shipped(at: datetime) -> int:
    """Fill the table from the shipped data file; rows already there stay as they are. Returns how many were added."""
    present = set(DayOverride.objects.values_list("date", flat=True))
    new = [
        DayOverride(date=day.date, is_workday=day.is_workday, name=day.name, source=day.source, edited_at=at)
        for day in calendar.shipped_days()
        if day.date not in present
    ]
    DayOverride.objects.bulk_create(new, ignore_conflicts=True)
    calendar.look_again()
    return len(new)


def _words(row: DayOverride | None) -> str:
    return f"{'上班' if row.is_workday else '放假'}（{row.name}）" if row else "未登记"
