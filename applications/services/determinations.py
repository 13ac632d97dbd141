"""Storing what the policy grants for a filing, beside the filing; earlier results are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from applications.facts import amounts
from applications.models import Determination, Project, Submission
from core import audit
from core.people import Actor, as_user
from policy import rules


def store_determination(
    submission: Submission, *, actor: Actor, at: datetime, version: str = "", **facts: Any
) -> Determination:
    """Work out and keep the determination of a submission; it becomes the project's current one.

    `version`: key of a policy version (default: the call's). `facts`: more of policy.rules.Facts (demo_recognised,
    special_amount, other_local_entitlement, …).
    """
    project = submission.project
    result = amounts.determination_of(submission, version or project.call.policy_version, **facts)
    return keep(project, submission, result, actor=actor, at=at)


def keep(
    project: Project, submission: Submission, result: rules.Determination, *, actor: Actor, at: datetime
) -> Determination:
    """Store a result of the rules as the current one of a project."""
    with transaction.atomic(savepoint=False):
        project.determinations.filter(is_current=True).update(is_current=False)
        return Determination.objects.create(
            project=project, submission=submission, policy_version=result.version.key,
            policy_digest=result.version.digest, facts=result.facts.as_dict(), result=result.as_dict(),
            verdict=result.verdict, eligible=result.eligible, ceiling=result.ceiling, limit=result.limit,
            central=result.central, total=result.total, made_at=at, made_by=as_user(actor), is_current=True,
        )  # fmt: skip


def determine_again(
    project: Project, *, actor: Actor, at: datetime, reason: str, version: str = "", **facts: Any
) -> Determination:
    """Determine the current submission anew, with other facts or another version; the earlier result is kept.

    Facts that are not given are those of the earlier determination. `reason` stands in the audit trail.
    """
    with transaction.atomic():
        locked = Project.objects.select_for_update(of=("self",)).select_related("call").get(pk=project.pk)
        before = locked.determinations.get(is_current=True)
        result = amounts.determination_with(before.facts, facts, version or before.policy_version)
        made = keep(locked, before.submission, result, actor=actor, at=at)
        audit.record(
            locked, "project.determined_again", actor=actor, at=at, label="重新测算", summary=reason,
            facts={"policy_version": made.policy_version, "verdict": made.verdict},
        )  # fmt: skip
    return made
