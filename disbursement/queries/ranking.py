"""The ranking list (排序): projects that may be supported by review score, the line above which they are proposed, and what
the policy would give those above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from applications.models import Call, Determination, Project
from core.money import ZERO
from disbursement.models import Pool, Source
from disbursement.queries.pools import unplanned
from disbursement.queries.proposals import projects_ready_for_proposal
from policy import versions
from policy.rules import Determination as Answer
from policy.rules import PoolFacts, allocate_each, facts_from_dict
from review.models import ReportEntry

LOCAL_FIRST = (Source.CITY, Source.PROVINCIAL, Source.DISTRICT)  # whose money makes up the rest, in this order
CUT_BY = {"amount": "累计金额不超过（元）", "score": "评审分不低于", "count": "前几名"}


@dataclass(slots=True)
class Ranked:
    """One project of the list: its place, score, limit and the sum of limits down to it (元)."""

    place: int
    project: Any
    score: Decimal | None
    limit: Decimal
    cumulative: Decimal
    above: bool = False
    is_last_above: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What the policy gives the projects above the line, within what the pools can still be asked for, in 元."""

    count: int
    wanted: Decimal
    central: Decimal
    local: Decimal
    pending: Decimal


def ranking(call: Call) -> list[Ranked]:
    """Projects ready for a proposal of this call, the best score first; without a score by number at the end."""
    rows = list(with_score(projects_ready_for_proposal(call)).select_related("enterprise", "district"))
    limits = {d.project_id: d.limit for d in _current(rows)}
    rows.sort(key=lambda one: (one.score_hundredths is None, -(one.score_hundredths or 0), one.number))
    ranked, total = [], ZERO
    for place, project in enumerate(rows, start=1):
        total += limits[project.pk]
        score = None if project.score_hundredths is None else Decimal(project.score_hundredths).scaleb(-2)
        ranked.append(Ranked(place, project, score, limits[project.pk], total))
    return ranked


def with_score(projects: Any) -> Any:
    """Projects with `score_hundredths`, the mean of their latest review report."""
    latest = ReportEntry.objects.filter(project=OuterRef("pk")).order_by("-report__concluded_at", "-pk")
    return projects.annotate(score_hundredths=Subquery(latest.values("mean_hundredths")[:1]))


def draw_line(rows: Sequence[Ranked], by: str, at: Decimal | None) -> list[Ranked]:
    """Mark the rows above the line: while the sum of limits stays within `at` 元, the score reaches it, or the place is
    within it. Returns those above it. Nothing asked for: nothing is above."""
    above: list[Ranked] = []
    for row in rows:
        row.above = at is not None and _reaches(row, by, at)
        if not row.above:
            break
        above.append(row)
    if above:
        above[-1].is_last_above = True
    return above


def _reaches(row: Ranked, by: str, at: Decimal) -> bool:
    if by == "score":
        return row.score is not None and row.score >= at
    return row.cumulative <= at if by == "amount" else row.place <= at


def share_of(rows: Sequence[Ranked], call: Call) -> Share:
    """What the policy would give these projects together; nothing is written."""
    pools = list(Pool.objects.filter(year=call.year, district=None))
    answers = allocated(_current([row.project for row in rows]), pools, call)
    central = sum((answer.central or ZERO for answer in answers), ZERO)
    local = sum((answer.local or ZERO for answer in answers), ZERO)
    pending = sum((answer.unfunded or ZERO for answer in answers), ZERO)
    return Share(len(rows), central + local + pending, central, local, pending)


def pools_that_share(pools: Sequence[Pool]) -> tuple[Pool | None, Pool | None]:
    """The central pool, and the local one that makes up the rest (第七条一)."""
    central = next((pool for pool in pools if pool.is_central), None)
    return central, next((pool for source in LOCAL_FIRST for pool in pools if pool.source == source), None)


def allocated(determinations: Sequence[Determination], pools: Sequence[Pool], call: Call) -> tuple[Answer, ...]:
    """What the policy gives these determinations within what the pools can still be asked for, in their order."""
    left = unplanned(pools)
    central, local = pools_that_share(pools)
    scores = dict(
        with_score(Project.objects.filter(pk__in=[d.project_id for d in determinations])).values_list(
            "pk", "score_hundredths"
        )
    )
    shared = PoolFacts(
        cases=tuple(_case(d, scores[d.project_id]) for d in determinations),
        central_pool=left[central.pk] if central else ZERO,
        local_pool=left[local.pk] if local else ZERO,
    )
    each = [versions.load(d.policy_version, d.result["version"]["variation"]) for d in determinations]
    return allocate_each(shared, each, versions.load(call.policy_version))


def _case(determination: Determination, score: int | None) -> Any:
    facts = replace(facts_from_dict(determination.facts), central_pool=None, local_pool=None)
    return facts if score is None else replace(facts, review_score=Decimal(score).scaleb(-2))


def _current(projects: Sequence[Any]) -> list[Determination]:
    keys = [project.pk for project in projects]
    found = {d.project_id: d for d in Determination.objects.filter(project__in=keys, is_current=True)}
    return [found[key] for key in keys]
