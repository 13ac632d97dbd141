"""Addresses of rooms by the names of their pages; a page that is not built yet has none."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address_of(name: str, *args: object) -> str:
    """The address of a named page; "" while its room has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
