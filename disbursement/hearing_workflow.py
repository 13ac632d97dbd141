"""The law of 告知与陈述申辩: no decision that takes money or the right to it before the enterprise could answer (第十二至十四条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.models.grounds import GroundKind as G
from core.models.people import BUREAU_ROLES, Role
from core.people import has_role, interests_of
from core.workflow import StateField, all_of, because, move
from disbursement.states import HearingState
from disbursement.workflow import Stepped, holder_of, system_only


@because("须由本企业审批人陈述申辩。")
def its_approver(hearing: Any, actor: Any) -> bool:
    return has_role(actor, Role.ENTERPRISE_APPROVER) and actor.organisation_id == hearing.project.enterprise_id


@because("您已申报与这家企业的利益关系，按规定回避（第十六条），请由同事办理。")
def has_no_interest(hearing: Any, actor: Any) -> bool:
    return hearing.project.enterprise_id not in interests_of(actor)


weighs = all_of(holder_of(*BUREAU_ROLES), has_no_interest)
leads = all_of(holder_of(Role.BUREAU_LEAD), has_no_interest)
signs = all_of(holder_of(Role.BUREAU_LEAD, other_than=("notified_by", "weighed_by")), has_no_interest)


@because("陈述申辩的期限已过。")
def in_time(hearing: Any) -> bool:
    return timezone.localdate(hearing.now) <= hearing.answer_by


@because("陈述申辩的期限还没有过。")
def time_is_up(hearing: Any) -> bool:
    return timezone.localdate(hearing.now) > hearing.answer_by


@because("复核意见是采纳企业的陈述申辩，不能再作出这一决定。")
def not_upheld(hearing: Any) -> bool:
    return not hearing.upheld


@because("复核意见是不采纳，应签发决定或撤回告知。")
def is_upheld(hearing: Any) -> bool:
    return bool(hearing.upheld)


class HearingWorkflow(Stepped):
    """市工信局告知 → 企业陈述申辩或逾期 → 复核采纳与否 → 另一人签发决定，或不作决定."""

    state = StateField(
        "状态", choices=HearingState.choices, default=HearingState.NOTIFIED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=HearingState.NOTIFIED, target=HearingState.ANSWERED, ground=G.HEARING_ANSWER, conditions=[in_time],
          permission=its_approver, label="陈述申辩", event="hearing.answered", clause="第十三条")  # fmt: skip
    def answer_notice(self, *, ground: Any, actor: Any, at: datetime, words: str) -> None:
        self.answer = words
        self.stamp("answered", actor, at)

    @move(source=HearingState.NOTIFIED, target=HearingState.LAPSED, ground=G.CLOCK_RECORD, conditions=[time_is_up],
          permission=system_only, label="逾期未陈述申辩", event="hearing.lapsed")  # fmt: skip
    def lapse_hearing(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """The enterprise let its right lapse; the decision may be signed."""

    @move(source=HearingState.ANSWERED, target=HearingState.WEIGHED, ground=G.HEARING_RECORD, permission=weighs,
          label="复核陈述申辩", event="hearing.weighed", clause="第十三条")  # fmt: skip
    def weigh(self, *, ground: Any, actor: Any, at: datetime, upheld: bool, reasons: str) -> None:
        self.upheld, self.weighing = upheld, reasons
        self.stamp("weighed", actor, at)

    @move(source=[HearingState.WEIGHED, HearingState.LAPSED], target=HearingState.SIGNED,
          ground=(G.DECISION, G.SETTLEMENT), conditions=[not_upheld], permission=signs, label="签发决定",
          event="hearing.decision_signed", clause="第十三条")  # fmt: skip
    def sign_decision(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.decision = ground
        self.stamp("closed", actor, at)

    @move(source=HearingState.WEIGHED, target=HearingState.DROPPED, ground=G.HEARING_RECORD, conditions=[is_upheld],
          permission=signs, label="采纳申辩，不作决定", event="hearing.dropped", clause="第十三条")  # fmt: skip
    def drop_intention(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.stamp("closed", actor, at)

    @move(source=[HearingState.NOTIFIED, HearingState.ANSWERED, HearingState.LAPSED, HearingState.WEIGHED],
          target=HearingState.WITHDRAWN, ground=G.DECISION, permission=leads, label="撤回告知",
          event="hearing.withdrawn")  # fmt: skip
    def withdraw_notice(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Facts or amounts changed: a new notice gives the time anew."""
        self.stamp("closed", actor, at)
