"""The one move by which a running project of an earlier year enters from paper; the rest of its law is in `workflow`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django_fsm import RETURN_VALUE

from applications.states import State
from core.models.grounds import GroundKind as G
from core.models.people import Role
from core.people import has_role
from core.workflow import Machine, because, move


@because("接续以前年度项目由市财政局负责人确认。")
def finance_lead(record: Any, actor: Any) -> bool:
    return has_role(actor, Role.FINANCE_LEAD)


class TakenOver(Machine):
    """From draft into the state it reached: the confirmed sheet stands for the grounds of all earlier steps."""

    class Meta:
        abstract = True

    @move(source=State.DRAFT, target=RETURN_VALUE(State.AGREEMENT, State.DISBURSEMENT, State.ACCEPTANCE),
          ground=G.TAKE_OVER_SHEET, permission=finance_lead, label="接续以前年度项目", event="project.taken_over",
          clause="第十二条")  # fmt: skip
    def take_over(
        self, *, ground: Any, actor: Any, at: datetime, submission: Any, number: str, reached: str,
        notice_closed_at: datetime, due_on: date | None,
    ) -> str:  # fmt: skip
        self.number, self.notice_closed_at = number, notice_closed_at
        self.current_submission, self.due_on = submission, due_on
        return reached
