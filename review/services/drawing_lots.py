"""Drawing by the seed: the selection recorded first, then the invitations, a part at a time; safe to run again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from applications.models import Call, Project
from applications.states import State
from core import audit, jobs, moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from core.notices import send
from core.people import SYSTEM
from review import letters
from review.drawing.canonical import FORMAT, canonical, seed_of
from review.drawing.selection import select
from review.models import Assignment, Draw, Expert, ScoreSheet
from review.services import draws, invitations, results
from review.services.refusals import ReviewRefused
from review.states import DrawState

if TYPE_CHECKING:
    from collections.abc import Callable

PART = 100  # projects invited in one transaction


def commit_whole_call(running: jobs.Running) -> None:
    """The job that locks the list of all projects of a call that wait for experts."""
    call = Call.objects.get(pk=running.facts["call"])
    waiting = list(draws.projects_to_draw(call))
    running.expect(len(waiting))
    try:
        draws.commit_draw(waiting, answer_days=running.facts["answer_days"], actor=running.by, at=timezone.now())
    except (ReviewRefused, moves.Refusal) as refused:
        raise jobs.JobRefused(str(refused)) from None
    running.step(len(waiting))


def run(running: jobs.Running) -> None:
    """The job of a draw: select, record, invite."""
    draw = Draw.objects.get(pk=running.facts["draw"])
    draw_now(draw, at=timezone.now(), expect=running.expect, told=running.step)


def draw_now(
    draw: Draw, *, at: datetime, expect: Callable[[int], Any] | None = None, told: Callable[[int], Any] | None = None
) -> Draw:
    """Draw by the two numbers and invite whom the lot fell on. What is done already is not done again."""
    candidates = draws.candidates_of(draw)
    if expect:
        expect(2 * len(candidates["projects"]))
    if draw.state == DrawState.COMMITTED:
        draw = _drawn(draw, candidates, at, told)
    _invite(draw, at=at, done=len(candidates["projects"]), told=told)
    return draw


def _drawn(draw: Draw, candidates: Any, at: datetime, told: Callable[[int], Any] | None) -> Draw:
    moves.require(draw, "draw_lots", SYSTEM, at=at)
    numbers = {one.slot: one.number for one in draw.numbers.all()}
    seed = seed_of(draw.commitment, numbers["first"], numbers["second"])
    found = select(candidates, seed, told=told)
    with transaction.atomic():
        said = {"commitment": draw.commitment, "seed": seed, "drawn": len(found.drawn), "short": len(found.short)}
        ground = Ground.issue(
            kind=GroundKind.EXPERT_DRAW, title="专家抽取记录", number=draw.number, by=SYSTEM, at=at, facts=said
        )
        moved = moves.perform(
            draw, "draw_lots", actor=SYSTEM, at=at, ground=ground, seed=seed, selection=canonical(found.as_dict()),
            summary=f"{len(found.drawn)} 个项目，种子 {seed[:12]}…",
        )  # fmt: skip
        short = list(moved.entries.filter(project__number__in=list(found.short)).select_related("project"))
        for entry in short:
            entry.note = found.short[entry.project.number]
        moved.entries.bulk_update(short, ["note"], batch_size=500)
        if short:
            send(letters.draw_fell_short(moved, len(short)), at=at)
    return moved


def _invite(draw: Draw, *, at: datetime, done: int, told: Callable[[int], Any] | None) -> None:
    drawn = json.loads(draw.selection)["drawn"]
    people = {one.code: one for one in Expert.objects.select_related("user")}
    asked = set(draw.assignments.values_list("project__number", flat=True))
    waiting = sorted(set(drawn) - asked)
    for start in range(0, len(waiting), PART):
        part = {number: [people[code] for code in drawn[number]] for number in waiting[start : start + PART]}
        with transaction.atomic():
            _invite_part(draw, part, at)
        if told:
            told(done + start + len(part))


def _invite_part(draw: Draw, part: dict[str, list[Expert]], at: datetime) -> None:
    rows = Project._base_manager.select_for_update(of=("self",)).filter(number__in=list(part), state=State.CITY_REVIEW)
    locked = list(rows.select_related("call").order_by("pk"))
    asked = set(draw.assignments.filter(project__in=locked).values_list("project", flat=True))  # by another worker
    projects = [one for one in locked if one.pk not in asked]
    answer_by = add_working_days(today(at), draw.answer_days)
    rounds = invitations.rounds_of(projects)
    made = Assignment.objects.bulk_create(
        _asked(draw, project, expert, rounds[project.pk], answer_by, at)
        for project in projects for expert in part[project.number]
    )  # fmt: skip
    ScoreSheet.objects.bulk_create(ScoreSheet(assignment=one, state_since=at) for one in made)
    audit.record_many(
        [
            audit.Entry(project, "project.experts_drawn", "抽取评审专家", draw.drawn_ground,
                        f"{len(part[project.number])} 名，{draw.number}")
            for project in projects
        ],
        actor=SYSTEM, at=at,
    )  # fmt: skip
    unfit = invitations.unfit_now(made, today(at))
    send(letters.invited([one for one in made if one.pk not in unfit]), at=at)
    for one in made:
        if one.pk in unfit:
            invitations.shut_and_replace(one, because=unfit[one.pk], at=at)
    results.refresh([project.pk for project in projects])


def _asked(draw: Draw, project: Project, expert: Expert, round: int, answer_by: date, at: datetime) -> Assignment:
    return Assignment(
        draw=draw, project=project, expert=expert, round=round, open=False, due_on=project.due_on, assigned_at=at,
        invited_at=at, answer_due_on=answer_by,
    )  # fmt: skip


def record_of(draw: Draw) -> dict[str, Any]:
    """The published record: list, fingerprint, seals; numbers, seed, selection and replacements once it is drawn."""
    drawn = draw.state == DrawState.DRAWN
    numbers = [
        {"slot": one.slot, "sealed": one.sealed, **({"number": one.number, "salt": one.salt} if drawn else {})}
        for one in draw.numbers.all()
    ]
    record = {
        "format": FORMAT, "draw": draw.number, "candidates": draw.candidates, "commitment": draw.commitment,
        "numbers": numbers,
    }  # fmt: skip
    if drawn:
        record |= {"seed": draw.seed, "selection": json.loads(draw.selection), "replacements": _replacements(draw)}
    return record


def _replacements(draw: Draw) -> list[dict[str, Any]]:
    rows: Sequence[Assignment] = (
        draw.assignments.exclude(replaces=None).select_related("project", "expert", "replaces__expert").order_by("pk")
    )
    return [
        {"project": one.project.number, "out": one.replaces.expert.code, "in": one.expert.code, "skipped": one.skipped}
        for one in rows
    ]
