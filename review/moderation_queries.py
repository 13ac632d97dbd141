"""Ranking, rounds, visits and groups for their pages; every list starts from visible_to, a fixed number of questions each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from applications.models import Determination, Project, ProjectGroup
from core.models import BUREAU_ROLES, DISTRICT_ROLES, OrganisationKind, Role, User
from core.people import has_role
from review.models import A_WIDE_SPREAD, Assignment, ScoreChange, ScoreResult, ScoreSheet, SitePhoto, SiteVisit
from review.scores import Table


def ranked(user: Any, call: Any, *, track: str = "", standing: str = "") -> QuerySet[ScoreResult]:
    """The results of a call with their projects; `mean_first` puts those without a mean behind all others when falling."""
    rows = ScoreResult.objects.visible_to(user).filter(call=call)
    rows = rows.annotate(mean_first=Coalesce("mean_hundredths", -1), spread_first=Coalesce("spread_half_points", -1))
    if track:
        rows = rows.filter(project__track=track)
    mark = call.pass_mark * 100 if call else 0
    parts = {
        "in": Q(mean_hundredths__isnull=False),
        "wide": Q(spread_half_points__gt=A_WIDE_SPREAD),
        "open": Q(mean_hundredths__isnull=True),
        "below": Q(mean_hundredths__lt=mark),
    }
    if standing in parts:
        rows = rows.filter(parts[standing])
    return rows.select_related("project__enterprise", "project__district")


def tables_by_round(project: Project, user: Any) -> list[tuple[int, Table]]:
    """Each round of a project whose sheets may be read, as a table; oldest first."""
    sheets = (
        ScoreSheet.objects.visible_to(user)
        .filter(assignment__project=project)
        .select_related("assignment__expert__user")
        .prefetch_related("scores")
        .order_by("assignment__round", "assignment__expert")
    )
    by_round: dict[int, list[ScoreSheet]] = {}
    for sheet in sheets:
        by_round.setdefault(sheet.assignment.round, []).append(sheet)
    rubric = list(project.call.rubric.all())
    return [(number, Table.of(rubric, found)) for number, found in sorted(by_round.items())]


def changes_of(project: Project, user: Any) -> QuerySet[ScoreChange]:
    """Every change of the sheets that may be read, newest first."""
    rows = ScoreChange.objects.visible_to(user).filter(sheet__assignment__project=project)
    return rows.select_related("item", "sheet__assignment__expert__user").order_by("-at", "-pk")


def may_visit(project: Project) -> QuerySet[User]:
    """Officials of the bureau and of the project's district, and experts; who of them is bound is refused by the service."""
    bureau = Q(organisation__kind=OrganisationKind.CITY_BUREAU, groups__name__in=BUREAU_ROLES)
    desk = Q(
        organisation__kind=OrganisationKind.DISTRICT_BUREAU, organisation__district=project.district_id,
        groups__name__in=DISTRICT_ROLES,
    )  # fmt: skip
    experts = Q(expert__is_active=True)
    if project.call.blind_review:
        experts &= ~Q(expert__assignments__project=project)
    rows = User.objects.filter(bureau | desk | experts, is_active=True)
    return rows.select_related("organisation").distinct().order_by("organisation__name", "name")


def photos_visible_to(user: Any) -> QuerySet[SitePhoto]:
    """Photos of visits this person sees, and for a scorer those of his projects in calls that are not blind."""
    seen = Q(visit__in=SiteVisit.objects.visible_to(user))
    if has_role(user, Role.EXPERT):
        seen |= Q(visit__project__in=Project.objects.visible_to(user), visit__reported_at__isnull=False)
    return SitePhoto.objects.filter(seen).distinct()


def visits_of(project: Project, user: Any) -> list[SiteVisit]:
    """The visits of a project for the bureau's page, newest first."""
    return list(SiteVisit.objects.visible_to(user).filter(project=project).prefetch_related("visitors__person"))


def members_of(group: ProjectGroup, user: Any) -> list[Project]:
    """The filed projects of a group, with `limit` and `shown_mean`; the mean is for officials, once all are in.

    An expert judges one member and sees the facts of the others beside it, never a score; `mine` is his assignment.
    """
    limit = Determination.objects.filter(project=OuterRef("pk"), is_current=True).values("limit")[:1]
    rows = Project.objects.submitted().filter(group=group).annotate(limit=Subquery(limit))
    official = has_role(user, *BUREAU_ROLES, Role.SUPERVISOR)
    if official:
        result = ScoreResult.objects.visible_to(user).filter(project=OuterRef("pk"))
        rows = rows.annotate(mean=Subquery(result.values("mean_hundredths")[:1]))
    else:
        mine = Assignment.objects.filter(project=OuterRef("pk"), expert__user=user, open=True)
        rows = rows.annotate(mine=Subquery(mine.values("pk")[:1]))
    found = list(rows.select_related("enterprise", "district", "current_submission").order_by("number"))
    for one in found:
        mean = getattr(one, "mean", None)
        one.url = reverse("review-project", args=[one.pk]) if official else _sheet_of(one)
        one.shown_mean = None if mean is None else Decimal(mean).scaleb(-2)
    return found


def _sheet_of(member: Any) -> str:
    return reverse("expert-score", args=[member.mine]) if member.mine else ""
