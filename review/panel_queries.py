"""The ranking of a call's scored projects, and panels, said for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, Rank

from applications.models import Determination, Project
from applications.states import State
from core.models import BUREAU_ROLES, Role, User
from core.templatetags.text_tags import cn_date
from review.models import Consultation, FormCheck, PanelItem, PanelMeeting, ReportEntry, ScoreResult, SiteVisit


def with_means(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Adds what a ranking shows of the sheets in force: `experts`, `mean_hundredths`, `spread_half_points` (ScoreResult)."""
    return projects.annotate(
        experts=F("score_result__handed_in"),
        mean_hundredths=Coalesce(F("score_result__mean_hundredths"), 0),
        spread_half_points=F("score_result__spread_half_points"),
    )


def ranking(user: Any, call: Any) -> QuerySet[Project]:
    """Projects of a call under review whose sheets are all in, the best first, each with its `rank` and `limit`."""
    scored = ScoreResult.objects.visible_to(user).filter(call=call, mean_hundredths__isnull=False)
    projects = Project.objects.visible_to(user).filter(state=State.CITY_REVIEW, score_result__in=scored)
    return (
        with_means(projects)
        .annotate(rank=Window(Rank(), order_by=F("mean_hundredths").desc()), limit=Subquery(_limit()))
        .select_related("enterprise", "district", "group")
        .order_by("rank", "number")
    )


def rows_of(places: Iterable[tuple[int, int]]) -> list[Project]:
    """One page of a ranking from its keys and ranks: what a row shows is read of these alone."""
    rank_of = dict(places)
    rows = with_means(Project.objects.filter(pk__in=rank_of)).select_related("enterprise", "district", "group")
    found = {row.pk: row for row in rows.annotate(limit=Subquery(_limit()))}
    for key, row in found.items():
        row.rank = rank_of[key]
    return [found[key] for key in rank_of]


def _limit() -> QuerySet[Any]:
    """元 of the determination in force of a row's project."""
    return Determination.objects.filter(project=OuterRef("pk"), is_current=True).values("limit")[:1]


def in_points(projects: Iterable[Any], pass_mark: int) -> list[Any]:
    """Rows of a ranking with `mean` and `spread` in points, and whether each `passes`."""
    rows = list(projects)
    for row in rows:
        row.mean, row.spread = Decimal(row.mean_hundredths).scaleb(-2), Decimal(row.spread_half_points or 0) / 2
        row.passes = row.mean >= pass_mark
    return rows


def waiting_for_panel(user: Any, call: Any) -> QuerySet[Project]:
    """Those of the ranking that lie on no open table."""
    return ranking(user, call).exclude(panel_items__in=_open_items())


def _open_items() -> QuerySet[PanelItem]:
    return PanelItem.objects.filter(meeting__report=None)


def words_beside(projects: Iterable[int]) -> dict[int, list[str]]:
    """What lies beside the scores of each project: form check, departments' answers, visits on site; in three questions."""
    keys, found = list(projects), defaultdict(list)
    for one in FormCheck.objects.filter(project__in=keys, ended_at=None).exclude(passed_at=None).order_by("pk"):
        found[one.project_id].append("形式审查通过")
    for one in Consultation.objects.filter(project__in=keys).select_related("department").order_by("pk"):
        said = one.get_stance_display() if one.recorded_at else "未答复"
        found[one.project_id].append(f"{one.department}：{said}")
    for one in SiteVisit.objects.filter(project__in=keys).exclude(reported_at=None).order_by("pk"):
        found[one.project_id].append(f"{cn_date(one.visited_on)}现场核查")
    return found


def items_of(meeting: PanelMeeting) -> list[PanelItem]:
    """What lies on a table, the best mean first; each item's project bears its figures and its `rank`, and
    once the report is out the item its `entry`."""
    items = list(meeting.items.select_related("project"))
    figures = with_means(Project.objects.filter(pk__in=[item.project_id for item in items])).annotate(
        limit=Subquery(_limit())
    )
    found = {project.pk: project for project in figures.select_related("enterprise", "district", "call")}
    entries = {entry.project_id: entry for entry in ReportEntry.objects.filter(report=meeting.report_id)}
    beside = words_beside(found)
    for item in items:
        item.project, item.entry = found[item.project_id], entries.get(item.project_id)
        item.beside = beside[item.project_id]
    items.sort(key=lambda item: (-item.project.mean_hundredths, item.project.number))
    in_points([item.project for item in items], meeting.call.pass_mark)
    means = [item.project.mean_hundredths for item in items]
    for item in items:
        item.project.rank = means.index(item.project.mean_hundredths) + 1
    return items


def panels_visible_to(user: Any) -> QuerySet[PanelMeeting]:
    rows = PanelMeeting.objects.visible_to(user).select_related("call", "report", "created_by")
    return rows.annotate(projects=Count("items", distinct=True)).order_by("-held_on", "-pk")  # counting drops the order


def who_may_sit() -> QuerySet[User]:
    """People of the bureau and experts of the pool."""
    rows = User.objects.filter(is_active=True, groups__name__in=[*BUREAU_ROLES, Role.EXPERT])
    return rows.select_related("organisation").distinct().order_by("organisation", "pk")
