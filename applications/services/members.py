"""The people of an enterprise: an approver invites them, they set their own password, an approver closes them."""

from __future__ import annotations

DAYS_OPEN = 7  # calendar days an invitation serves


class MemberRefused(Exception):
    """The person cannot be invited or closed this way; the text is for who asks."""
