"""How the person of a session is read: with the organisation he belongs to, in one query."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from core.models import User


class PersonBackend(ModelBackend):
    """Django's own sign-in by password. What a person may see depends on his organisation, so every page needs both."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session; None where it is gone or switched off, which signs it out."""
        user = User.objects.select_related("organisation").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
