"""Fills the holiday table from the shipped data file; rows an official has written or changed stay as they are."""

from __future__ import annotations

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core import calendar, calendar_table
from core.models import DayOverride

YEARS = range(2024, 2027)


class Command(BaseCommand):
    help = "Load the shipped holidays into the calendar table. --refresh first rewrites the data file from chinesecalendar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--refresh", action="store_true", help="rewrite core/data/calendar.csv from chinesecalendar"
        )

    def handle(self, *, refresh: bool, **options: Any) -> None:
        if refresh:
            rewrite_data_file()
        added = calendar_table.load_shipped(timezone.now())
        self.stdout.write(f"节假日表：新增 {added} 天，现有 {DayOverride.objects.count()} 天。")


def rewrite_data_file() -> None:
    """Transcribe the years chinesecalendar knows; all their holidays, and the weekends worked for them."""
    from chinese_calendar import constants

    names = {day.value: day.chinese for day in constants.Holiday}
    rows = [(day, 0, names[name]) for day, name in constants.holidays.items() if day.year in YEARS]
    rows += [(day, 1, f"{names[name]}调休上班") for day, name in constants.workdays.items() if day.year in YEARS]
    with calendar.DATA_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "is_workday", "name", "source"])
        for day, is_workday, name in sorted(rows):
            source = f"国务院办公厅关于{day.year}年部分节假日安排的通知（chinesecalendar 1.11.0）"
            writer.writerow([day.isoformat(), is_workday, name, source])
    calendar.shipped_days.cache_clear()
