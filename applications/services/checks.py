"""Run the automatic checks over a submission and keep the answers; let a stop pass with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from applications import checks
from applications.checks.findings import Finding
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
    if sheet:
        return CheckResult.objects.bulk_create(_rows(submission, checks.findings_of(sheet), at))
    return run_checks_of([submission], at=at)


def run_checks_of(submissions: Sequence[Submission], *, at: datetime) -> list[CheckResult]:
    """The same of several submissions, whose answers are replaced together."""
    on = today(at)
    rows = [row for one in submissions for row in _rows(one, checks.check(one, on=on), at)]
    keys = sorted(submission.pk for submission in submissions)
    with transaction.atomic():  # two runs do not interleave
        list(Submission.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
        CheckResult.objects.filter(submission__in=keys).delete()
        return CheckResult.objects.bulk_create(rows)


def _rows(submission: Submission, findings: Sequence[Finding], at: datetime) -> list[CheckResult]:
    return [
        CheckResult(
            submission=submission, position=place, rule=one.rule, label=one.label, outcome=one.outcome,
            found=one.found, todo=one.todo, clause=one.clause, checked_at=at,
        )
        for place, one in enumerate(findings, start=1)
    ]  # fmt: skip


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
