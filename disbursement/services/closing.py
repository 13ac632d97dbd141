"""Acceptance and settlement: completion report, third party, conclusion, final amount, 办结 (第十一、十二条)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from applications.models import HoldKind, Project
from applications.services.holds import lift_holds, place_hold
from applications.states import State
from core import moves
from core.calendar import add_working_days
from core.models import Ground, GroundKind, Organisation
from core.money import yuan
from disbursement.letters import closing as letters
from disbursement.models import Acceptance, HearingKind, RecoveryReason
from disbursement.queries.closing import failable
from disbursement.services import hearings
from disbursement.services.agreements import end_agreements
from disbursement.services.stopping import lock_pools_of, stop_money

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor

REPORT_PARTS = ("progress_text", "investment_text", "technology_text", "domestic_text", "effect_text")


def apply_for_acceptance(
    project: Project,
    *,
    completed_on: date,
    summary: str,
    claimed_investment: Decimal,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
    seen_version: int | None = None,
) -> Acceptance:
    """The enterprise reports completion and asks for acceptance; after a rectification it asks once more."""
    name = "reapply" if project.state == State.RECTIFICATION else "apply_for_acceptance"
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.COMPLETION_REPORT, title=f"竣工报告：{project.title}", by=actor, at=at, file=file,
            facts={"completed_on": completed_on, "claimed_investment": str(claimed_investment), "summary": summary},
        )  # fmt: skip
        moved = moves.perform(
            project, name, actor=actor, at=at, ground=ground, seen_version=seen_version,
            summary=f"申报完成投资 {yuan(claimed_investment)} 元", letters=letters.acceptance_asked_for,
        )  # fmt: skip
        if name == "reapply":
            lift_holds(moved, HoldKind.RECTIFICATION, ground=ground, actor=actor, at=at)
        return Acceptance.objects.create(
            project=moved, round=moved.acceptances.count() + 1, requested_at=at, requested_by=actor,
            completed_on=completed_on, summary=summary, claimed_investment=claimed_investment,
        )  # fmt: skip


def assign_assessor(
    acceptance: Acceptance, *, assessor: Organisation, number: str, actor: Actor, at: datetime
) -> Acceptance:
    """Commission a third-party body (购买服务); `number` is the 委托书文号."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"第三方评估委托书：{assessor}", number=number, by=actor, at=at
        )
        return moves.perform(
            acceptance, "assign", actor=actor, at=at, ground=ground, assessor=assessor,
            summary=f"委托 {assessor}", letters=letters.assessor_assigned,
        )  # fmt: skip


def report(
    acceptance: Acceptance,
    *,
    texts: dict[str, str],
    audited_eligible: Decimal,
    opinion: str,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
) -> Acceptance:
    """The third party's report in its five parts (第十一条), with the audited eligible investment in 元."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.ACCEPTANCE_REPORT, title=f"第三方评估报告：{acceptance.project.title}", by=actor, at=at,
            file=file, facts={"audited_eligible": str(audited_eligible), "opinion": opinion, **texts},
        )  # fmt: skip
        moved = moves.perform(
            acceptance, "report", actor=actor, at=at, ground=ground,
            summary=f"审定合格投资 {yuan(audited_eligible)} 元", letters=letters.assessment_reported,
        )  # fmt: skip
        for part in REPORT_PARTS:
            setattr(moved, part, texts.get(part, ""))
        moved.audited_eligible, moved.opinion, moved.report_file = audited_eligible, opinion, file
        moved.save(update_fields=[*REPORT_PARTS, "audited_eligible", "opinion", "report_file"])
    return moved


def accept(acceptance: Acceptance, *, text: str, actor: Actor, at: datetime) -> Acceptance:
    """Acceptance passed: the project goes to settlement on the audited figures."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.ACCEPTANCE_REPORT, title=f"验收意见：{acceptance.project.title}", by=actor, at=at,
            facts={"conclusion": "通过", "text": text, "audited_eligible": str(acceptance.audited_eligible)},
        )  # fmt: skip
        moved = moves.perform(acceptance, "pass_acceptance", actor=actor, at=at, ground=ground, summary=text)
        moves.perform(
            moved.project, "accept", actor=actor, at=at, ground=ground, summary=text, letters=letters.accepted
        )
    return moved


def require_rectification(acceptance: Acceptance, *, text: str, actor: Actor, at: datetime) -> Acceptance:
    """整改 once, with a deadline; payments are held until the enterprise applies again."""
    project = acceptance.project
    due_on = add_working_days(timezone.localdate(at), project.call.rectification_days)
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.RECTIFICATION_NOTICE, title=f"整改通知：{project.title}", by=actor, at=at,
            facts={"text": text, "due_on": due_on},
        )  # fmt: skip
        moved = moves.perform(acceptance, "demand_rectification", actor=actor, at=at, ground=ground, summary=text)
        project = moves.perform(
            project, "require_rectification", actor=actor, at=at, ground=ground, due_on=due_on, summary=text,
            letters=lambda moved: letters.rectification_required(moved, text),
        )  # fmt: skip
        place_hold(project, kind=HoldKind.RECTIFICATION, note="验收整改期间暂停拨付", ground=ground, actor=actor, at=at)
    return moved


def fail_announced(
    project: Project, *, reason: str, number: str, actor: Actor, at: datetime, file: StoredFile | None = None
) -> Acceptance:
    """The acceptance a notice was about fails. Raises Overtaken where it was concluded otherwise, and as `fail`."""
    acceptance = failable(project, timezone.localdate(at))
    if acceptance is None:
        raise moves.Overtaken("这次验收已另作结论，“验收不通过”没有执行。", record=project, move="fail")
    return fail(acceptance, reason=reason, number=number, actor=actor, at=at, file=file)


def fail(
    acceptance: Acceptance, *, reason: str, number: str, actor: Actor, at: datetime, file: StoredFile | None = None
) -> Acceptance:
    """Acceptance failed, after the enterprise was heard: the project ends and what was paid is claimed back.

    Raises Refused where it was not heard.
    """
    project = acceptance.project
    with transaction.atomic():
        lock_pools_of(project)
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"验收不通过决定书：{project.title}", number=number, by=actor, at=at,
            file=file, facts={"reason": reason, "clause": "第十一条"},
        )  # fmt: skip
        moved = moves.perform(acceptance, "fail_acceptance", actor=actor, at=at, ground=ground, summary=reason)
        project = moves.perform(
            project, "fail", actor=actor, at=at, ground=ground, summary=reason,
            letters=lambda moved: letters.acceptance_failed(moved, reason),
        )  # fmt: skip
        hearings.sign(project, HearingKind.FAIL, ground=ground, actor=actor, at=at)
        end_agreements(project, ground=ground, actor=actor, at=at)
        stop_money(project, reason=RecoveryReason.FAILED, ground=ground, actor=actor, at=at)
        lift_holds(project, HoldKind.RECTIFICATION, ground=ground, actor=actor, at=at)
    return moved
