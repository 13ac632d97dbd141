"""The law of the project: its states and all its moves, each with sources, target, who may, what must hold, and its ground."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from applications.parties import (
    bureau_desk,
    bureau_lead,
    bureau_or_clock,
    checks_the_filing,
    decider_of_the_step,
    district_lead,
    either_signatory,
    government_office,
    own_approver,
    the_clock,
)
from applications.reopened_workflow import Reopened
from applications.states import AFTER_AWARD, BEFORE_AWARD, CallState, State
from core.calendar import working_days_left
from core.models.grounds import GroundKind as G
from core.models.people import Role
from core.people import has_role, is_system
from core.workflow import Machine, StateField, because, move
from policy.queries import is_adopted

# --- what must hold -------------------------------------------------------------------------------------------------


@because("不在申报时间内。请看申报通知的起止时间。")
def window_is_open(project: Any) -> bool:
    return project.call.accepts_at(project.now)


@because("不在申报时间内。请看申报通知的起止时间。")
def filings_are_taken(project: Any) -> bool:
    return project.call.files_at(project.now)


@because("申报尚未截止。")
def window_is_over(project: Any) -> bool:
    return project.state != State.DRAFT or project.now > project.call.files_until


@because("区县已开始核验材料，不能再撤回修改。可以申请撤回项目。")
def not_taken(project: Any) -> bool:
    return project.taken_at is None


@because("退回补正次数已用完（一次性告知）。请推荐或不予推荐。")
def returns_are_left(project: Any) -> bool:
    return project.returns < project.call.max_returns


@because("期限已过。")
def in_time(project: Any) -> bool:
    return project.due_on is None or project.today <= project.due_on


@because("期限未过。")
def overdue(project: Any) -> bool:
    return project.state == State.DRAFT or (project.due_on is not None and project.today > project.due_on)


@because("公示期未满。")
def notice_period_over(project: Any) -> bool:
    return project.due_on is not None and project.today > project.due_on


@because("有未解除的暂停（异议、核查、追回或失信）。")
def nothing_holds_it(project: Any) -> bool:
    return not project.holds.filter(lifted_at=None).exists()


@because("已告知拟作的决定，正在听取陈述申辩（第十三条）；签发决定或撤回告知之后才能办理。")
def nothing_is_announced(project: Any) -> bool:
    """No hearing runs: what is to be decided is not outrun. A draft cannot be heard about, and is not asked."""
    return project.state == State.DRAFT or not project.holds.being_heard().exists()


@because("整改只有一次，请作出验收不通过或通过的结论。")
def not_rectified_before(project: Any) -> bool:
    return project.rectifications == 0


# --- the machine ----------------------------------------------------------------------------------------------------


class ProjectWorkflow(Reopened):
    """申报 → 区县初审 → 市级评审 → 公示 → 市政府审定 → 任务书 → 分批拨付 → 验收, and every way out."""

    state = StateField("环节", choices=State.choices, default=State.DRAFT, protected=True, max_length=24, db_index=True)
    due_on = models.DateField("本环节期限", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    # 1 申报

    @move(source=State.DRAFT, target=State.DISTRICT_REVIEW, ground=G.DECLARATION, permission=own_approver,
          conditions=[filings_are_taken], label="提交申报", event="project.submitted", clause="第九条（一）")  # fmt: skip
    def submit(self, *, ground: Any, actor: Any, at: datetime, submission: Any, number: str, due_on: date) -> None:
        self.number = number
        self._file(submission, due_on)

    @move(source=State.DISTRICT_REVIEW, target=State.DRAFT, ground=G.SIGNED_REQUEST, permission=own_approver,
          conditions=[window_is_open, not_taken, nothing_is_announced], label="撤回修改", event="project.recalled")  # fmt: skip
    def recall(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=[State.DRAFT, State.CORRECTION, State.AGREEMENT], target=State.LAPSED, ground=G.CLOCK_RECORD,
          permission=the_clock, conditions=[window_is_over, overdue, nothing_is_announced], label="逾期失效",
          event="project.lapsed")  # fmt: skip
    def lapse(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    # 2 区县初审

    @move(source=State.DISTRICT_REVIEW, target=State.CORRECTION, ground=G.DEFECT_LIST, permission=checks_the_filing,
          conditions=[returns_are_left], label="退回补正", event="project.returned_for_correction",
          clause="第九条（二）")  # fmt: skip
    def return_for_correction(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.returns += 1
        self.days_kept = max(working_days_left(self.due_on, self.today), 1) if self.due_on else None
        self.due_on = due_on

    @move(source=State.CORRECTION, target=State.DISTRICT_REVIEW, ground=G.DECLARATION, permission=own_approver,
          conditions=[in_time], label="补正后重新提交", event="project.resubmitted", clause="第九条（二）")  # fmt: skip
    def resubmit(self, *, ground: Any, actor: Any, at: datetime, submission: Any, due_on: date) -> None:
        holder = self.taken_by
        self._file(submission, due_on)
        self.taken_by = holder

    @move(source=State.DISTRICT_REVIEW, target=State.CITY_REVIEW, ground=G.OPINION, permission=district_lead,
          conditions=[nothing_holds_it], label="推荐", event="project.recommended", clause="第九条（二）")  # fmt: skip
    def recommend(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.due_on = due_on

    @move(source=[State.DISTRICT_REVIEW, State.CITY_REVIEW, State.PUBLIC_NOTICE, State.GOVERNMENT_APPROVAL],
          target=State.DECLINED, ground=G.DECISION, permission=decider_of_the_step, label="不予支持",
          event="project.declined", clause="第九条")  # fmt: skip
    def decline(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    # 3 市级评审

    @move(source=State.CITY_REVIEW, target=State.PUBLIC_NOTICE, ground=G.REVIEW_REPORT, permission=bureau_lead,
          conditions=[nothing_holds_it], label="评审通过，转公示", event="project.concluded",
          clause="第九条（三）")  # fmt: skip
    def conclude(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None  # set when the notice is published

    @move(source=State.CITY_REVIEW, target=State.DISTRICT_REVIEW, ground=G.SEND_BACK, permission=bureau_desk,
          label="退回区县", event="project.sent_back", clause="第九条（二）")  # fmt: skip
    def send_back(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.due_on = due_on

    # 4 公示

    @move(source=State.PUBLIC_NOTICE, target=State.GOVERNMENT_APPROVAL, ground=G.NOTICE_CLOSURE,
          permission=bureau_or_clock, conditions=[notice_period_over, nothing_holds_it], label="公示无异议，报审定",
          event="project.notice_closed", clause="第九条（三）")  # fmt: skip
    def close_notice(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.notice_closed_at = at
        self.due_on = None

    @move(source=State.PUBLIC_NOTICE, target=State.CITY_REVIEW, ground=G.OBJECTION_ANSWER, permission=bureau_lead,
          label="异议成立，重新评审", event="project.objection_upheld", clause="第九条（三）")  # fmt: skip
    def uphold_objection(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.due_on = due_on

    # 5 市政府审定

    @move(source=State.GOVERNMENT_APPROVAL, target=State.AGREEMENT, ground=G.APPROVAL, permission=government_office,
          conditions=[nothing_holds_it], label="市政府批准", event="project.approved",
          clause="第九条（三）")  # fmt: skip
    def approve(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.due_on = due_on

    # 6 任务书

    @move(source=State.AGREEMENT, target=State.DISBURSEMENT, ground=G.AGREEMENT, permission=either_signatory,
          conditions=[in_time, nothing_holds_it], label="任务书双方签署", event="project.agreement_signed",
          clause="第九条（三）")  # fmt: skip
    def sign(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    # 7 分批拨付 → 8 验收

    @move(source=State.DISBURSEMENT, target=State.ACCEPTANCE, ground=G.COMPLETION_REPORT, permission=own_approver,
          label="申请验收", event="project.acceptance_applied_for", clause="第十一条")  # fmt: skip
    def apply_for_acceptance(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=State.ACCEPTANCE, target=State.SETTLEMENT, ground=G.ACCEPTANCE_REPORT, permission=bureau_lead,
          conditions=[nothing_is_announced], label="验收通过", event="project.accepted", clause="第十一条")  # fmt: skip
    def accept(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=State.ACCEPTANCE, target=State.RECTIFICATION, ground=G.RECTIFICATION_NOTICE, permission=bureau_lead,
          conditions=[not_rectified_before, nothing_is_announced], label="要求整改", event="project.rectification_required",
          clause="第十一条")  # fmt: skip
    def require_rectification(self, *, ground: Any, actor: Any, at: datetime, due_on: date) -> None:
        self.rectifications += 1
        self.due_on = due_on

    @move(source=State.RECTIFICATION, target=State.ACCEPTANCE, ground=G.COMPLETION_REPORT, permission=own_approver,
          conditions=[in_time], label="整改后再次申请验收", event="project.reapplied", clause="第十一条")  # fmt: skip
    def reapply(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=[State.ACCEPTANCE, State.RECTIFICATION], target=State.TERMINATED, ground=G.DECISION,
          permission=bureau_lead, label="验收不通过", event="project.failed", clause="第十一条")  # fmt: skip
    def fail(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=State.SETTLEMENT, target=State.SETTLED, ground=G.SETTLEMENT, permission=bureau_lead,
          conditions=[nothing_holds_it], label="办结", event="project.settled", clause="第十二条")  # fmt: skip
    def close(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    # every way out

    @move(source=BEFORE_AWARD, target=State.WITHDRAWN, ground=G.SIGNED_REQUEST, permission=own_approver,
          conditions=[nothing_is_announced], label="撤回项目", event="project.withdrawn")  # fmt: skip
    def withdraw(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=AFTER_AWARD, target=State.TERMINATED, ground=G.DECISION, permission=bureau_lead, label="终止",
          event="project.terminated")  # fmt: skip
    def terminate(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    @move(source=[*BEFORE_AWARD[1:], *AFTER_AWARD, State.SETTLED, State.TERMINATED], target=State.REVOKED,
          ground=G.DECISION, permission=bureau_lead, label="取消资格", event="project.revoked",
          clause="第十三条")  # fmt: skip
    def revoke(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.due_on = None

    def _file(self, submission: Any, due_on: date) -> None:
        """Put a new submission on the district's desk."""
        self.current_submission, self.days_kept = submission, None
        self.due_on = due_on
        self.taken_at = self.taken_by = None


# --- the call --------------------------------------------------------------------------------------------------------


@because("申报通知由市工信局负责人发布（第八条）。")
def call_lead(call: Any, actor: Any) -> bool:
    return has_role(actor, Role.BUREAU_LEAD)


@because("申报通知由市工信局负责人发布，或按其定下的时间由系统发布（第八条）。")
def call_lead_or_clock(call: Any, actor: Any) -> bool:
    return call_lead(call, actor) or (call.state == CallState.SCHEDULED and is_system(actor))


@because("申报通知缺少标题、时间、类别、材料、评分表或政策版本。")
def call_is_complete(call: Any) -> bool:
    return call.is_complete()


@because("所选政策版本还没有经市工信局、市财政局采用（第三、十七条）。")
def version_is_adopted(call: Any) -> bool:
    return is_adopted(call.policy_version)


@because("申报截止时间已过，请先改时间。")
def not_over_yet(call: Any) -> bool:
    return call.now < call.closes_at


class CallWorkflow(Machine):
    """A call (申报通知) is written, published now or at a set time, extended, closed (第八条)."""

    state = StateField("状态", choices=CallState.choices, default=CallState.DRAFT, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=[CallState.DRAFT, CallState.SCHEDULED], target=CallState.PUBLISHED, ground=G.CALL_NOTICE,
          permission=call_lead_or_clock, conditions=[call_is_complete, version_is_adopted, not_over_yet],
          label="发布申报通知", event="call.published", clause="第八条")  # fmt: skip
    def publish(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.published_at = at

    @move(source=CallState.DRAFT, target=CallState.SCHEDULED, ground=G.DECISION, permission=call_lead,
          conditions=[call_is_complete, version_is_adopted], label="定时发布申报通知", event="call.scheduled", clause="第八条")  # fmt: skip
    def schedule(self, *, ground: Any, actor: Any, at: datetime, publish_at: datetime, number: str = "") -> None:
        self.publish_at, self.publish_number = publish_at, number

    @move(source=CallState.SCHEDULED, target=CallState.DRAFT, ground=G.DECISION, permission=call_lead,
          label="取消定时发布", event="call.unscheduled")  # fmt: skip
    def unschedule(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.publish_at, self.publish_number = None, ""

    @move(source=CallState.PUBLISHED, target=CallState.PUBLISHED, ground=G.DECISION, permission=call_lead,
          label="延长申报时间", event="call.extended", clause="第八条")  # fmt: skip
    def extend(self, *, ground: Any, actor: Any, at: datetime, closes_at: datetime) -> None:
        self.closes_at = closes_at

    @move(source=CallState.PUBLISHED, target=CallState.CLOSED, ground=G.CLOCK_RECORD, permission=the_clock,
          label="申报截止", event="call.closed", clause="第八条")  # fmt: skip
    def close(self, *, ground: Any, actor: Any, at: datetime) -> None:
        """Nothing more is filed; projects go their way."""
