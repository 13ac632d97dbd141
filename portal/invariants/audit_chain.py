"""Invariant 10: the audit chain verifies, and its checkpoints follow one another."""

from __future__ import annotations

from collections.abc import Iterator

from core import audit
from core.models import AuditCheckpoint, AuditEvent
from portal.invariants.registry import Invariant


def checkpoints_follow_one_another() -> Iterator[str]:
    """No checkpoint is earlier than the one before it."""
    before = None
    for point in AuditCheckpoint.objects.order_by("pk"):
        if before is not None and point.at < before.at:
            yield f"检查点 {point.pk}：早于前一个。"
        before = point


INVARIANTS = [
    Invariant("10a", "审计链逐条相连，检查点所记的都在", AuditEvent.objects.count, audit.faults),
    Invariant("10b", "检查点按时间先后", AuditCheckpoint.objects.count, checkpoints_follow_one_another),
]
