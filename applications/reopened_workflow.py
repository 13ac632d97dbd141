"""The one move back from settlement: what was audited is looked at again; the rest of the law is in `workflow`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.states import State
from applications.taken_over_workflow import TakenOver
from core.models.grounds import GroundKind as G
from core.models.people import Role
from core.people import call_ids_in_scope, has_role, interests_of
from core.workflow import because, move


@because("须由市工信局负责人办理，有利益关系的回避（第十六条）。")
def its_lead(project: Any, actor: Any) -> bool:
    scope = has_role(actor, Role.BUREAU_LEAD) and project.call_id in call_ids_in_scope(actor)
    return scope and project.enterprise_id not in interests_of(actor)


class Reopened(TakenOver):
    """From 终核清算 back to 验收: the bureau accepted what the enterprise said of the audited investment."""

    class Meta:
        abstract = True

    @move(source=State.SETTLEMENT, target=State.ACCEPTANCE, ground=G.HEARING_RECORD, permission=its_lead,
          label="退回复核审定投资", event="project.acceptance_reopened", clause="第十一条")  # fmt: skip
    def reopen_acceptance(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """The third party reports again; its settlement statement falls."""
