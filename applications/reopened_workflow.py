"""The one move back from settlement: what was audited is looked at again; the rest of the law is in `workflow`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.parties import bureau_lead
from applications.states import State
from applications.taken_over_workflow import TakenOver
from core.models.grounds import GroundKind as G
from core.workflow import move


class Reopened(TakenOver):
    """From 终核清算 back to 验收: the bureau accepted what the enterprise said of the audited investment."""

    class Meta:
        abstract = True

    @move(source=State.SETTLEMENT, target=State.ACCEPTANCE, ground=G.HEARING_RECORD, permission=bureau_lead,
          label="退回复核审定投资", event="project.acceptance_reopened", clause="第十一条")  # fmt: skip
    def reopen_acceptance(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """The third party reports again; its settlement statement falls."""
