"""Stored answers of the automatic checks, with the waivers that cover them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from applications.models import CheckOutcome, CheckResult, CheckWaiver


def check_results(submission: int | None) -> QuerySet[CheckResult]:
    """The answers for a submission in the order of the rules, each with `waived` and `waived_because`."""
    covers = CheckWaiver.objects.filter(
        submission=OuterRef("submission"), rule=OuterRef("rule"), found=OuterRef("found")
    ).order_by("-waived_at")
    return (
        CheckResult.objects.filter(submission=submission)
        .annotate(waived=Exists(covers), waived_because=Subquery(covers.values("reason")[:1]))
        .order_by("position")
    )


def open_stops(submission: int | None) -> QuerySet[CheckResult]:
    """Stops nobody has waived."""
    return check_results(submission).filter(Q(outcome=CheckOutcome.STOP), waived=False)
