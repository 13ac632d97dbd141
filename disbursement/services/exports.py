"""Asking for workbooks and papers of the money room; a job makes each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core import jobs
from core.models import Job
from disbursement.models import Proposal
from disbursement.services.refusal import Refused
from disbursement.states import ProposalState

if TYPE_CHECKING:
    from core.people import Actor


def write_request(proposal: Proposal, number: str, *, actor: Actor, at: datetime) -> Job:
    """The 请示 of an agreed proposal as PDF; `number` is its 文号, "" while it has none. Raises Refused before that."""
    _require_agreed(proposal)
    return jobs.enqueue(
        "proposal.request", by=actor, at=at, key=f"{proposal.pk}:{proposal.version}:{number}", title="请示",
        facts={"proposal": proposal.pk, "number": number},
    )  # fmt: skip


def write_request_list(proposal: Proposal, *, actor: Actor, at: datetime) -> Job:
    """The projects and amounts of an agreed proposal as Excel. Raises Refused before that."""
    _require_agreed(proposal)
    return jobs.enqueue(
        "proposal.list", by=actor, at=at, key=f"{proposal.pk}:{proposal.version}", title="拟支持项目和金额表",
        facts={"proposal": proposal.pk},
    )  # fmt: skip


def _require_agreed(proposal: Proposal) -> None:
    if proposal.state not in (ProposalState.AGREED, ProposalState.APPROVED):
        raise Refused("两局商定之后才能生成请示和清单。", "number")


def export_execution(wanted: dict[str, Any], *, actor: Actor, at: datetime) -> Job:
    """The execution view as Excel. `wanted`: what the view is filtered and gathered by."""
    facts = {name: value.slug if name == "district" else value for name, value in wanted.items()}
    return jobs.enqueue("pools.execution", by=actor, at=at, title="预算执行表", facts=facts)


def export_budgeting(*, actor: Actor, at: datetime) -> Job:
    """预算编制 as Excel."""
    return jobs.enqueue("pools.budgeting", by=actor, at=at, title="预算编制表")
