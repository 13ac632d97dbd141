"""Grounds a person may open: those that moved a project he sees and are no secret to his side, and public papers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from applications.models import Hold, Project, ProjectGround
from core.models import BUREAU_ROLES, DISTRICT_ROLES, FINANCE_ROLES, Correction, Ground, GroundKind, Role
from core.people import has_role, roles_of

PUBLIC_KINDS = (GroundKind.NOTICE, GroundKind.CALL_NOTICE)

_DESKS = frozenset({*DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR})
_CITY = frozenset({*BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR})
_BUREAU = frozenset({*BUREAU_ROLES, Role.SUPERVISOR})

# Papers that are not for everybody who sees the project; all other kinds are.
READERS = {
    GroundKind.OPINION: _DESKS,
    GroundKind.SEND_BACK: _DESKS,
    GroundKind.REVIEW_REPORT: _CITY | _DESKS,
    GroundKind.SCORE_SHEET: _BUREAU,
    GroundKind.EXPERT_DRAW: _BUREAU,
    GroundKind.SECOND_ROUND: _BUREAU,
    GroundKind.SITE_VISIT: _DESKS,
    GroundKind.OBJECTION: _BUREAU,
    GroundKind.OBJECTION_ASSIGNMENT: _BUREAU,
    GroundKind.OBJECTION_FINDING: _BUREAU,
    GroundKind.OBJECTION_ANSWER: _BUREAU,
    GroundKind.PROPOSAL: _CITY,
    GroundKind.PAYMENT_APPLICATION: _CITY,
}


def kinds_closed_to(user: Any) -> frozenset[str]:
    """The kinds of paper this person does not open, whatever they moved."""
    mine = roles_of(user)
    return frozenset(kind for kind, readers in READERS.items() if mine.isdisjoint(readers))


def grounds_visible_to(user: Any) -> QuerySet[Ground]:
    """The grounds this person may open, each once."""
    seen = Project.objects.visible_to(user)
    moved = Q(pk__in=ProjectGround.objects.filter(project__in=seen).values("ground"))
    held = Hold.objects.filter(project__in=seen)
    held = Q(pk__in=held.values("ground")) | Q(pk__in=held.exclude(lifted_ground=None).values("lifted_ground"))
    open_to_me = (moved | held) & ~Q(kind__in=kinds_closed_to(user))
    own = Q(pk__in=Ground.objects.visible_to(user).values("pk"))
    return Ground.objects.filter(open_to_me | own | Q(kind__in=PUBLIC_KINDS)).select_related("file", "issued_by")


def corrections_visible_to(user: Any) -> QuerySet[Correction]:
    """Corrections of one's own body, and those in force of papers this person may open; of public papers for everybody."""
    public = Correction.objects.in_force().filter(ground__kind__in=PUBLIC_KINDS)
    rows = Correction.objects.select_related("ground", "organisation", "proposed_by", "decided_by", "record")
    if not user.is_authenticated:
        return rows.filter(pk__in=public)
    own = Correction.objects.visible_to(user)
    read = Correction.objects.in_force().filter(ground__in=grounds_visible_to(user).values("pk"))
    return rows.filter(Q(pk__in=own.values("pk")) | Q(pk__in=read.values("pk")) | Q(pk__in=public.values("pk")))


def projects_moved_by(ground: Ground, user: Any) -> QuerySet[Project]:
    """The projects a ground moved, among those this person sees."""
    return Project.objects.visible_to(user).filter(grounds__ground=ground).distinct().order_by("number")


def reads_desk_papers(user: Any) -> bool:
    """True for people on the official side of the desk."""
    return has_role(user, *_DESKS, *_CITY)
