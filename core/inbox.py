"""Reading letters: marks them read for the person they were written to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.models.notices import Notice

if TYPE_CHECKING:
    from core.models import User


def mark_read(user: User, key: str = "", *, at: datetime) -> str:
    """Mark the letter of this key read and return where it leads; without a key mark all. Others' keys do nothing."""
    mine = Notice.objects.visible_to(user)
    if not key:
        mine.unread().update(read_at=at)
        return ""
    letter = mine.filter(pk=key).first() if key.isdigit() else None
    if letter is None:
        return ""
    mine.unread().filter(pk=letter.pk).update(read_at=at)
    return letter.link
