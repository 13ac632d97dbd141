"""任务书: drawn from the approved data, signed by both sides in time, or lapsed (第九条三)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from applications.models import Hold, Project
from core import audit, files, jobs, moves
from core.filetypes import PAPERS
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, Ground, GroundKind
from core.money import yuan
from core.people import SYSTEM, has_role
from disbursement import funds
from disbursement.agreement_text import compose
from disbursement.letters import granting as letters
from disbursement.models import Agreement, AgreementScan, Award, Condition, RecoveryReason
from disbursement.services.instalments import meet_condition, plan_in_use, plan_instalments, replan
from disbursement.services.refusal import Refused
from disbursement.services.stopping import stop_money
from disbursement.states import RUNNING, UNSIGNED, AgreementState

if TYPE_CHECKING:
    from core.people import Actor


def draw(award: Award, *, actor: Actor, at: datetime) -> Agreement:
    """Draw the 任务书 of an approved project, to be signed by the project's due date; its PDF follows by job."""
    project = award.project
    edition = project.agreements.count() + 1
    terms = {"plan": [part.as_json() for part in plan_in_use(award)]}
    with transaction.atomic():
        drawn = Agreement.objects.create(
            project=project, edition=edition, number=f"{project.number}-R{edition}", text=compose(award, terms),
            terms=terms, sign_by=project.due_on, drawn_at=at, state_since=at,
        )  # fmt: skip
        summary = f"{drawn.number}，核定支持 {yuan(award.amount)} 元"
        audit.record(drawn, "agreement.drawn", actor=actor, at=at, label="生成任务书", summary=summary)
        print_paper(drawn, actor, at)
    return drawn


def sign(agreement: Agreement, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Agreement:
    """Sign for one's side. With the second signature it is in force, the instalments are planned, the first is payable.

    A supplementary agreement changes what is still planned. The form has asked for the password again. Raises NotYours,
    Overtaken, ConditionUnmet (too late, a hold, a supplementary agreement after the payments), Refused where what it
    changes has moved on meanwhile.
    """
    with transaction.atomic():
        if agreement.amends_id:  # it may lay out instalments anew: pools come first in the order of locks
            funds.lock_pools(agreement.project.award.lines.values_list("pool_id", flat=True))
            Project.objects.select_for_update(of=("self",)).get(pk=agreement.project_id)  # it stays in its step
        fresh = Agreement.objects.select_for_update(of=("self",)).select_related("project").get(pk=agreement.pk)
        second = fresh.state == AgreementState.HALF_SIGNED
        move = "sign_second" if second else "sign_first"
        moves.require(fresh, move, actor, at=at)
        ground = Ground.issue(
            kind=GroundKind.AGREEMENT, number=fresh.number, title=str(fresh), by=actor, at=at,
            facts={"text": text_digest(fresh), "amount": fresh.text.get("amount", "")},
        )  # fmt: skip
        told = letters.in_force if second else letters.half_signed
        fresh = moves.perform(fresh, move, actor=actor, at=at, ground=ground, letters=told, seen_version=seen_version)
        if second:
            _put_in_force(fresh, ground, actor, at)
        print_paper(fresh, actor, at)
    return fresh


def add_scan(agreement: Agreement, upload: Any, *, actor: Actor, at: datetime) -> AgreementScan:
    """Keep the scan of the sealed paper beside the very text it was printed from; earlier scans stay.

    Raises Refused before both sides signed, FileRefused for what is no PDF or picture, PermissionDenied for strangers.
    """
    if not may_add_scan(agreement, actor):
        raise PermissionDenied("签章扫描件由签署企业或市工信局上传。")
    if agreement.state != AgreementState.IN_FORCE:
        raise Refused("双方签署生效之后，再上传加盖公章的扫描件。", "file")
    with transaction.atomic():
        stored = files.store(upload, kind="agreement_scan", by=actor, at=at, allowed=PAPERS)
        scan = AgreementScan.objects.create(
            agreement=agreement, file=stored, text_digest=text_digest(agreement), added_at=at, added_by=actor
        )
        summary = f"{agreement.number}，内容摘要 {scan.text_digest[:12]}"
        audit.record(agreement, "agreement.scanned", actor=actor, at=at, label="上传签章扫描件", summary=summary)
    return scan


def may_add_scan(agreement: Agreement, actor: Actor) -> bool:
    """The enterprise that signs, and the bureau."""
    ours = has_role(actor, *ENTERPRISE_ROLES) and actor.organisation_id == agreement.project.enterprise_id
    return ours or has_role(actor, *BUREAU_ROLES)


def _put_in_force(agreement: Agreement, ground: Ground, actor: Actor, at: datetime) -> None:
    if agreement.amends_id:
        replan(agreement, ground=ground, actor=actor, at=at)
        return
    moves.perform(agreement.project, "sign", actor=actor, at=at, ground=ground, summary=agreement.number)
    award = Award.objects.select_related("project__call").get(project=agreement.project_id)
    plan_instalments(award, agreement)
    meet_condition(award, Condition.SIGNED, evidence=ground, actor=actor, at=at)


def lapse_agreements(at: datetime) -> int:
    """Every agreement whose term is over unsigned lapses, a 任务书 with its award; the clock's work. Returns how many.

    A supplementary agreement lapses alone: what was agreed before goes on. While a project is held its term does not
    run out.
    """
    today = timezone.localdate(at)
    overdue = Agreement.objects.filter(
        ~Exists(Hold.objects.open().filter(project=OuterRef("project"))), state__in=UNSIGNED, sign_by__lt=today
    )
    keys = list(overdue.values_list("pk", flat=True))
    return sum(_lapse(key, at) for key in keys)


def _lapse(key: int, at: datetime) -> bool:
    """One agreement in a transaction of its own; False where somebody signed meanwhile."""
    with transaction.atomic():
        agreement = Agreement.objects.select_related("project__award").get(pk=key)
        award = agreement.project.award
        funds.lock_pools(award.lines.values_list("pool_id", flat=True))
        if agreement.state not in UNSIGNED:
            return False
        ground = Ground.issue(
            kind=GroundKind.CLOCK_RECORD, number=agreement.number, title=f"{agreement.kind}签署期限已过", by=SYSTEM, at=at,
            facts={"agreement": agreement.pk, "sign_by": agreement.sign_by.isoformat()},
        )  # fmt: skip
        by = {"actor": SYSTEM, "at": at, "ground": ground}
        moves.perform(agreement, "lapse_agreement", letters=letters.agreement_lapsed, **by)
        if agreement.amends_id:
            return True
        moves.perform(Project.objects.get(pk=agreement.project_id), "lapse", summary="任务书逾期未签", **by)
        stop_money(agreement.project, reason=RecoveryReason.TERMINATED, **by)  # nothing was paid: releases only
    return True


def end_agreements(
    project: Project, *, ground: Ground, actor: Actor, at: datetime, states: Sequence[str] = RUNNING
) -> None:
    """End a project's papers with it, so that none is left to be signed; those in these states, by default all that run."""
    for agreement in Agreement.objects.filter(project=project, state__in=states).order_by("pk"):
        moves.perform(agreement, "end_agreement", actor=actor, at=at, ground=ground)


def text_digest(agreement: Agreement) -> str:
    """SHA-256 of what the paper says: what a signature stands under."""
    said = json.dumps(agreement.text, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def print_paper(agreement: Agreement, actor: Actor, at: datetime) -> None:
    """Ask for the PDF as the paper stands now; once a version."""
    title = f"{agreement.kind} {agreement.number}"
    jobs.enqueue(
        "agreement.pdf", by=actor, at=at, key=f"{agreement.pk}:{agreement.version}", title=title,
        facts={"agreement": agreement.pk},
    )  # fmt: skip
