"""Asking experts to judge a project, their conflicts and refusals, and when their window shuts (第九条三)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from applications.models import Project
from applications.states import State
from core import audit
from core.calendar import today
from core.models import District, Organisation
from core.moves import NotYours, Overtaken
from core.notices import send
from review import letters
from review.conflicts import exclusions_of, graph_of
from review.models import Assignment, Conflict, ConflictKind, Expert, ScoreSheet
from review.services import form_checks, invitations, results
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused
from review.states import SheetState

if TYPE_CHECKING:
    from core.people import Actor


def assign_experts(
    project: Project, experts: Sequence[Expert], *, actor: Actor, at: datetime, due_on: date | None = None
) -> list[Assignment]:
    """Ask experts directly, without a draw, until `due_on` (default: the project's own term). Those asked are skipped.

    Raises NotYours, Overtaken; ReviewRefused for an expert whom the conflict graph excludes.
    """
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        form_checks.refuse_before_it_passed([fresh], "send_back")
        _refuse_conflicts(fresh, experts, on=today(at))
        asked = set(fresh.assignments.current().values_list("expert_id", flat=True))
        said = {"due_on": due_on or fresh.due_on, "assigned_at": at, "assigned_by": actor}
        said["round"] = invitations.rounds_of([fresh])[fresh.pk]
        made = [
            Assignment.objects.create(project=fresh, expert=expert, **said)
            for expert in experts
            if expert.pk not in asked
        ]
        ScoreSheet.objects.bulk_create(ScoreSheet(assignment=one, state_since=at) for one in made)
        if made:
            audit.record(
                fresh, "project.experts_assigned", actor=actor, at=at, label="指派评审专家",
                summary=f"{len(made)} 名", facts={"experts": [one.expert_id for one in made]},
            )  # fmt: skip
            send(letters.asked_to_score(made), at=at)
            results.refresh([fresh.pk])
    return made


def _refuse_conflicts(project: Project, experts: Sequence[Expert], *, on: date) -> None:
    excluded = exclusions_of(project, on)
    active = set(Expert.objects.filter(pk__in=[one.pk for one in experts], is_active=True).values_list("pk", flat=True))
    bound = [str(expert) for expert in experts if expert.pk in excluded or expert.pk not in active]
    if bound:
        raise ReviewRefused(f"{'、'.join(bound)}与申报企业有利害关系或已不在库，应当回避，不能指派。", field="experts")


def decline_assignment(assignment: Assignment, *, because: str, actor: Actor, at: datetime) -> Assignment:
    """An expert steps aside (申请回避) before he has handed in; the bureau is told and asks another.

    Raises NotYours, Overtaken; ReviewRefused without a reason.
    """
    if not because.strip():
        raise ReviewRefused("请写明回避的原因。", field="because")
    with transaction.atomic():
        rows = Assignment._base_manager.select_for_update(of=("self",))
        fresh = rows.select_related("project__call", "draw").get(pk=assignment.pk)
        if fresh.expert.user_id != actor.pk:
            raise NotYours("只有被指派的专家本人可以申请回避。", record=fresh.sheet, move="submit")
        if not fresh.open or Assignment.objects.filter(pk=fresh.pk, sheet__state=SheetState.SUBMITTED).exists():
            raise Overtaken("评分已经提交或已经结束，不能再申请回避。", record=fresh.sheet, move="submit")
        invitations.shut_and_replace(fresh, because=because.strip(), at=at)
    return fresh


def declare_own_interest(
    expert: Expert, uscc: str, *, kind: str, name: str = "", district: District | None = None, note: str = "",
    ended_on: date | None = None, expires_on: date | None = None, actor: Actor, at: datetime,
) -> Conflict:  # fmt: skip
    """An expert declares an interest in the body with this credit code, or his contract with a district.

    A body the register does not know needs its name. The register is asked for one exact code and answers with nothing
    but yes or no: experts do not browse it.
    Raises ReviewRefused for a code that is unknown and has no name beside it.
    """
    if kind == ConflictKind.DISTRICT and district:
        return declare_contract(expert, district, note=note, ended_on=ended_on, actor=actor, at=at)
    organisation = Organisation.objects.filter(uscc=uscc).first()
    if organisation is None and not name.strip():
        words = "系统里没有这个代码的企业，请核对营业执照；代码无误的，请同时填写单位名称。"
        raise ReviewRefused(words, field="uscc")
    about = {"organisation": organisation} if organisation else {"uscc": uscc, "name": name.strip()}
    said = {"kind": kind, "note": note, "ended_on": ended_on, "expires_on": expires_on}
    return _declare(expert, {**about, **said}, actor=actor, at=at)


def declare_contract(
    expert: Expert, district: District, *, note: str = "", ended_on: date | None = None, actor: Actor, at: datetime
) -> Conflict:
    """An expert, or the body he works for, has a contract with a district: he judges no project of it."""
    said = {"district": district, "kind": ConflictKind.DISTRICT, "note": note, "ended_on": ended_on}
    return _declare(expert, said, actor=actor, at=at)


def declare_conflict(
    expert: Expert,
    organisation: Organisation,
    *,
    kind: str,
    note: str = "",
    expires_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Conflict:
    """Write down an interest; open assignments it excludes shut at once."""
    said = {"organisation": organisation, "kind": kind, "note": note, "expires_on": expires_on}
    return _declare(expert, said, actor=actor, at=at)


def _declare(expert: Expert, said: dict, *, actor: Actor, at: datetime) -> Conflict:
    with transaction.atomic():
        conflict = Conflict.objects.create(expert=expert, declared_at=at, declared_by=actor, **said)
        _shut_what_it_excludes(expert, at)
        audit.record(expert, "expert.conflict_declared", actor=actor, at=at, label="利益申报", summary=conflict.about)
    return conflict


def _shut_what_it_excludes(expert: Expert, at: datetime) -> None:
    """Assignments whose sheets are not in and whose projects the graph now excludes; each is replaced by its draw."""
    rows = expert.assignments.current().filter(Q(open=True) | Q(accepted_at=None, invited_at__isnull=False))
    mine = list(rows.exclude(sheet__state=SheetState.SUBMITTED).select_related("project__call", "draw"))
    graph = graph_of([one.project_id for one in mine], today(at), experts=[expert.pk])
    for one in mine:
        if one.project_id in graph:
            invitations.shut_and_replace(one, because="申报利害关系，自动回避", at=at)


def shut(project: Project) -> int:
    """End the scoring window of a project: its experts no longer see it."""
    return project.assignments.filter(open=True).update(open=False)


def retire(project: Project, *, at: datetime) -> int:
    """Leave this round behind: its sheets stay on record and count no more."""
    count = project.assignments.filter(retired_at=None).update(open=False, retired_at=at)
    results.refresh([project.pk])
    return count


def close_scoring_due(at: datetime) -> int:
    """For the clock: shut what is past its day and what left the city's review by another way. Returns how many."""
    over = Q(due_on__lt=today(at)) | ~Q(project__state=State.CITY_REVIEW)
    return Assignment.objects.filter(over, open=True).update(open=False)


def prolong_scoring(project: Project, *, due_on: date, actor: Actor, at: datetime) -> int:
    """Give the experts who have not handed in until another day. Raises NotYours, Overtaken. Returns how many."""
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        late = fresh.assignments.current().exclude(sheet__state=SheetState.SUBMITTED)
        unanswered = Q(invited_at__isnull=False, accepted_at=None)
        count = late.exclude(unanswered).update(open=True, due_on=due_on)
        late.filter(unanswered).update(due_on=due_on)
        audit.record(
            fresh,
            "project.scoring_prolonged",
            actor=actor,
            at=at,
            label="延长评分时间",
            summary=f"至 {due_on:%Y-%m-%d}",
        )
    return count
