"""The draw of experts: lock the list, take two sealed numbers, draw by them; each step recorded before the next (第九条三)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q

from applications.models import Project
from applications.states import State
from core import audit, jobs, moves
from core.calendar import today
from core.models import Ground, GroundKind, Role
from core.moves import NotYours, Overtaken
from core.notices import send
from core.people import has_role
from review import letters
from review.conflicts import Graph, graph_of
from review.drawing.canonical import canonical, commitment_of, sealed
from review.fields import fields_for
from review.models import Assignment, Draw, DrawEntry, DrawNumber, DrawSlot, Expert
from review.services import form_checks
from review.services.desks import refuse_the_districts_hand_in
from review.services.refusals import ReviewRefused
from review.states import DrawState, SheetState
from review.workflow import bureau_of_the_call

if TYPE_CHECKING:
    from core.people import Actor

JOB = "review.draw"
COMMIT_JOB = "review.draw_commit"
RULES = "每个项目抽取单数名专家；先抽专业对口的，再抽负担最轻的，相同的按种子排序；应当回避的一律不抽；人数不足的不抽。"


def ask_to_commit(call: Any, *, answer_days: int, actor: Actor, at: datetime) -> Any:
    """Have the list of a whole call locked by a job; its page tells the progress and leads to the draws."""
    facts = {"call": call.pk, "answer_days": answer_days, "back": "/draws/"}
    return jobs.enqueue(COMMIT_JOB, by=actor, facts=facts, title=f"锁定抽取名单：{call}", at=at)


def commit_draw(projects: Sequence[Project], *, answer_days: int, actor: Actor, at: datetime) -> Draw:
    """Lock who may be drawn for these projects of one call, and write down its fingerprint before any number is known.

    Every question is asked once for all projects. Raises NotYours, Overtaken; ReviewRefused where a project has
    experts or another draw already, where calls are mixed, or where nobody may be drawn.
    """
    with transaction.atomic():
        fresh = _locked(projects, actor, at)
        form_checks.refuse_before_it_passed(fresh, "send_back")
        call, pool = fresh[0].call, _pool(today(at))
        graph = graph_of(fresh, today(at), experts=[one.pk for one in pool])
        wanted = call.experts_needed | 1  # the next odd number
        codes = {one.pk: one.code for one in pool}
        candidates = canonical(_candidates(fresh, pool, graph, wanted, codes))
        commitment, number = commitment_of(candidates), _number(at)
        said = {"commitment": commitment, "projects": len(fresh), "experts": len(pool), "text": RULES}
        ground = Ground.issue(
            kind=GroundKind.EXPERT_DRAW, title="专家抽取：锁定候选名单", number=number, by=actor, at=at, facts=said
        )
        draw = _written_down(
            call=call, number=number, candidates=candidates, commitment=commitment, answer_days=answer_days,
            committed_at=at, committed_by=actor, ground=ground, state_since=at,
        )  # fmt: skip
        DrawEntry.objects.bulk_create(
            [_entry(draw, project, graph.get(project.pk, {}), len(pool), wanted) for project in fresh], batch_size=500
        )
        audit.record(
            draw, "draw.committed", actor=actor, at=at, label="锁定抽取名单", ground=ground,
            summary=f"{len(fresh)} 个项目，{len(pool)} 名专家", facts={"commitment": commitment},
        )  # fmt: skip
        send(letters.number_wanted(draw), at=at)
    return draw


def _written_down(**fields: Any) -> Draw:
    try:
        with transaction.atomic():
            return Draw.objects.create(**fields)
    except IntegrityError:  # a colleague locked another list in the same moment and has the number
        raise ReviewRefused("另一名同事刚刚锁定了一份名单，请再提交一次。") from None


def _locked(projects: Sequence[Project], actor: Actor, at: datetime) -> list[Project]:
    keys = [one.pk for one in projects]
    rows = Project._base_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    fresh = list(rows.select_related("call", "current_submission"))
    if not fresh or len({one.call_id for one in fresh}) > 1:
        raise ReviewRefused("一次抽取只能包含同一批次的项目，并且至少一个。")
    for one in fresh:
        moves.require(one, "send_back", actor, at=at, conditions=False)
    refuse_the_districts_hand_in(fresh, "send_back", actor)
    busy = Q(assignments__declined_at=None, assignments__retired_at=None, assignments__isnull=False)
    busy |= Q(draw_entries__draw__state=DrawState.COMMITTED)
    first = Project._base_manager.filter(busy, pk__in=keys).first()
    if first:
        raise ReviewRefused(f"“{first.title}”已指派专家或已列入另一次抽取。")
    return fresh


def _pool(on: Any) -> list[Expert]:
    """Experts in the pool whose declaration is in force, with `load`: what they have open and not handed in."""
    waiting = Q(assignments__declined_at=None, assignments__retired_at=None) & ~Q(
        assignments__sheet__state=SheetState.SUBMITTED
    )
    pool = Expert.objects.filter(is_active=True).declared(on)
    found = list(pool.annotate(load=Count("assignments", filter=waiting)).order_by("pk"))
    if not found:
        raise ReviewRefused("库里没有利益声明在有效期内的专家，请先请专家更新声明。")
    return found


def _candidates(
    projects: Iterable[Project], pool: Iterable[Expert], graph: Graph, wanted: int, codes: dict[int, str]
) -> dict[str, Any]:
    return {
        "rules": {"text": RULES, "wanted": wanted, "odd": True},
        "experts": [{"code": one.code, "fields": sorted(one.fields), "load": one.load} for one in pool],
        "projects": [
            {
                "code": project.number,
                "fields": fields_for(project.current_submission.industry),
                "wanted": wanted,
                "excluded": {
                    codes[key]: sorted({one.kind for one in found}) for key, found in graph.get(project.pk, {}).items()
                },
            }
            for project in projects
        ],
    }


def _entry(draw: Draw, project: Project, excluded: dict[int, list[Any]], pool: int, wanted: int) -> DrawEntry:
    told = [one.as_dict() for found in excluded.values() for one in found]
    return DrawEntry(draw=draw, project=project, wanted=wanted, eligible=pool - len(excluded), exclusions=told)


def _number(at: datetime) -> str:
    year = today(at).year
    return f"CQ-{year}-{Draw.objects.filter(committed_at__year=year).count() + 1:03d}"


# --- the numbers ----------------------------------------------------------------------------------------------------


def seats_of(draw: Draw, actor: Actor) -> list[str]:
    """The seats this person could fill by his role; each person fills one (第十六条)."""
    in_call = bureau_of_the_call(draw, actor)
    first = [DrawSlot.FIRST] if in_call and has_role(actor, Role.BUREAU_OFFICER) else []
    lead = in_call and has_role(actor, Role.BUREAU_LEAD)
    return [*first, *([DrawSlot.SECOND] if lead or has_role(actor, Role.SUPERVISOR) else [])]


def may_give_number(draw: Draw, actor: Actor) -> bool:
    """True where a seat is open to this person, who has given no number yet."""
    taken = list(draw.numbers.all())
    free = set(seats_of(draw, actor)) - {one.slot for one in taken}
    return bool(free) and all(one.person_id != actor.pk for one in taken)


def require_seat(draw: Draw, slot: str, actor: Actor) -> None:
    """Raise what seal_number would raise now: for the page before the deed."""
    if slot not in seats_of(draw, actor):
        raise NotYours("这个号码不由您填写。", record=draw, move="draw_lots")
    taken = list(draw.numbers.all())
    if any(one.person_id == actor.pk for one in taken):
        raise NotYours("您已填过一个号码，另一个须由另一个人填写。", record=draw, move="draw_lots")
    if draw.state != DrawState.COMMITTED or any(one.slot == slot for one in taken):
        raise Overtaken("这个号码已经封存，或抽取已经结束。", record=draw, move="draw_lots")


def seal_number(draw: Draw, slot: str, number: str, *, actor: Actor, at: datetime) -> DrawNumber:
    """Keep one person's number sealed; once both are in, the draw runs as a job.

    Until then only a salted hash of it is shown to anybody. Raises NotYours for the wrong seat or for one person on
    both, Overtaken where the seat is taken or the draw is over.
    """
    with transaction.atomic():
        fresh = Draw.objects.select_for_update(of=("self",)).get(pk=draw.pk)
        require_seat(fresh, slot, actor)
        salt = secrets.token_hex(16)
        kept = DrawNumber.objects.create(
            draw=fresh, slot=slot, person=actor, number=number, salt=salt,
            sealed=sealed(fresh.commitment, slot, number, salt), entered_at=at,
        )  # fmt: skip
        audit.record(
            fresh, "draw.number_sealed", actor=actor, at=at, label="封存抽取号码",
            summary=str(DrawSlot(slot).label), facts={"slot": slot, "sealed": kept.sealed},
        )  # fmt: skip
        if fresh.numbers.count() == 2:
            facts = {"draw": fresh.pk, "back": f"/draws/{fresh.pk}/"}
            jobs.enqueue(JOB, by=actor, facts=facts, key=f"draw:{fresh.pk}", title=f"抽取专家 {fresh.number}", at=at)
    return kept


def cancel_draw(draw: Draw, *, reason: str, actor: Actor, at: datetime) -> Draw:
    """Give up a locked list before both numbers are in; its projects may be drawn anew. Raises NotYours, Overtaken."""
    with transaction.atomic():
        moves.require(draw, "cancel_draw", actor, at=at)
        ground = Ground.issue(
            kind=GroundKind.DECISION,
            title="作废专家抽取",
            number=draw.number,
            by=actor,
            at=at,
            facts={"reason": reason},
        )
        return moves.perform(draw, "cancel_draw", actor=actor, at=at, ground=ground, summary=reason)


def projects_to_draw(call: Any) -> Any:
    """Projects of a call in the city's review that have no expert and stand in no locked list."""
    asked = Assignment.objects.current().values("project")
    listed = DrawEntry.objects.filter(draw__state=DrawState.COMMITTED).values("project")
    rows = Project._base_manager.filter(call=call, state=State.CITY_REVIEW)
    return rows.exclude(pk__in=asked).exclude(pk__in=listed)


def calls_that_wait() -> Any:
    """Keys of calls with projects that wait for experts."""
    asked = Assignment.objects.current().filter(project=OuterRef("pk"))
    listed = DrawEntry.objects.filter(draw__state=DrawState.COMMITTED, project=OuterRef("pk"))
    rows = Project._base_manager.filter(~Exists(asked), ~Exists(listed), state=State.CITY_REVIEW)
    return rows.order_by().values("call").distinct()


def candidates_of(draw: Draw) -> dict[str, Any]:
    return json.loads(draw.candidates)
