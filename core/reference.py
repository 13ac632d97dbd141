"""Reference data every portal needs: districts, zones, bureaux, roles, the calendar. Loading it twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils import timezone

from core import calendar_table
from core.accounts import bureau_desk, district_desk, role_group
from core.models import District, Organisation, OrganisationKind, Role, Zone

DATA = Path(__file__).parent / "data"

CITY_BODIES = (
    (OrganisationKind.CITY_BUREAU, "沈阳市工业和信息化局"),
    (OrganisationKind.CITY_FINANCE, "沈阳市财政局"),
    (OrganisationKind.GOVERNMENT_OFFICE, "沈阳市人民政府办公厅"),
    (OrganisationKind.OPERATOR, "技改通运维"),
)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file in core/data; lines that begin with # tell its source."""
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@cache
def district_names() -> tuple[str, ...]:
    """The names of the districts, read once: they change with a release."""
    return tuple(row["name"] for row in rows("districts.csv"))


def load() -> None:
    """Make sure all reference rows exist."""
    for role in Role:
        role_group(role)
    bureau_desk()
    for row in rows("districts.csv"):
        district, _ = District.objects.get_or_create(
            code=row["code"], defaults={"slug": row["slug"], "name": row["name"]}
        )
        district_desk(district)
        Organisation.objects.get_or_create(
            kind=OrganisationKind.DISTRICT_BUREAU, district=district, defaults={"name": district.bureau_name}
        )
    for row in rows("zones.csv"):
        Zone.objects.get_or_create(
            name=row["name"], defaults={"district": District.objects.get(code=row["district_code"])}
        )
    for kind, name in CITY_BODIES:
        Organisation.objects.get_or_create(kind=kind, name=name)
    calendar_table.load_shipped(timezone.now())
