"""The law of a 进度报告: the enterprise reports, its district or 市工信局 checks or sends back (第十二条、第十五条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.parties import bureau_desk, district_desk
from core.models.grounds import GroundKind as G
from core.workflow import StateField, because, move
from disbursement.states import ProgressState
from disbursement.workflow import Stepped


@because("进度报告由项目所在区县工信部门或市工信局核对。")
def follows_the_project(report: Any, actor: Any) -> bool:
    return district_desk(report.project, actor) or bureau_desk(report.project, actor)


class ProgressWorkflow(Stepped):
    """企业报送 → 区县或市工信局核对 (凭以拨付) or 退回."""

    state = StateField(
        "状态", choices=ProgressState.choices, default=ProgressState.REPORTED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=ProgressState.REPORTED, target=ProgressState.CONFIRMED, ground=G.PROGRESS_REPORT,
          permission=follows_the_project, label="核对进度属实", event="progress.confirmed", clause="第十二条")  # fmt: skip
    def confirm_progress(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.ground = ground
        self.stamp("checked", actor, at)

    @move(source=ProgressState.REPORTED, target=ProgressState.RETURNED, ground=G.DECISION,
          permission=follows_the_project, label="退回进度报告", event="progress.returned")  # fmt: skip
    def return_progress(self, *, ground: Any, actor: Any, at: datetime, reason: str) -> None:
        self.reason = reason
        self.stamp("checked", actor, at)
