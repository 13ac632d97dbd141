"""Stored answers of the automatic checks, with the waivers that cover them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from applications.models import CheckOutcome, CheckResult, CheckWaiver


def check_results(submission: int | None) -> QuerySet[CheckResult]:
    """The answers for a submission in the order of the rules, each with `waived` and `waived_because`."""
    return _with_waivers(CheckResult.objects.filter(submission=submission)).order_by("position")


def _with_waivers(results: QuerySet[CheckResult]) -> QuerySet[CheckResult]:
    covers = CheckWaiver.objects.filter(
        submission=OuterRef("submission"), rule=OuterRef("rule"), found=OuterRef("found")
    ).order_by("-waived_at")
    return results.annotate(waived=Exists(covers), waived_because=Subquery(covers.values("reason")[:1]))


def results_of(submissions: Iterable[int]) -> QuerySet[CheckResult]:
    """The same of several submissions at once."""
    return _with_waivers(CheckResult.objects.filter(submission__in=list(submissions))).order_by(
        "submission", "position"
    )


def open_stops(submission: int | None) -> QuerySet[CheckResult]:
    """Stops nobody has waived."""
    return check_results(submission).filter(Q(outcome=CheckOutcome.STOP), waived=False)
