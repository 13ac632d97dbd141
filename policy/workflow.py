"""The law of an adoption: proposed by 市工信局, agreed by 市财政局, two persons of two bureaux (第三、十七条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.models.grounds import GroundKind
from core.models.people import Role
from core.people import has_role
from core.workflow import Machine, StateField, because, move
from policy import versions
from policy.states import AdoptionState as S


@because("政策版本由市工信局提出，须由市财政局负责人同意（第三条、第十七条）。")
def other_bureau(adoption: Any, actor: Any) -> bool:
    return has_role(actor, Role.FINANCE_LEAD) and adoption.proposed_by_id != actor.pk


@because("须由市工信局负责人办理。")
def proposing_bureau(adoption: Any, actor: Any) -> bool:
    return has_role(actor, Role.BUREAU_LEAD)


@because("政策数据在提出之后有改动，请市工信局撤回后重新提出。")
def data_unchanged(adoption: Any) -> bool:
    return adoption.version_digest == versions.load(adoption.version_key, adoption.variation).digest


class AdoptionWorkflow(Machine):
    """The states of a policy version's adoption."""

    state = StateField("状态", default=S.PROPOSED, choices=S.choices, protected=True)

    class Meta:
        abstract = True

    @move(
        source=[S.PROPOSED],
        target=S.ADOPTED,
        ground=GroundKind.DECISION,
        permission=other_bureau,
        conditions=[data_unchanged],
        label="同意采用",
        event="policy.adopted",
        clause="第十七条",
    )
    def agree(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.agreed_by = actor
        self.agreed_at = at

    @move(
        source=[S.PROPOSED],
        target=S.REFUSED,
        ground=GroundKind.DECISION,
        permission=other_bureau,
        label="不同意采用",
        event="policy.adoption_refused",
        clause="第十七条",
    )
    def refuse(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Nothing but the state changes; the reasons stand in the ground."""

    @move(
        source=[S.PROPOSED],
        target=S.WITHDRAWN,
        ground=GroundKind.SIGNED_REQUEST,
        permission=proposing_bureau,
        label="撤回提议",
        event="policy.proposal_withdrawn",
    )
    def withdraw(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Nothing but the state changes."""
