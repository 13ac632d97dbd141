"""The law of the review room's own machines: score sheet, draw, public notice, objection. The project's is in applications."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from applications.states import State
from core.models.grounds import GroundKind as G
from core.models.people import BUREAU_ROLES, Role
from core.people import call_ids_in_scope, has_role, is_system
from core.workflow import Machine, StateField, because, move
from review.states import DrawState, NoticeState, ObjectionState, SheetState

# --- who ------------------------------------------------------------------------------------------------------------


@because("评分表只能由被指派的专家本人办理。")
def own_expert(sheet: Any, actor: Any) -> bool:
    return has_role(actor, Role.EXPERT) and sheet.assignment.expert.user_id == actor.pk


@because("须由负责本批次的市工信局负责人办理（第九条三）。")
def lead_of_the_call(record: Any, actor: Any) -> bool:
    return has_role(actor, Role.BUREAU_LEAD) and record.call_id in call_ids_in_scope(actor)


@because("由市工信局负责人或系统在全部项目有结论后办理。")
def lead_or_clock(record: Any, actor: Any) -> bool:
    return is_system(actor) or lead_of_the_call(record, actor)


@because("异议须由负责本批次的市工信局负责人办理（第九条三）。")
def lead_of_the_notice(objection: Any, actor: Any) -> bool:
    return lead_of_the_call(objection.entry.notice, actor)


@because("异议由被指派的核查人办理。")
def investigator(objection: Any, actor: Any) -> bool:
    return has_role(actor, *BUREAU_ROLES) and objection.assigned_to_id == actor.pk


@because("异议须由负责本批次的市工信局负责人答复，核查人不能答复自己核查的异议（第九条三）。")
def lead_who_did_not_investigate(objection: Any, actor: Any) -> bool:
    return lead_of_the_notice(objection, actor) and objection.assigned_to_id != actor.pk


@because("两个号码都封存后由系统抽取，任何人不能代替。")
def the_system(draw: Any, actor: Any) -> bool:
    return is_system(actor)


@because("须由办理本批次的市工信局人员作废。")
def bureau_of_the_call(record: Any, actor: Any) -> bool:
    return has_role(actor, *BUREAU_ROLES) and record.call_id in call_ids_in_scope(actor)


# --- what must hold -------------------------------------------------------------------------------------------------


@because("评分时间已过、已回避或项目已离开评审环节。")
def scoring_is_open(sheet: Any) -> bool:
    assignment = sheet.assignment
    in_time = assignment.due_on is None or timezone.localdate(sheet.now) <= assignment.due_on
    return assignment.open and in_time and assignment.project.state == State.CITY_REVIEW


@because("两个人的号码还没有全部封存。")
def both_numbers_are_in(draw: Any) -> bool:
    return draw.numbers.count() == 2


@because("号码已全部封存，抽取已经开始，不能作废。")
def a_number_is_missing(draw: Any) -> bool:
    return not both_numbers_are_in(draw)


@because("公示没有列出项目。")
def lists_projects(notice: Any) -> bool:
    return notice.entries.exists()


@because("还有项目没有公示结论。")
def every_entry_is_decided(notice: Any) -> bool:
    return not notice.entries.filter(decided_at=None).exists()


@because("答复期限只能延长一次。")
def not_prolonged_before(objection: Any) -> bool:
    return objection.prolonged_at is None


@because("答复期限已过，不能再延长。")
def still_in_time(objection: Any) -> bool:
    return timezone.localdate(objection.now) <= objection.due_on


@because("还有情况说明没有收回。请等对方答复，或等期限过后再提交。")
def statements_are_in(objection: Any) -> bool:
    day = timezone.localdate(objection.now)
    return not objection.statements.filter(answered_at=None, due_on__gte=day).exists()


# --- the machines ---------------------------------------------------------------------------------------------------


class ScoreSheetWorkflow(Machine):
    """An expert writes his sheet alone and hands it in once; then it is locked."""

    state = StateField("状态", choices=SheetState.choices, default=SheetState.DRAFT, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=SheetState.DRAFT, target=SheetState.SUBMITTED, ground=G.SCORE_SHEET, permission=own_expert,
          conditions=[scoring_is_open], label="提交评分", event="score_sheet.submitted",
          clause="第九条（三）")  # fmt: skip
    def submit(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.ground = ground
        self.submitted_at = at


class DrawWorkflow(Machine):
    """A list is locked, two persons seal a number each, the system draws; or the draw is cancelled before."""

    state = StateField(
        "状态", choices=DrawState.choices, default=DrawState.COMMITTED, protected=True, max_length=12
    )  # fmt: skip

    class Meta:
        abstract = True

    @move(source=DrawState.COMMITTED, target=DrawState.DRAWN, ground=G.EXPERT_DRAW, permission=the_system,
          conditions=[both_numbers_are_in], label="抽取专家", event="draw.drawn", clause="第九条（三）")  # fmt: skip
    def draw_lots(self, *, ground: Any, actor: Any, at: datetime, seed: str, selection: str) -> None:
        self.drawn_ground = ground
        self.drawn_at = at
        self.seed = seed
        self.selection = selection

    @move(source=DrawState.COMMITTED, target=DrawState.CANCELLED, ground=G.DECISION, permission=bureau_of_the_call,
          conditions=[a_number_is_missing], label="作废这次抽取", event="draw.cancelled")  # fmt: skip
    def cancel_draw(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.cancelled_at = at


class PublicNoticeWorkflow(Machine):
    """One public document over several projects; each project of it ends on its own day."""

    state = StateField("状态", choices=NoticeState.choices, default=NoticeState.DRAFT, protected=True, max_length=12)

    class Meta:
        abstract = True

    @move(source=NoticeState.DRAFT, target=NoticeState.PUBLISHED, ground=G.NOTICE, permission=lead_of_the_call,
          conditions=[lists_projects], label="发布公示", event="notice.published", clause="第九条（三）")  # fmt: skip
    def publish(self, *, ground: Any, actor: Any, at: datetime, ends_on: date) -> None:
        self.ground = ground
        self.published_at = at
        self.published_by = actor
        self.ends_on = ends_on

    @move(source=NoticeState.PUBLISHED, target=NoticeState.CLOSED, ground=G.NOTICE_CLOSURE, permission=lead_or_clock,
          conditions=[every_entry_is_decided], label="结束公示", event="notice.closed",
          clause="第九条（三）")  # fmt: skip
    def close(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.closed_at = at


class ObjectionWorkflow(Machine):
    """Received from the public with a name; investigated by one person, answered once by another, with reasons."""

    state = StateField(
        "状态", choices=ObjectionState.choices, default=ObjectionState.RECEIVED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=[ObjectionState.RECEIVED, ObjectionState.ASSIGNED, ObjectionState.REPORTED],
          target=ObjectionState.ASSIGNED, ground=G.OBJECTION_ASSIGNMENT, permission=lead_of_the_notice,
          label="指派核查人", event="objection.assigned", clause="第九条（三）")  # fmt: skip
    def assign(self, *, ground: Any, actor: Any, at: datetime, officer: Any) -> None:
        self.assigned_to, self.assigned_at = officer, at
        self.reported_at = None

    @move(source=ObjectionState.ASSIGNED, target=ObjectionState.ASSIGNED, ground=G.OBJECTION_ASSIGNMENT,
          permission=lead_of_the_notice, conditions=[not_prolonged_before, still_in_time], label="延长答复期限",
          event="objection.prolonged", clause="第九条（三）")  # fmt: skip
    def prolong(self, *, ground: Any, actor: Any, at: datetime, due_on: date, because: str) -> None:
        self.due_on, self.prolonged_at, self.prolonged_because = due_on, at, because

    @move(source=ObjectionState.ASSIGNED, target=ObjectionState.REPORTED, ground=G.OBJECTION_FINDING,
          permission=investigator, conditions=[statements_are_in], label="提交核查结论", event="objection.investigated",
          clause="第九条（三）")  # fmt: skip
    def report(self, *, ground: Any, actor: Any, at: datetime, finding: str) -> None:
        self.finding, self.reported_at = finding, at

    @move(source=ObjectionState.REPORTED, target=ObjectionState.DISMISSED, ground=G.OBJECTION_ANSWER,
          permission=lead_who_did_not_investigate, label="异议不成立", event="objection.dismissed",
          clause="第九条（三）")  # fmt: skip
    def dismiss(self, *, ground: Any, actor: Any, at: datetime, answer: str, told: str) -> None:
        self._answer(ground, actor, at, answer, told)

    @move(source=ObjectionState.REPORTED, target=ObjectionState.UPHELD, ground=G.OBJECTION_ANSWER,
          permission=lead_who_did_not_investigate, label="异议成立", event="objection.upheld",
          clause="第九条（三）")  # fmt: skip
    def uphold(self, *, ground: Any, actor: Any, at: datetime, answer: str, told: str) -> None:
        self._answer(ground, actor, at, answer, told)

    def _answer(self, ground: Any, actor: Any, at: datetime, answer: str, told: str) -> None:
        self.answer_ground = ground
        self.answer, self.told = answer, told
        self.answered_at = at
        self.answered_by = actor
