"""The 链主 list for its page."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from applications.models import ChainLeaderCertificate


def chain_leaders_visible_to(user: Any) -> QuerySet[ChainLeaderCertificate]:
    """All entries, those in force first, then by name."""
    rows = ChainLeaderCertificate.objects.visible_to(user).select_related("organisation__district")
    return rows.order_by(F("valid_to").desc(nulls_first=True), "organisation__name", "pk")
