"""Project numbers: SYJG-year-district-serial, without a gap in a year and district."""

from __future__ import annotations

from applications.models import NumberSeries
from core.models import District

PREFIX = "SYJG"


def take_number(district: District, year: int) -> str:
    """The next number of a district in a year; call inside the transaction of the first submission.

    The series' row stays locked until that transaction ends, so a refused submission gives its number back.
    """
    locked = NumberSeries.objects.select_for_update().filter(year=year, district=district)
    series = locked.first()
    if series is None:  # the first of the year: made by whoever is first, then locked
        NumberSeries.objects.get_or_create(year=year, district=district)
        series = locked.get()
    series.last += 1
    series.save(update_fields=["last"])
    return f"{PREFIX}-{year}-{district.code[-3:]}-{series.last:03d}"
