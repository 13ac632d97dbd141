"""Answers to an invitation, and who comes next when the answer is no: the recorded order, never a choice (第九条三)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from applications.models import Project
from applications.states import State
from core import audit
from core.calendar import add_working_days, today
from core.moves import NotYours, Overtaken
from core.notices import send
from core.people import SYSTEM
from review import letters
from review.conflicts import exclusions_of, graph_of
from review.drawing.selection import reserve_of
from review.models import Assignment, Draw, Expert, ScoreSheet
from review.services import results
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

NO_ANSWER = "在期限内没有答复"


def accept_invitation(assignment: Assignment, *, actor: Actor, at: datetime) -> Assignment:
    """An expert takes the project on: his sheet opens, and the project to his eyes. Raises NotYours, Overtaken."""
    with transaction.atomic():
        fresh = _waiting(assignment, actor)
        fresh.accepted_at, fresh.open = at, True
        fresh.save(update_fields=["accepted_at", "open"])
        audit.record(
            fresh.project, "project.invitation_accepted", actor=SYSTEM, at=at, label="专家接受评审",
            facts={"assignment": fresh.pk},
        )  # fmt: skip
        send(letters.asked_to_score([fresh]), at=at)
    return fresh


def decline_invitation(assignment: Assignment, *, because: str, actor: Actor, at: datetime) -> Assignment:
    """An expert does not take it on, and says why; the next of the recorded order is invited.

    Raises NotYours, Overtaken; ReviewRefused without a reason.
    """
    if not because.strip():
        raise ReviewRefused("请写明不能评审的原因。", field="because")
    with transaction.atomic():
        fresh = _waiting(assignment, actor)
        shut_and_replace(fresh, because=because.strip(), at=at)
    return fresh


def _waiting(assignment: Assignment, actor: Actor) -> Assignment:
    rows = Assignment._base_manager.select_for_update(of=("self",))
    fresh = rows.select_related("project__call", "expert__user", "draw").get(pk=assignment.pk)
    if fresh.expert.user_id != actor.pk:
        raise NotYours("只有被邀请的专家本人可以答复。", record=fresh.sheet, move="submit")
    left = fresh.declined_at or fresh.retired_at or fresh.accepted_at
    if left or fresh.invited_at is None or fresh.project.state != State.CITY_REVIEW:
        raise Overtaken("这份邀请已经答复，或评审已经结束。", record=fresh.sheet, move="submit")
    return fresh


def shut_and_replace(assignment: Assignment, *, because: str, at: datetime) -> Assignment | None:
    """End an assignment with its reason; where it was drawn by lot, invite the next of the order. Returns that one."""
    assignment.open, assignment.declined_at, assignment.declined_because = False, at, because[:200]
    assignment.save(update_fields=["open", "declined_at", "declined_because"])
    audit.record(
        assignment.project, "project.expert_stepped_aside", actor=SYSTEM, at=at, label="专家回避或不能评审",
        facts={"assignment": assignment.pk},
    )  # fmt: skip
    send(letters.expert_stepped_aside(assignment), at=at)
    drawn = assignment.draw_id and assignment.round == _round_of(assignment.project)
    next_one = _replace(assignment, at) if drawn else None
    results.refresh([assignment.project_id])
    return next_one


def _replace(left: Assignment, at: datetime) -> Assignment | None:
    draw, project = left.draw, left.project
    expert, skipped = _next_of(draw, project, today(at))
    if expert is None:
        send(letters.reserve_is_used_up(project), at=at)
        return None
    made = Assignment.objects.create(
        project=project, expert=expert, draw=draw, replaces=left, skipped=skipped, round=left.round, open=False,
        due_on=project.due_on, assigned_at=at, invited_at=at,
        answer_due_on=add_working_days(today(at), draw.answer_days),
    )  # fmt: skip
    ScoreSheet.objects.create(assignment=made, state_since=at)
    audit.record(
        project, "project.expert_replaced", actor=SYSTEM, at=at, label="按抽取记录递补专家", ground=draw.drawn_ground,
        facts={"assignment": made.pk, "replaces": left.pk},
    )  # fmt: skip
    send(letters.invited([made]), at=at)
    return made


def _next_of(draw: Draw, project: Project, on: date) -> tuple[Expert | None, list[list[str]]]:
    """The next of the recorded order who may judge now, and those passed over with their reasons."""
    drawn = json.loads(draw.selection)["drawn"].get(project.number, [])
    order = reserve_of(json.loads(draw.candidates), draw.seed, project.number, drawn)
    earlier = draw.assignments.filter(project=project).exclude(replaces=None)
    walked = sum(len(one.skipped) + 1 for one in earlier)
    people = {one.code: one for one in Expert.objects.filter(pk__in=[int(code[1:]) for code in order])}
    declared = set(Expert.objects.declared(on).values_list("pk", flat=True))
    bound, asked = exclusions_of(project, on), set(project.assignments.values_list("expert", flat=True))
    skipped: list[list[str]] = []
    for code in order[walked:]:
        expert = people[code]
        why = _unfit(expert, declared, bound, asked)
        if not why:
            return expert, skipped
        skipped.append([code, why])
    return None, skipped


def _unfit(expert: Expert, declared: set[int], bound: dict[int, list], asked: set[int]) -> str:
    if not expert.is_active:
        return "已不在库"
    if expert.pk not in declared:
        return "利益声明已过期"
    if expert.pk in bound:
        return "锁定名单后有了利害关系"
    return "已被指派过" if expert.pk in asked else ""


def unfit_now(assignments: Sequence[Assignment], on: date) -> dict[int, str]:
    """Of assignments just drawn: key → why not, where something came up after the list was locked."""
    experts = {one.expert_id for one in assignments}
    graph = graph_of({one.project_id for one in assignments}, on, experts=experts)
    fit = set(Expert.objects.filter(pk__in=experts, is_active=True).declared(on).values_list("pk", flat=True))
    found = {}
    for one in assignments:
        if one.expert_id in graph.get(one.project_id, {}):
            found[one.pk] = "锁定名单后有了利害关系"
        elif one.expert_id not in fit:
            found[one.pk] = "锁定名单后出库或利益声明过期"
    return found


def lapse_invitations(at: datetime) -> int:
    """For the clock: invitations without an answer in time go to the next of the order. Returns how many."""
    rows = Assignment.objects.unanswered().filter(answer_due_on__lt=today(at)).select_related("project__call", "draw")
    late = list(rows.order_by("pk"))
    for one in late:
        with transaction.atomic():
            if not Assignment.objects.unanswered().select_for_update().filter(pk=one.pk).exists():
                continue
            if one.project.state == State.CITY_REVIEW:
                shut_and_replace(one, because=NO_ANSWER, at=at)
            else:
                Assignment.objects.filter(pk=one.pk).update(retired_at=at)
    return len(late)


def rounds_of(projects: Iterable[Project]) -> dict[int, int]:
    """The round new assignments of these projects belong to: after what was left behind, the next one."""
    keys = [one.pk for one in projects]
    left = Assignment.objects.filter(project__in=keys).exclude(retired_at=None).order_by()
    last = dict(left.values_list("project").annotate(last=Max("round")))
    return {key: last.get(key, 0) + 1 for key in keys}


def _round_of(project: Project) -> int:
    return rounds_of([project])[project.pk]
