"""A second round of scoring where the first lies too far apart: new sheets for the same experts, the old ones kept (第九条三)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import Project
from core import audit
from core.calendar import today
from core.models import Ground, GroundKind, Role
from core.moves import ConditionUnmet, NotYours
from core.notices import send
from core.people import has_role
from review import letters
from review.conflicts import exclusions_of
from review.models import A_WIDE_SPREAD, Assignment, ScoreResult, ScoreSheet, SecondRound
from review.services import assignments, results
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

MOST_ROUNDS = 2


def why_not(project: Project) -> str:
    """The sentence that says why no second round may be opened; "" when one may."""
    result = ScoreResult.objects.filter(project=project).first()
    if result is None or result.spread_half_points is None:
        return "专家评分还没有全部提交。"
    if result.spread_half_points <= A_WIDE_SPREAD:
        return f"极差 {result.spread} 分，没有超过 {A_WIDE_SPREAD // 2} 分，不需要复评。"
    if project.second_rounds.count() + 1 >= MOST_ROUNDS:
        return "已经复评过一次，请由评审会议定。"
    return ""


def open_second_round(project: Project, *, reason: str, due_on: date, actor: Actor, at: datetime) -> SecondRound:
    """Ask the same experts to score anew, each alone, knowing why and nobody's score.

    Those bound to the enterprise by now are left out. Raises NotYours, Overtaken, ConditionUnmet (scores missing,
    not far apart, or a round too many); ReviewRefused for a day that is past.
    """
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        if not has_role(actor, Role.BUREAU_LEAD):
            raise NotYours("复评须由市工信局负责人决定。", record=fresh, move="conclude")
        if stopped := why_not(fresh):
            raise ConditionUnmet(stopped, record=fresh, move="conclude")
        if due_on < today(at):
            raise ReviewRefused("评分期限已经过去。", field="due_on")
        opened = _written_down(fresh, reason, actor, at)
        made = _ask_again(fresh, opened.number, due_on, actor, at)
        audit.record(
            fresh, "project.second_round_opened", actor=actor, at=at, label="启动复评", ground=opened.ground,
            summary=f"第 {opened.number} 轮，{len(made)} 名专家",
        )  # fmt: skip
        send(letters.asked_to_score_again(made, reason), at=at)
        results.refresh([fresh.pk])
    return opened


def _written_down(project: Project, reason: str, actor: Actor, at: datetime) -> SecondRound:
    result = ScoreResult.objects.get(project=project)
    number = result.round + 1
    ground = Ground.issue(
        kind=GroundKind.SECOND_ROUND, title="复评通知", by=actor, at=at,
        facts={"reason": reason, "spread_half_points": result.spread_half_points, "round": number},
    )  # fmt: skip
    return SecondRound.objects.create(
        project=project, number=number, reason=reason, mean_hundredths=result.mean_hundredths,
        spread_half_points=result.spread_half_points, ground=ground, opened_at=at, opened_by=actor,
    )  # fmt: skip


def _ask_again(project: Project, number: int, due_on: date, actor: Actor, at: datetime) -> list[Assignment]:
    bound = exclusions_of(project, today(at))
    before = list(project.assignments.current().select_related("expert__user").order_by("pk"))
    assignments.retire(project, at=at)
    made = [
        Assignment.objects.create(
            project=project, expert=one.expert, draw=one.draw, round=number, due_on=due_on, assigned_at=at,
            assigned_by=actor,
        )
        for one in before if one.expert_id not in bound
    ]  # fmt: skip
    ScoreSheet.objects.bulk_create(ScoreSheet(assignment=one, state_since=at) for one in made)
    return made
