"""Rows of the ground floor, said for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from core.models import Delegation, Interest, User
from core.models.delegations import LADDERS, rank_of
from core.people import standing_of
from core.written import answers


def standing_rows(user: Any, on: date) -> list[tuple[str, int, str]]:
    """(what, whose, said) in one query: roles of a person and of whom he stands in for, and interests they declared."""
    return answers(_standing, user.pk, on)


def _standing(user: int, on: date) -> QuerySet[Any]:
    absent = Delegation.objects.in_force(on).filter(delegate=user).values("delegator")
    own = Group.objects.filter(user=user).order_by()
    lent = Group.objects.filter(user__in=absent).order_by()
    interests = Interest.objects.in_force(on).filter(Q(person=user) | Q(person__in=absent)).order_by()
    return own.values_list(Value("role"), F("user"), F("name")).union(
        lent.values_list(Value("role"), F("user"), F("name")),
        interests.values_list(Value("interest"), F("person"), Cast("organisation", CharField())),
        all=True,
    )


def delegations_of(user: Any) -> QuerySet[Delegation]:
    """Delegations among a person's colleagues, those that last longest first."""
    rows = Delegation.objects.visible_to(user).select_related("delegator", "delegate")
    return rows.order_by("-to_on", "-pk")


def stood_in_for_by_leave_of(user: Any) -> QuerySet[User]:
    """For whom this person may name a stand-in: himself, and a lead for every colleague on his ladder."""
    rank = rank_of(standing_of(user).own)
    if rank is None or user.organisation_id is None:
        return User.objects.none()
    ladder, step = rank
    return colleagues_on(LADDERS[ladder], user.organisation_id).filter(Q(pk=user.pk) if step == 0 else Q())


def colleagues_on(ladder: tuple[str, ...], organisation: int | None) -> QuerySet[User]:
    """People of a body with a duty of this ladder."""
    people = User.objects.filter(organisation=organisation, organisation__isnull=False, is_active=True)
    return people.filter(groups__name__in=ladder).distinct().order_by("name", "pk")


def who_may_stand_in(user: Any) -> QuerySet[User]:
    """Colleagues on this person's ladder; whether a duty is too high for one delegator is said when it is asked."""
    rank = rank_of(standing_of(user).own)
    return colleagues_on(LADDERS[rank[0]], user.organisation_id) if rank else User.objects.none()


def interests_declared_by(user: Any) -> QuerySet[Interest]:
    """What a person declared, in force first."""
    return Interest.objects.filter(person=user).select_related("organisation").order_by("ended_at", "-declared_at")
