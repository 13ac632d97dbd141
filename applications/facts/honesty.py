"""The 失信 register: who may not file, and why (第十三条)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from applications.models import DishonestyEntry
from core.models import Organisation


def dishonesty_of(organisation: Organisation | int, on: date) -> DishonestyEntry | None:
    """The entry in force against an organisation on a day, or None."""
    key = organisation if isinstance(organisation, int) else organisation.pk
    rows = DishonestyEntry.objects.filter(organisation=key, from_on__lte=on)
    return rows.filter(Q(to_on=None) | Q(to_on__gte=on)).first()


def is_dishonest(organisation: Organisation | int, on: date) -> bool:
    """True while the organisation stands on the register."""
    return dishonesty_of(organisation, on) is not None
