"""The deeds of an adoption: propose, agree, refuse, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core import audit, moves, notices
from core.models import Ground, GroundKind
from core.models.people import Role
from core.people import Actor, as_user, has_role
from policy import letters, versions
from policy.models import PolicyAdoption
from policy.rules import PolicyDataError
from policy.states import Reach


class ProposalRefused(Exception):
    """What was proposed cannot be adopted; ``field`` names the entry, the text is for the person who typed it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def propose(
    version_key: str,
    *,
    reason: str,
    reaches: str = Reach.NEW_ONLY,
    listed_projects: Sequence[str] = (),
    variation: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> PolicyAdoption:
    """市工信局 proposes a version with its settings (第三、十七条). Raises ProposalRefused.

    ``variation`` holds what is set otherwise than in the file: settings, and rates and caps of local directions.
    """
    if not has_role(actor, Role.BUREAU_LEAD):
        raise ProposalRefused("政策版本由市工信局负责人提出（第三条）。")
    if not reason.strip():
        raise ProposalRefused("请写明理由。", field="reason")
    if reaches == Reach.LISTED and not listed_projects:
        raise ProposalRefused("请逐项列明项目编号。", field="listed_projects")
    try:
        version = versions.load(version_key, dict(variation or {}))
    except (versions.UnknownVersion, PolicyDataError) as error:
        raise ProposalRefused(str(error)) from error
    try:
        with transaction.atomic():
            adoption = PolicyAdoption.objects.create(
                version_key=version_key,
                variation=dict(version.variation),
                version_digest=version.digest,
                reason=reason.strip(),
                reaches=reaches,
                listed_projects=list(listed_projects) if reaches == Reach.LISTED else [],
                proposed_by=as_user(actor),
                proposed_at=at,
                state_since=at,
            )
            audit.record(adoption, "policy.proposed", actor=actor, at=at, label="提出政策版本", summary=adoption.reason)
            notices.send(letters.proposed(adoption), at=at)
    except IntegrityError as error:
        raise ProposalRefused("内容相同的政策版本已经提出或采用，不必再提。") from error
    return adoption


def agree(
    adoption: PolicyAdoption, *, number: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> PolicyAdoption:
    """市财政局 agrees; the version may be bound to calls from now on. Raises the refusals of core.moves."""
    return _decide(adoption, "agree", number=number, text="同意采用。", actor=actor, at=at, seen_version=seen_version)


def refuse(
    adoption: PolicyAdoption, *, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> PolicyAdoption:
    """市财政局 does not agree, with its reasons. Raises ProposalRefused without a reason, and core.moves' refusals."""
    if not reason.strip():
        raise ProposalRefused("请写明不同意的理由。", field="reason")
    return _decide(adoption, "refuse", text=reason.strip(), actor=actor, at=at, seen_version=seen_version)


def withdraw(
    adoption: PolicyAdoption, *, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> PolicyAdoption:
    """市工信局 takes its proposal back. Raises core.moves' refusals."""
    with transaction.atomic():
        moves.require(adoption, "withdraw", actor, at=at)
        ground = Ground.issue(
            kind=GroundKind.SIGNED_REQUEST, title=f"撤回{adoption}", by=actor, at=at, facts={"reason": reason.strip()}
        )
        moved: PolicyAdoption = moves.perform(
            adoption, "withdraw", actor=actor, at=at, ground=ground, seen_version=seen_version, summary=reason.strip()
        )
    return moved


def _decide(
    adoption: PolicyAdoption,
    move: str,
    *,
    text: str,
    number: str = "",
    actor: Actor,
    at: datetime,
    seen_version: int | None,
) -> PolicyAdoption:
    with transaction.atomic():
        moves.require(adoption, move, actor, at=at)
        ground = Ground.issue(
            kind=GroundKind.DECISION,
            title=f"关于{adoption}的意见",
            number=number.strip(),
            by=actor,
            at=at,
            facts={"text": text, "digest": adoption.version_digest, "reaches": adoption.reaches},
        )
        moved: PolicyAdoption = moves.perform(
            adoption,
            move,
            actor=actor,
            at=at,
            ground=ground,
            seen_version=seen_version,
            letters=letters.decided,
            summary=text,
        )
    return moved
