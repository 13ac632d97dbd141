"""The law of a registration: an enterprise's own district verifies it or refuses it before it can file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.states import RegistrationState
from core.models.grounds import GroundKind as G
from core.models.people import DISTRICT_ROLES
from core.people import district_ids_in_scope, has_role
from core.workflow import Machine, StateField, because, move


@because("须由企业所在区县的工信部门核验（第九条二，属地原则）。")
def desk_of_the_registered(registration: Any, actor: Any) -> bool:
    return has_role(actor, *DISTRICT_ROLES) and registration.district_id in district_ids_in_scope(actor)


class RegistrationWorkflow(Machine):
    """An enterprise that registered itself is verified or refused by its district before it can file."""

    state = StateField("状态", choices=RegistrationState.choices, default=RegistrationState.REQUESTED, protected=True,
                     max_length=12)  # fmt: skip

    class Meta:
        abstract = True

    @move(source=RegistrationState.REQUESTED, target=RegistrationState.VERIFIED, ground=G.OPINION,
          permission=desk_of_the_registered, label="核验通过", event="registration.verified")  # fmt: skip
    def verify(self, *, ground: Any, actor: Any, at: datetime, reason: str = "") -> None:
        self.decided_at, self.decided_by, self.reason = at, actor, reason

    @move(source=RegistrationState.REQUESTED, target=RegistrationState.REFUSED, ground=G.DECISION,
          permission=desk_of_the_registered, label="不予通过", event="registration.refused")  # fmt: skip
    def refuse(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.decided_at, self.decided_by, self.reason = at, actor, reason
