"""进度报告: reported by the enterprise, checked by its district or 市工信局; checked, it makes instalments payable (第十二条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import audit, files, moves, notices
from core.filetypes import PAPERS
from core.models import ENTERPRISE_ROLES, Ground, GroundKind
from core.money import yuan
from core.people import has_role
from disbursement.letters import granting as letters
from disbursement.models import Award, Condition, ProgressPaper, ProgressReport
from disbursement.services.instalments import meet_condition
from disbursement.services.refusal import Refused
from disbursement.states import ProgressState

if TYPE_CHECKING:
    from core.people import Actor


def may_report(project: Project, actor: Actor) -> bool:
    """The people of the enterprise, while money is being paid out."""
    ours = has_role(actor, *ENTERPRISE_ROLES) and actor.organisation_id == project.enterprise_id
    return ours and project.state == State.DISBURSEMENT


def report_progress(
    project: Project, *, as_of: date, invested: Decimal, progress: int, summary: str, papers: Iterable[Any],
    actor: Actor, at: datetime,
) -> ProgressReport:  # fmt: skip
    """Report how far the project is: investment since the beginning in 元 without VAT, progress in whole percent.

    Raises Refused for less than was confirmed before, a day to come, or while another report waits.
    """
    if not may_report(project, actor):
        raise PermissionDenied("进度由承担项目的企业在分批拨付环节报送。")
    if as_of > timezone.localdate(at):
        raise Refused("截至日期不能晚于今天。", "as_of")
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if project.progress_reports.filter(state=ProgressState.REPORTED).exists():
            raise Refused("上一份进度报告还在核对，核对之后再报送。")
        before = project.progress_reports.filter(state=ProgressState.CONFIRMED).first()
        if before and progress < before.progress:
            raise Refused(f"建设进度不能低于已核对的 {before.progress}%。", "progress")
        if before and invested < before.invested:
            raise Refused(f"累计完成投资不能低于已核对的 {yuan(before.invested)} 元。", "invested")
        made = ProgressReport.objects.create(
            project=project, as_of=as_of, invested=invested, progress=progress, summary=summary, reported_at=at,
            reported_by=actor, state_since=at,
        )  # fmt: skip
        for upload in papers:
            stored = files.store(upload, kind="progress_paper", by=actor, at=at, allowed=PAPERS)
            ProgressPaper.objects.create(report=made, file=stored)
        audit.record(made, "progress.reported", actor=actor, at=at, label="报送进度", summary=_said(made))
        notices.send(letters.progress_reported(made), at=at)
    return made


def confirm_progress(
    report: ProgressReport, *, actor: Actor, at: datetime, seen_version: int | None = None
) -> ProgressReport:
    """It is true: what waits for so much progress is payable now, on this report."""
    with transaction.atomic():
        award = Award.objects.select_for_update().filter(project=report.project_id).first()  # its plan stays meanwhile
        moves.require(report, "confirm_progress", actor, at=at)
        ground = Ground.issue(
            kind=GroundKind.PROGRESS_REPORT, title=f"{report.project.number} 进度报告", by=actor, at=at,
            facts={"report": report.pk, "progress": report.progress, "invested": str(report.invested)},
        )  # fmt: skip
        fresh = moves.perform(
            report, "confirm_progress", actor=actor, at=at, ground=ground, summary=_said(report),
            letters=letters.progress_checked, seen_version=seen_version,
        )  # fmt: skip
        if award is not None:
            meet_condition(award, Condition.PROGRESS, reached=fresh.progress, evidence=ground, actor=actor, at=at)
    return fresh


def return_progress(report: ProgressReport, reason: str, *, actor: Actor, at: datetime) -> ProgressReport:
    """It does not hold: back to the enterprise, with the reason."""
    if not reason.strip():
        raise Refused("请写明退回原因。", "reason")
    with transaction.atomic():
        moves.require(report, "return_progress", actor, at=at)
        facts = {"report": report.pk, "reason": reason}
        ground = Ground.issue(kind=GroundKind.DECISION, title="退回进度报告", by=actor, at=at, facts=facts)
        return moves.perform(
            report, "return_progress", actor=actor, at=at, ground=ground, reason=reason.strip(), summary=reason,
            letters=letters.progress_checked,
        )  # fmt: skip


def _said(report: ProgressReport) -> str:
    return f"进度 {report.progress}%，累计完成投资 {yuan(report.invested)} 元"
