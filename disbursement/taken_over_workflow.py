"""The one move by which a 任务书 signed on paper in an earlier year comes into force; the rest is in `workflow`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from applications.taken_over_workflow import finance_lead
from core.models.grounds import GroundKind as G
from core.workflow import Machine, move
from disbursement.states import AgreementState


class TakenOverAgreement(Machine):
    """In force on the word of a confirmed sheet, without a signature of ours (第九条三)."""

    class Meta:
        abstract = True

    @move(source=AgreementState.DRAWN, target=AgreementState.IN_FORCE, ground=G.TAKE_OVER_SHEET,
          permission=finance_lead, label="接续以前年度任务书", event="agreement.taken_over",
          clause="第九条（三）")  # fmt: skip
    def take_over_agreement(self, *, ground: Any, actor: Any, at: datetime, signed_at: datetime) -> None:
        self.bureau_signed_at = self.enterprise_signed_at = signed_at
