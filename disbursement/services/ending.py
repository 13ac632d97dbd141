"""Ways out after the award: termination, and disqualification for false materials (第十三条)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from applications.models import DishonestyEntry, Project
from core import moves
from core.models import Ground, GroundKind
from disbursement.letters import closing as letters
from disbursement.models import HearingKind, RecoveryReason
from disbursement.services import hearings
from disbursement.services.agreements import end_agreements
from disbursement.services.stopping import lock_pools_of, stop_money

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


def terminate(
    project: Project, *, reason: str, number: str, actor: Actor, at: datetime,
    file: StoredFile | None = None, seen_version: int | None = None,
) -> Project:  # fmt: skip
    """End a supported project by decision, after the enterprise was heard: unpaid instalments stop, what was paid is
    claimed back. Raises Refused where it was not heard."""
    with transaction.atomic():
        lock_pools_of(project)
        ground = _decision("项目终止决定书", project, reason, number, "任务书约定", actor, at, file)
        moved = moves.perform(
            project, "terminate", actor=actor, at=at, ground=ground, seen_version=seen_version, summary=reason,
            letters=lambda moved: letters.terminated(moved, reason),
        )  # fmt: skip
        hearings.sign(moved, HearingKind.TERMINATE, ground=ground, actor=actor, at=at)
        end_agreements(moved, ground=ground, actor=actor, at=at)
        stop_money(moved, reason=RecoveryReason.TERMINATED, ground=ground, actor=actor, at=at)
    return moved


def revoke(
    project: Project, *, reason: str, number: str, actor: Actor, at: datetime,
    file: StoredFile | None = None, seen_version: int | None = None,
) -> Project:  # fmt: skip
    """取消资格 (第十三条), after the enterprise was heard: every unpaid instalment stops in the same transaction, all
    that was paid is claimed back, and the enterprise enters the 失信 register. Raises Refused where it was not heard."""
    with transaction.atomic():
        lock_pools_of(project)
        ground = _decision("取消资格决定书", project, reason, number, "第十三条", actor, at, file)
        moved = moves.perform(
            project, "revoke", actor=actor, at=at, ground=ground, seen_version=seen_version, summary=reason,
            letters=lambda moved: letters.revoked(moved, reason),
        )  # fmt: skip
        hearings.sign(moved, HearingKind.REVOKE, ground=ground, actor=actor, at=at)
        end_agreements(moved, ground=ground, actor=actor, at=at)
        stop_money(moved, reason=RecoveryReason.REVOKED, ground=ground, actor=actor, at=at)
        DishonestyEntry.objects.create(
            organisation=moved.enterprise, ground=ground, reason=reason[:200], from_on=timezone.localdate(at)
        )
    return moved


def _decision(
    title: str, project: Project, reason: str, number: str, clause: str, actor: Actor, at: datetime,
    file: StoredFile | None,
) -> Ground:  # fmt: skip
    return Ground.issue(
        kind=GroundKind.DECISION, title=f"{title}：{project.title}", number=number, by=actor, at=at, file=file,
        facts={"reason": reason, "clause": clause},
    )  # fmt: skip
