"""Invariant 9: people see only their own; experts through an open assignment alone; the administrator no project."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from applications.models import Project
from applications.states import State
from core.models import DISTRICT_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Role, User
from core.people import district_ids_in_scope, roles_of
from disbursement.models import Acceptance
from portal.invariants.registry import Invariant
from review.models import Assignment

MOST = 300  # people looked at; their sight is decided by role and place, not one by one


def _sighted() -> QuerySet[User]:
    return User.objects.filter(is_active=True).prefetch_related("groups").order_by("pk")[:MOST]


def _own(user: User) -> Q | None:
    """What a person of one role may see at most; None for those who see everything submitted."""
    roles = roles_of(user)
    if roles & set(ENTERPRISE_ROLES):
        return Q(enterprise=user.organisation_id)
    if roles & set(DISTRICT_ROLES):
        return Q(district__in=district_ids_in_scope(user)) & ~Q(state=State.DRAFT)
    if roles & {*FINANCE_ROLES, Role.GOVERNMENT_OFFICE}:
        return Q(notice_closed_at__isnull=False)
    if Role.EXPERT in roles:
        return Q(
            pk__in=Assignment.objects.filter(expert__user=user, open=True).values("project"), call__blind_review=False
        )
    if Role.ASSESSOR in roles:
        return Q(pk__in=Acceptance.objects.filter(assessor=user.organisation_id).values("project"))
    return Q(pk__in=[]) if not roles or Role.ADMINISTRATOR in roles else None


def nobody_sees_more_than_his_own() -> Iterator[str]:
    """Through the one door, each person finds nothing but what his role and place allow."""
    for user in _sighted():
        own = _own(user)
        if own is None:
            continue
        more = Project.objects.visible_to(user).order_by().exclude(own).count()
        if more:
            yield f"{user.username}：能看到职责之外的 {more} 个项目。"


def administrators_hold_no_other_role() -> Iterator[str]:
    """The keeper of accounts has no part in any project."""
    keepers = User.objects.filter(groups__name=Role.ADMINISTRATOR)
    for user in keepers.filter(groups__name__in=set(Role.values) - {Role.ADMINISTRATOR}).distinct():
        yield f"{user.username}：系统管理员兼有其他岗位。"


def drafts_are_nobody_elses() -> Iterator[str]:
    """What was never submitted is seen by its own enterprise alone."""
    drafts = Project.objects.filter(Q(current_submission=None) | Q(state=State.DRAFT))
    for user in _sighted():
        seen = Project.objects.visible_to(user).filter(pk__in=drafts.values("pk"))
        if seen.exclude(enterprise=user.organisation_id or 0).exists():
            yield f"{user.username}：能看到别家企业没有提交的草稿。"


def assignments_are_open_only_in_review() -> Iterator[str]:
    """An expert sees a project while it is judged, not before and not after."""
    for one in Assignment.objects.filter(open=True).exclude(project__state=State.CITY_REVIEW).select_related("project"):
        yield f"专家指派 {one.pk}：项目 {one.project.number} 已不在评审，仍对专家开放。"
    for one in Assignment.objects.filter(open=True).exclude(declined_at=None, retired_at=None):
        yield f"专家指派 {one.pk}：已回避或作废，仍对专家开放。"


def _people() -> int:
    return min(User.objects.filter(is_active=True).count(), MOST)


INVARIANTS = [
    Invariant("9a", "每个人只看到自己职责之内的项目", _people, nobody_sees_more_than_his_own),
    Invariant("9b", "没有提交的草稿只有本企业看得到", _people, drafts_are_nobody_elses),
    Invariant("9c", "系统管理员没有其他岗位", _people, administrators_hold_no_other_role),
    Invariant("9d", "项目只在评审期间对专家开放", Assignment.objects.count, assignments_are_open_only_in_review),
]
