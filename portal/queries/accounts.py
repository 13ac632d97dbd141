"""Accounts for the person who keeps them: the list, and how many there are of each kind."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from core.models import Role, User

COLUMNS = {"username": "username", "name": "name", "organisation": "organisation__name", "joined": "date_joined"}


def accounts_visible_to(user: Any) -> QuerySet[User]:
    """Accounts with their organisation and roles loaded."""
    return User.objects.visible_to(user).select_related("organisation").prefetch_related("groups")


def found(user: Any, words: str) -> QuerySet[User]:
    """Accounts whose username, name or organisation holds the words; all without words."""
    rows = accounts_visible_to(user)
    if not words:
        return rows
    return rows.filter(Q(username__icontains=words) | Q(name__icontains=words) | Q(organisation__name__icontains=words))


def role_labels(account: User) -> str:
    """The roles of an account in words; reads the groups loaded with it."""
    names = {group.name for group in account.groups.all()}
    return "、".join(role.label_at(account.organisation) for role in Role if role.value in names)


def summary_of(user: Any) -> dict[str, Any]:
    """Counts for the administrator's desk."""
    rows = User.objects.visible_to(user)
    counts = rows.aggregate(all=Count("pk"), closed=Count("pk", filter=Q(is_active=False)))
    never = rows.filter(is_active=True, last_login=None).count()
    people = reverse("people")
    return {
        "tiles": [
            {"label": "账号", "value": counts["all"], "unit": "个", "url": people},
            {"label": "已停用", "value": counts["closed"], "unit": "个", "url": f"{people}?closed=1"},
            {"label": "从未登录", "value": never, "unit": "个", "url": people},
        ],
        "newest": accounts_visible_to(user).order_by("-date_joined", "-pk")[:8],
    }
