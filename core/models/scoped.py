"""The only door to rows: every model's manager answers `visible_to(user)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from core import people

if TYPE_CHECKING:
    from core.people import Actor


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that knows who may see its rows. A model without a rule of its own shows nothing to anybody."""

    def visible_to(self, user: Actor) -> Self:
        """Rows this person may see; the system sees all. Subclasses write the rule in `_visible_to_person`."""
        if people.is_system(user):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.visible_to_public()
        return self._visible_to_person(user)

    def visible_to_public(self) -> Self:
        """Rows anybody on the internet may see: none, unless a model says otherwise."""
        return self.none()

    def _visible_to_person(self, user: Any) -> Self:
        return self.none()
