"""Run the automatic checks over a submission and keep the answers; let a stop pass with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications import checks
from applications.checks.sheet import Sheet
from applications.models import CheckOutcome, CheckResult, CheckWaiver, Submission
from core import audit
from core.calendar import today
from core.people import Actor, as_user


class WaiverRefused(Exception):
    """The finding cannot be waived; the text is for the person."""


def run_checks(submission: Submission, *, at: datetime, sheet: Sheet | None = None) -> list[CheckResult]:
    """Ask every rule anew and replace the stored answers of this submission.

    `sheet`: what the checks are given, from the service that files it this moment; then no answers are stored yet.
    """
    findings = checks.findings_of(sheet) if sheet else checks.check(submission, on=today(at))
    rows = [
        CheckResult(
            submission=submission, position=place, rule=one.rule, label=one.label, outcome=one.outcome,
            found=one.found, todo=one.todo, clause=one.clause, checked_at=at,
        )
        for place, one in enumerate(findings, start=1)
    ]  # fmt: skip
    if sheet:
        return CheckResult.objects.bulk_create(rows)
    with transaction.atomic():
        Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)  # two runs do not interleave
        submission.check_results.all().delete()
        return CheckResult.objects.bulk_create(rows)


def waive_check(result: CheckResult, *, reason: str, actor: Actor, at: datetime) -> CheckWaiver:
    """Let what was found pass, for this submission only. The caller has asked whether the person may.

    Raises WaiverRefused for a finding that is no stop, or without a reason.
    """
    if result.outcome != CheckOutcome.STOP:
        raise WaiverRefused("只有“不通过”的结果需要放行。")
    if not reason.strip():
        raise WaiverRefused("请写明放行的理由。")
    with transaction.atomic():
        waiver = CheckWaiver.objects.create(
            submission_id=result.submission_id, rule=result.rule, found=result.found, reason=reason.strip(),
            waived_at=at, waived_by=as_user(actor),
        )  # fmt: skip
        audit.record(
            f"applications.submission:{result.submission_id}", "submission.check_waived", actor=actor, at=at,
            label=f"放行系统核对：{result.label}", summary=waiver.reason, facts={"rule": result.rule},
        )  # fmt: skip
    return waiver
