"""What a deed of the review room refuses with, in words for the person who typed it."""

from __future__ import annotations


class ReviewRefused(Exception):
    """Something typed or chosen cannot stand; the form comes back with this text. `field` names the form's field."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
