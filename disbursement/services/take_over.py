"""接续: a sheet of running projects of earlier years, imported by one, checked by a second, confirmed by a third.

Confirming it makes every project of it, in the state it reached, with its award, its opening balances and what is
still to be paid: all of the sheet or nothing. The confirmed sheet stands for the grounds of the earlier steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import Project
from applications.services import take_over as filings
from applications.states import State
from core import audit, files, moves
from core.calendar import add_working_days
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import has_role
from disbursement import funds, pool_funds
from disbursement.letters import pools as letters
from disbursement.models import (
    Acceptance,
    Agreement,
    Approval,
    Award,
    AwardLine,
    Condition,
    Instalment,
    InstalmentLine,
    OpeningBalance,
    TakeOverPaper,
    TakeOverRow,
    TakeOverSheet,
)
from disbursement.plans import WHOLE
from disbursement.queries.take_over import read_rows
from disbursement.services.agreements import draw
from disbursement.services.instalments import meet_condition, plan_instalments
from disbursement.services.refusal import Refused
from disbursement.sheet_cells import TableRefused, content_of
from disbursement.states import TakeOverState
from policy import versions

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


def import_sheet(upload: Any, title: str, *, actor: Actor, at: datetime) -> TakeOverSheet:
    """Import a 接续清单 (an uploaded workbook): every row of it, or none with a report row by row.

    Raises TableRefused, Refused for a file imported before.
    """
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("接续清单由市工信局经办导入。")
    content = content_of(upload)
    digest = hashlib.sha256(content).hexdigest()
    if TakeOverSheet.objects.exclude(state=TakeOverState.DISCARDED).filter(sha256=digest).exists():
        raise Refused("这个文件已经导入过，没有重复导入。", "file")
    rows, faults = read_rows(content, on=timezone.localdate(at))
    if faults:
        raise TableRefused(faults)
    with transaction.atomic():
        stored = files.store(upload, kind="take_over", by=actor, at=at, allowed=("xlsx",))
        sheet = TakeOverSheet.objects.create(
            title=title, file=stored, sha256=digest, imported_at=at, imported_by=actor, state_since=at
        )
        for row, openings in rows:
            row.sheet = sheet
            row.save(force_insert=True)
            OpeningBalance.objects.bulk_create([_of(row, one) for one in openings])
        summary = f"{len(rows)} 个项目，核定 {yuan(sum((row.award for row, _ in rows), ZERO))} 元"
        audit.record(sheet, "take_over.imported", actor=actor, at=at, label="导入接续清单", summary=summary)
        letters.send(letters.take_over_waits(sheet, Role.BUREAU_LEAD), at=at)
    return sheet


def add_paper(row: TakeOverRow, name: str, file: StoredFile, *, actor: Actor, at: datetime) -> TakeOverPaper:
    """Put a document of an earlier year beside a row, before the sheet is confirmed."""
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("接续资料由市工信局经办上传。")
    with transaction.atomic():
        sheet = TakeOverSheet.objects.select_for_update(of=("self",)).get(pk=row.sheet_id)
        if sheet.state not in (TakeOverState.IMPORTED, TakeOverState.CHECKED):
            raise Refused("清单已经确认或作废，不能再加资料。")
        paper = TakeOverPaper.objects.create(row=row, name=name, file=file, added_at=at, added_by=actor)
        audit.record(
            sheet, "take_over.paper_added", actor=actor, at=at, label="上传接续资料", summary=f"{row.title}：{name}"
        )
    return paper


def check_take_over(sheet: TakeOverSheet, *, actor: Actor, at: datetime, seen_version: int | None = None):
    """市工信局负责人 compares the sheet with its papers."""
    with transaction.atomic():
        told = letters.take_over_waits(sheet, Role.FINANCE_LEAD)
        return moves.perform(
            sheet, "check_take_over", actor=actor, at=at, ground=_ground(sheet, actor, at), seen_version=seen_version,
            letters=told,
        )  # fmt: skip


def confirm_take_over(sheet: TakeOverSheet, *, actor: Actor, at: datetime, seen_version: int | None = None):
    """市财政局负责人 confirms: every project is made and moved, its money opened in its pools.

    Raises PoolShort where a pool cannot bear an opening balance, Refused where a row no longer stands (an approval's
    number was recorded meanwhile); nothing is made then.
    """
    with transaction.atomic():
        openings = list(
            OpeningBalance.objects.filter(row__sheet=sheet).select_related("row__enterprise__district").order_by("pk")
        )
        funds.lock_pools(one.pool_id for one in openings)
        ground = _ground(sheet, actor, at)
        fresh = moves.perform(sheet, "confirm_take_over", actor=actor, at=at, ground=ground, seen_version=seen_version)
        for row in fresh.rows.select_related("enterprise__district").order_by("position"):
            _take_over(row, [one for one in openings if one.row_id == row.pk], ground, actor, at)
    return fresh


def discard_take_over(sheet: TakeOverSheet, reason: str, *, actor: Actor, at: datetime) -> TakeOverSheet:
    """Give the sheet up; the same file may be imported again."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"作废：{sheet.title}", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            sheet, "discard_take_over", actor=actor, at=at, ground=ground, summary=reason, reason=reason,
            letters=letters.take_over_discarded(sheet, reason),
        )  # fmt: skip


# --- how it is done -------------------------------------------------------------------------------------------------


def _of(row: TakeOverRow, opening: OpeningBalance) -> OpeningBalance:
    opening.row = row
    return opening


def _ground(sheet: TakeOverSheet, actor: Actor, at: datetime) -> Ground:
    rows = sheet.rows.values_list("position", "title", "award")
    facts = {"sheet": sheet.pk, "sha256": sheet.sha256, "rows": [[p, title, str(award)] for p, title, award in rows]}
    return Ground.issue(
        kind=GroundKind.TAKE_OVER_SHEET, title=sheet.title, by=actor, at=at, facts=facts, file=sheet.file
    )


def _take_over(
    row: TakeOverRow, openings: Sequence[OpeningBalance], ground: Ground, actor: Actor, at: datetime
) -> None:
    version = versions.in_force(timezone.localdate(at))
    call = filings.call_of_year(row.year, policy_version=version.key, actor=actor, at=at)
    due_on = add_working_days(timezone.localdate(at), call.agreement_days) if row.reached == State.AGREEMENT else None
    earlier = filings.Earlier(
        title=row.title, year=row.year, track=row.track, industry=row.industry, chain_leader=row.chain_leader,
        investment=row.investment, land_and_building=row.land_and_building,
        notice_closed_at=_midnight(row.notice_closed_on), reached=row.reached, due_on=due_on,
    )  # fmt: skip
    project = filings.begin_taken_over(earlier, enterprise=row.enterprise, call=call, actor=actor, at=at)
    project = filings.take_over(
        project, earlier, ground=ground, actor=actor, at=at, letters=lambda moved: letters.taken_over(moved, row)
    )
    TakeOverRow.objects.filter(pk=row.pk).update(project=project)
    award = _award(row, project, openings, ground, actor, at)
    if row.reached == State.AGREEMENT:
        draw(award, actor=actor, at=at)
        return
    agreement = _agreement(row, project, ground, actor, at)
    _instalments(award, agreement, ground, actor, at)
    if row.reached == State.ACCEPTANCE:
        Acceptance.objects.create(
            project=project, requested_at=at, requested_by=actor, completed_on=timezone.localdate(at),
            summary="以前年度已申请验收，按接续清单登记。", claimed_investment=row.investment,
        )  # fmt: skip


def _award(
    row: TakeOverRow, project: Project, openings: Sequence[OpeningBalance], ground: Ground, actor: Actor, at: datetime
) -> Award:
    """The award with its lines, promised and paid as the sheet says."""
    determination = project.determinations.get(is_current=True)
    limit = determination.limit if determination.limit and determination.limit >= row.award else row.award
    central = sum((one.granted for one in openings if one.pool.is_central), ZERO)
    if central and (determination.ceiling is None or central > determination.ceiling):
        raise Refused(f"第 {row.position} 行“{row.title}”：中央核定 {yuan(central)} 元，超过第六条上限。")
    award = Award.objects.create(
        project=project, approval=_approval(row, actor, at), limit=limit, ceiling=determination.ceiling,
        granted=row.award, amount=row.award, central=central, entitlement=row.award,
    )  # fmt: skip
    lines = []
    for one in openings:
        line = AwardLine.objects.create(award=award, pool=one.pool, entitled=one.granted, committed=one.granted)
        OpeningBalance.objects.filter(pk=one.pk).update(line=line)
        lines.append((line, one.paid))
    if lines:
        funds.commit([line for line, _ in lines], actor=actor, at=at, ground=ground)
        pool_funds.open_paid(award, lines, actor=actor, at=at, ground=ground)
    return Award.objects.select_related("project__call", "project__enterprise").get(pk=award.pk)


def _approval(row: TakeOverRow, actor: Actor, at: datetime) -> Approval:
    """The earlier 批复; rows of one number share it. Raises Refused for a number this portal recorded itself."""
    found = Approval.objects.filter(number=row.approval_number).first()
    if found is not None:
        if found.proposal_id is not None:
            raise Refused(f"第 {row.position} 行：批复 {row.approval_number} 是本平台记录的，不能接续。")
        return found
    ground = Ground.issue(
        kind=GroundKind.TAKE_OVER_SHEET, number=row.approval_number, title="以前年度批复（接续）", by=actor, at=at,
        facts={"sheet": row.sheet_id, "on": row.approved_on.isoformat()}, file=row.sheet.file,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return Approval.objects.create(
                number=row.approval_number, on=row.approved_on, ground=ground, recorded_at=at, recorded_by=actor
            )
    except IntegrityError:
        raise Refused(f"批复 {row.approval_number} 刚刚由另一个人记录。") from None


def _agreement(row: TakeOverRow, project: Project, ground: Ground, actor: Actor, at: datetime) -> Agreement:
    """The 任务书 signed on paper, in force on the sheet's word."""
    drawn = Agreement.objects.create(
        project=project, number=row.agreement_number, sign_by=row.signed_on, drawn_at=at, state_since=at,
        text={"amount": yuan(row.award), "sections": []},
    )  # fmt: skip
    return moves.perform(
        drawn, "take_over_agreement", actor=actor, at=at, ground=ground, signed_at=_midnight(row.signed_on)
    )


def _instalments(award: Award, agreement: Agreement, ground: Ground, actor: Actor, at: datetime) -> None:
    """What is still to be paid: by the plan where nothing was paid yet, else the rest after acceptance."""
    if not award.paid:
        plan_instalments(award, agreement)
        meet_condition(award, Condition.SIGNED, evidence=ground, actor=actor, at=at)
        return
    rest = {line: line.committed - line.paid for line in award.lines.order_by("pk")}
    total = sum(rest.values(), ZERO)
    if not total:
        return
    last = Instalment.objects.create(
        award=award, agreement=agreement, position=2, condition=Condition.ACCEPTED,
        share=max(1, int(total * WHOLE / award.amount)), state_since=at,
    )  # fmt: skip
    InstalmentLine.objects.bulk_create(
        InstalmentLine(instalment=last, award_line=line, amount=amount) for line, amount in rest.items()
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
