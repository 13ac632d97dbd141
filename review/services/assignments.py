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
from core.models import Organisation
from core.moves import NotYours, Overtaken
from core.notices import send
from review import letters
from review.models import Assignment, Conflict, Expert, ScoreSheet
from review.services.desks import at_the_bureau
from review.services.refusals import ReviewRefused
from review.states import SheetState

if TYPE_CHECKING:
    from core.people import Actor


def assign_experts(
    project: Project, experts: Sequence[Expert], *, actor: Actor, at: datetime, due_on: date | None = None
) -> list[Assignment]:
    """Ask experts to judge a project until `due_on` (default: the project's own term). Those asked already are skipped.

    Raises NotYours, Overtaken; ReviewRefused for an expert employed by, or declared against, the enterprise.
    """
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        _refuse_conflicts(fresh, experts, on=today(at))
        asked = set(fresh.assignments.current().values_list("expert_id", flat=True))
        made = [
            Assignment.objects.create(
                project=fresh, expert=expert, due_on=due_on or fresh.due_on, assigned_at=at, assigned_by=actor
            )
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
    return made


def _refuse_conflicts(project: Project, experts: Sequence[Expert], *, on: date) -> None:
    keys = [expert.pk for expert in experts]
    clear = set(
        Expert.objects.filter(pk__in=keys, is_active=True)
        .unconflicted_with(project.enterprise_id, on)
        .values_list("pk", flat=True)
    )
    bound = [str(expert) for expert in experts if expert.pk not in clear]
    if bound:
        raise ReviewRefused(f"{'、'.join(bound)}与申报企业有利害关系或已不在库，应当回避，不能指派。", field="experts")


def decline_assignment(assignment: Assignment, *, because: str, actor: Actor, at: datetime) -> Assignment:
    """An expert steps aside (申请回避) before he has handed in; the bureau is told and asks another.

    Raises NotYours, Overtaken; ReviewRefused without a reason.
    """
    if not because.strip():
        raise ReviewRefused("请写明回避的原因。", field="because")
    with transaction.atomic():
        fresh = Assignment._base_manager.select_for_update(of=("self",)).select_related("project").get(pk=assignment.pk)
        if fresh.expert.user_id != actor.pk:
            raise NotYours("只有被指派的专家本人可以申请回避。", record=fresh.project, move="conclude")
        if not fresh.open or Assignment.objects.filter(pk=fresh.pk, sheet__state=SheetState.SUBMITTED).exists():
            raise Overtaken("评分已经提交或已经结束，不能再申请回避。", record=fresh.project, move="conclude")
        fresh.open, fresh.declined_at, fresh.declined_because = False, at, because.strip()
        fresh.save(update_fields=["open", "declined_at", "declined_because"])
        audit.record(
            fresh.project, "project.expert_stepped_aside", actor=actor, at=at, label="专家申请回避",
            facts={"assignment": fresh.pk},
        )  # fmt: skip
        send(letters.expert_stepped_aside(fresh), at=at)
    return fresh


def declare_own_interest(
    expert: Expert, uscc: str, *, kind: str, note: str = "", expires_on: date | None = None, actor: Actor, at: datetime
) -> Conflict:
    """An expert declares an interest in the enterprise with this credit code. Raises ReviewRefused when it is unknown.

    The register is asked for one exact code and answers with nothing but yes or no: experts do not browse it.
    """
    organisation = Organisation.objects.filter(uscc=uscc).first()
    if organisation is None:
        raise ReviewRefused("系统里没有这个代码的企业，请核对营业执照。", field="uscc")
    return declare_conflict(expert, organisation, kind=kind, note=note, expires_on=expires_on, actor=actor, at=at)


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
    """Write down an interest; open assignments to that enterprise shut at once."""
    with transaction.atomic():
        conflict = Conflict.objects.create(
            expert=expert, organisation=organisation, kind=kind, note=note, expires_on=expires_on,
            declared_at=at, declared_by=actor,
        )  # fmt: skip
        touched = expert.assignments.current().filter(open=True, project__enterprise=organisation)
        touched.update(open=False, declined_at=at, declined_because="申报利害关系，自动回避")
        audit.record(
            expert, "expert.conflict_declared", actor=actor, at=at, label="利益申报", summary=str(organisation)
        )
    return conflict


def shut(project: Project) -> int:
    """End the scoring window of a project: its experts no longer see it."""
    return project.assignments.filter(open=True).update(open=False)


def retire(project: Project, *, at: datetime) -> int:
    """Leave this round behind: its sheets stay on record and count no more."""
    return project.assignments.filter(retired_at=None).update(open=False, retired_at=at)


def close_scoring_due(at: datetime) -> int:
    """For the clock: shut what is past its day and what left the city's review by another way. Returns how many."""
    over = Q(due_on__lt=today(at)) | ~Q(project__state=State.CITY_REVIEW)
    return Assignment.objects.filter(over, open=True).update(open=False)


def prolong_scoring(project: Project, *, due_on: date, actor: Actor, at: datetime) -> int:
    """Give the experts who have not handed in until another day. Raises NotYours, Overtaken. Returns how many."""
    with transaction.atomic():
        fresh = at_the_bureau(project, actor=actor, at=at)
        late = fresh.assignments.current().exclude(sheet__state=SheetState.SUBMITTED)
        count = late.update(open=True, due_on=due_on)
        audit.record(
            fresh,
            "project.scoring_prolonged",
            actor=actor,
            at=at,
            label="延长评分时间",
            summary=f"至 {due_on:%Y-%m-%d}",
        )
    return count
