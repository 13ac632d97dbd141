"""一事一议: the decision document is entered by one and confirmed by another, and becomes the project's limit (第七条三)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from applications.models import Project
from applications.services.determinations import determine_again
from applications.states import State
from core import audit, moves
from core.models import Ground, GroundKind, Role
from core.money import yuan
from core.people import has_role
from disbursement.letters import pools as letters
from disbursement.models import SpecialDecision
from disbursement.services.refusal import Refused
from disbursement.states import EntryState

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor

OPEN = (State.CITY_REVIEW, State.PUBLIC_NOTICE, State.GOVERNMENT_APPROVAL)


def enter_decision(
    project: Project,
    *,
    amount: Decimal,
    number: str,
    on: date,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
) -> SpecialDecision:
    """Enter the decision document of a project; `amount` in 元. Raises Refused outside review, notice and 审定."""
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("一事一议决定由市工信局经办登记。")
    if amount <= 0:
        raise Refused("决定支持额须大于零。", "amount")
    if on > timezone.localdate(at):
        raise Refused("决定日期不能晚于今天。", "on")
    with transaction.atomic():
        locked = _undecided(project)
        if locked.special_decisions.filter(state=EntryState.ENTERED).exists():
            raise Refused("这个项目已有一份待复核的决定。", "number")
        made = SpecialDecision.objects.create(
            project=locked, amount=amount, number=number, on=on, file=file, entered_at=at, entered_by=actor,
            state_since=at,
        )  # fmt: skip
        summary = f"{number}，{yuan(amount)} 元"
        audit.record(made, "special_decision.entered", actor=actor, at=at, label="登记一事一议决定", summary=summary)
        letters.send(letters.decision_waits(made), at=at)
    return made


def confirm_decision(
    decision: SpecialDecision, *, actor: Actor, at: datetime, seen_version: int | None = None
) -> SpecialDecision:
    """Another person confirms: the project is determined anew, its limit is what the document says.

    Raises Refused where the policy gives no 一事一议 to this project (a pilot industry), or it moved on meanwhile.
    """
    with transaction.atomic():
        project = _undecided(decision.project)
        fresh = SpecialDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        moves.require(fresh, "confirm_decision", actor, at=at)
        reason = f"一事一议：{fresh.number}"
        made = determine_again(project, actor=actor, at=at, reason=reason, special_amount=fresh.amount)
        if made.limit != fresh.amount:
            raise Refused(f"按政策不能一事一议：{made.result.get('reason') or made.verdict}（第七条（三）1）。")
        facts = {"project": project.pk, "amount": str(fresh.amount), "on": fresh.on.isoformat(),
                 "entered_by": fresh.entered_by_id}  # fmt: skip
        ground = Ground.issue(
            kind=GroundKind.DECISION, number=fresh.number, title=f"一事一议决定：{project.title}", by=actor, at=at,
            facts=facts, file=fresh.file,
        )  # fmt: skip
        return moves.perform(
            fresh, "confirm_decision", actor=actor, at=at, ground=ground, summary=f"{yuan(fresh.amount)} 元",
            seen_version=seen_version, determination=made,
        )  # fmt: skip


def refuse_decision(decision: SpecialDecision, reason: str, *, actor: Actor, at: datetime) -> SpecialDecision:
    """It was entered wrongly; nothing is determined."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"退回登记：{decision}", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            decision, "refuse_decision", actor=actor, at=at, ground=ground, summary=reason, reason=reason,
            letters=letters.decision_refused(decision, reason),
        )  # fmt: skip


def _undecided(project: Project) -> Project:
    """The project, locked, still before its amount is proposed. Raises Refused."""
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if locked.state not in OPEN:
        raise Refused(f"项目在“{locked.get_state_display()}”，不能登记一事一议决定。")
    if locked.proposal_items.filter(live=True).exists():
        raise Refused("项目已列入资金方案，请先把它移出方案。")
    return locked
