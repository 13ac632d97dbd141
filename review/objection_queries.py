"""Objections, their files, notes and statements, said for whom; every list starts from visible_to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.models import BUREAU_ROLES, User
from review import hands
from review.models import Objection, ObjectionFile, Statement


def objections_visible_to(user: Any) -> QuerySet[Objection]:
    rows = Objection.objects.visible_to(user)
    return rows.select_related("entry__notice__call", "entry__project__district", "assigned_to", "answered_by")


def objection_of_receipt(receipt: str) -> QuerySet[Objection]:
    """The one objection whose receipt somebody holds; the receipt is the key, so no person is asked for."""
    return Objection.objects.filter(receipt=receipt.strip().upper()).select_related("entry__notice")


def files_visible_to(user: Any) -> QuerySet[ObjectionFile]:
    return ObjectionFile.objects.visible_to(user).select_related("file")


def statements_visible_to(user: Any) -> QuerySet[Statement]:
    """What this person may read of statements: the bureau all, an asked party its own."""
    return Statement.objects.visible_to(user).select_related("project__enterprise", "project__district", "file")


def who_may_investigate(objection: Objection) -> QuerySet[User]:
    """People of the bureau who run the call and have not acted on the project."""
    bureau = User.objects.filter(is_active=True, groups__name__in=BUREAU_ROLES)
    running = bureau.filter(groups__call_permissions__content_object=objection.entry.notice.call_id)
    return running.exclude(pk__in=hands.acted_on(objection.entry.project)).distinct().order_by("pk")
