"""Work that waits on other machines than the project: batches, proposals, objections, acceptances, recoveries, scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from applications.models import BankAccount, GroupMembership
from applications.models.enterprises import unsettled_at
from core import calendar, moves
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Role
from core.money import wan
from core.people import has_role
from core.templatetags.text_tags import cn_date
from core.written import answers
from disbursement.models import (
    Acceptance,
    Agreement,
    BudgetEntry,
    Hearing,
    Payment,
    PaymentBatch,
    ProgressReport,
    Proposal,
    Recovery,
    Spending,
    Supplement,
    TakeOverSheet,
)
from disbursement.queries.hearings import open_hearings
from disbursement.queries.payments import payable_instalments
from disbursement.queries.proposals import projects_ready_for_proposal
from disbursement.states import HearingState, PaymentState
from portal.addresses import address_of
from review.blind import is_blind, name_for_experts
from review.models import Assignment, Draw, Objection, Statement
from review.services.draws import may_give_number
from review.states import DrawState

MOST = 20


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of record: who looks at it, its rows, the moves that make it his, and how a row is told."""

    roles: tuple[str, ...]
    rows: Callable[[Any], QuerySet[Any]]
    moves: tuple[str, ...]
    title: Callable[[Any, str], str]
    note: Callable[[Any], str]
    page: str
    due: Callable[[Any], date | None] = lambda record: None
    key: Callable[[Any], Any] = lambda record: record.pk  # of the record whose page it is
    most: int = MOST


def _batches(user: Any) -> QuerySet[Any]:
    return PaymentBatch.objects.visible_to(user).exclude(state__in=["completed", "cancelled"])


def _proposals(user: Any) -> QuerySet[Any]:
    return Proposal.objects.visible_to(user).exclude(state__in=["approved", "cancelled"])


def _supplements(user: Any) -> QuerySet[Any]:
    return Supplement.objects.visible_to(user).exclude(state__in=["agreed", "cancelled"])


def _entries(user: Any) -> QuerySet[Any]:
    return BudgetEntry.objects.visible_to(user).filter(confirmed_at=None).exclude(state="refused")


def _spendings(user: Any) -> QuerySet[Any]:
    return Spending.objects.visible_to(user).filter(paid_at=None).exclude(state="cancelled")


def _take_overs(user: Any) -> QuerySet[Any]:
    return TakeOverSheet.objects.visible_to(user).filter(confirmed_at=None).exclude(state="discarded")


def _amendments(user: Any) -> QuerySet[Any]:
    return Agreement.objects.visible_to(user).to_be_signed().filter(amends__isnull=False).select_related("project")


def _progress(user: Any) -> QuerySet[Any]:
    return (
        ProgressReport.objects.visible_to(user)
        .filter(checked_at=None)
        .select_related("project__enterprise", "project__district", "project__call")
    )


STEP_OF_OBJECTION = {"received": "指派异议核查人", "assigned": "核查异议", "reported": "答复异议"}


def _objections(user: Any) -> QuerySet[Any]:
    return Objection.objects.visible_to(user).filter(state__in=STEP_OF_OBJECTION).select_related("entry__notice")


def _acceptances(user: Any) -> QuerySet[Any]:
    return Acceptance.objects.visible_to(user).filter(reported_at=None).select_related("project__enterprise")


def _recoveries(user: Any) -> QuerySet[Any]:
    return Recovery.objects.visible_to(user).filter(completed_at=None).select_related("project__enterprise")


MACHINES = (
    Work((*BUREAU_ROLES, *FINANCE_ROLES), _batches, ("check_batch", "review_batch", "release", "send_to_bank"),
         lambda one, label: f"{label}：{one}", lambda one: one.get_state_display(), "batch"),
    Work((*BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE), _proposals,
         ("check_proposal", "review_proposal", "agree", "record_approval"),
         lambda one, label: f"{label}：{one}", lambda one: one.get_state_display(), "proposal"),
    Work((Role.BUREAU_LEAD, *FINANCE_ROLES), _supplements, ("check_supplement", "review_supplement", "agree_supplement"),
         lambda one, label: f"{label}：{one}", lambda one: one.get_state_display(), "supplement"),
    Work((Role.BUREAU_LEAD, Role.FINANCE_LEAD), _take_overs, ("check_take_over", "confirm_take_over"),
         lambda one, label: f"{label}：{one}", lambda one: one.get_state_display(), "take-over"),
    Work(FINANCE_ROLES, _entries, ("confirm_entry",), lambda one, label: f"{label}：{one}",
         lambda one: f"{wan(one.amount)} 万元", "pool", key=lambda one: one.pool_id),
    Work(FINANCE_ROLES, _spendings, ("confirm_spending", "pay_spending"),
         lambda one, label: f"{label}：{one}", lambda one: f"{one.payee}，{wan(one.amount)} 万元", "spending"),
    Work(BUREAU_ROLES, _objections, ("assign", "report", "dismiss"),
         lambda one, label: f"{STEP_OF_OBJECTION[one.state]}：{one.entry.project_title}",
         lambda one: f"{one.entry.enterprise_name}，受理编号 {one.receipt}", "objection", lambda one: one.due_on,
         most=3 * MOST),
    Work((Role.BUREAU_LEAD, Role.ENTERPRISE_APPROVER), _amendments, ("sign_first", "sign_second"),
         lambda one, label: f"签署补充协议：{one.project}", lambda one: one.number, "agreement", lambda one: one.sign_by),
    Work((*DISTRICT_ROLES, *BUREAU_ROLES), _progress, ("confirm_progress",), lambda one, label: f"{label}：{one.project}",
         lambda one: f"{one.project.enterprise.name}，进度 {one.progress}%", "progress-report"),
    Work((Role.ASSESSOR,), _acceptances, ("report",), lambda one, label: f"{label}：{one.project}",
         lambda one: one.project.enterprise.name, "acceptance"),
    Work(BUREAU_ROLES, open_hearings, ("weigh", "sign_decision"),
         lambda one, label: f"{'确认采纳申辩' if one.upheld else label}：{one.project}",
         lambda one: f"拟{one.get_kind_display()}，{one.project.enterprise}", "hearing"),
    Work(BUREAU_ROLES, _recoveries, ("demand", "refer"), lambda one, label: f"{label}：{one.project}",
         lambda one: one.project.enterprise.name, "recovery", lambda one: one.due_on),
)  # fmt: skip


def tasks_of(user: Any, *, at: datetime) -> list[dict[str, Any]]:
    """What waits for this person beside projects, as rows of the task list; a fixed number of queries a role."""
    found = [task for work in MACHINES if has_role(user, *work.roles) for task in _tasks(work, user, at)]
    if has_role(user, Role.EXPERT):
        found += _scores(user, at)
    if has_role(user, *DISTRICT_ROLES):
        found += _statements(user, at)
    if has_role(user, *ENTERPRISE_ROLES) and user.organisation_id:
        found += _of_an_enterprise(user, at)
    if has_role(user, *BUREAU_ROLES, *FINANCE_ROLES):
        found += _accounts(user, at)
    if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
        found += _numbers(user)
    if has_role(user, Role.BUREAU_OFFICER):
        found += _to_prepare(at)
    return found


def _tasks(work: Work, user: Any, at: datetime) -> list[dict[str, Any]]:
    return [
        _task(work.title(one, label), work.note(one), address_of(work.page, work.key(one)), work.due(one),
              one.state_since, at)
        for one in work.rows(user).order_by("pk")[: work.most]
        if (label := _open_label(one, work.moves, user))
    ]  # fmt: skip


def _open_label(record: Any, names: tuple[str, ...], user: Any) -> str:
    """The label of the first of these moves that is this person's, its conditions left aside."""
    for name in names:
        try:
            moves.require(record, name, user, conditions=False)
        except moves.Refusal:
            continue
        return str(next(iter(getattr(record, name)._django_fsm.transitions.values())).custom["label"])
    return ""


def _task(title: str, note: str, url: str, due: date | None, since: datetime, at: datetime) -> dict[str, Any]:
    clock = calendar.clock(calendar.today(since), due, on=calendar.today(at)) if due else None
    return {"title": title, "note": note, "url": url, "clock": clock, "tag": None if clock else ("待办", "now")}


def _to_prepare(at: datetime) -> list[dict[str, Any]]:
    """What the bureau can put into a proposal or a batch now."""
    ready, payable = projects_ready_for_proposal().count(), payable_instalments(at).count()
    found = []
    if ready:
        found.append({"title": f"编制资金方案：{ready} 个项目可以列入", "note": "公示已结束，没有未解除的暂停",
                      "url": address_of("proposals"), "clock": None, "tag": ("待办", "now")})  # fmt: skip
    if payable:
        found.append({"title": f"编制拨付批次：{payable} 笔款项可以列入", "note": "拨付条件已成就，账户已复核",
                      "url": address_of("batches"), "clock": None, "tag": ("待办", "now")})  # fmt: skip
    return found


def _scores(user: Any, at: datetime) -> list[dict[str, Any]]:
    rows = Assignment.objects.visible_to(user).filter(expert__user=user, sheet__submitted_at=None)
    rows = rows.select_related("project__enterprise", "project__call").order_by("due_on", "pk")
    asked = [
        _task(f"答复评审邀请：{name_for_experts(one.project)}", "随机抽取，逾期由候补专家递补",
              address_of("expert-invitation", one.pk), one.answer_due_on, one.assigned_at, at)
        for one in rows.unanswered()[:MOST]
    ]  # fmt: skip
    return asked + [
        _task(f"评分：{name_for_experts(one.project)}", "" if is_blind(one.project) else one.project.enterprise.name,
              address_of("expert-score", one.pk), one.due_on, one.assigned_at, at)
        for one in rows.filter(open=True)[:MOST]
    ]  # fmt: skip


def _numbers(user: Any) -> list[dict[str, Any]]:
    """Draws whose list is locked and which wait for a number this person may give."""
    rows = Draw.objects.visible_to(user).light().filter(state=DrawState.COMMITTED).prefetch_related("numbers")
    return [
        {"title": f"封存抽取号码：{one.number}", "note": "两个号码都封存后，系统自动抽取专家",
         "url": address_of("draw", one.pk), "clock": None, "tag": ("待办", "now")}
        for one in rows.order_by("pk")[:MOST]
        if may_give_number(one, user)
    ]  # fmt: skip


def _statements(user: Any, at: datetime) -> list[dict[str, Any]]:
    rows = (
        Statement.objects.visible_to(user).unanswered().select_related("project__enterprise").order_by("due_on", "pk")
    )
    return [
        _task(f"说明情况：{one.project}", one.project.enterprise.name, address_of("statement", one.pk), one.due_on,
              one.asked_at, at)
        for one in rows[:MOST]
    ]  # fmt: skip


def _arrived(user: Any) -> list[dict[str, Any]]:
    rows = Payment.objects.visible_to(user).filter(state=PaymentState.PAID, confirmed_at=None).select_related("project")
    return [
        {"title": f"确认到账 {wan(one.amount)} 万元", "note": f"{one.project}，{cn_date(one.paid_at)}拨出",
         "url": address_of("payment", one.pk), "clock": None, "tag": ("待确认", "now")}
        for one in rows.order_by("paid_at", "pk")[:MOST]
    ]  # fmt: skip


def _invitations(user: Any) -> list[dict[str, Any]]:
    rows = GroupMembership.objects.filter(
        enterprise=user.organisation_id, enterprise__isnull=False, confirmed_at=None, refused_at=None
    ).select_related("group__lead")
    return [
        {"title": f"答复协同组邀请：{one.group}", "note": f"牵头企业 {one.group.lead}",
         "url": address_of("group", one.group_id), "clock": None, "tag": ("待答复", "now")}
        for one in rows[:MOST]
    ]  # fmt: skip


def _of_an_enterprise(user: Any, at: datetime) -> list[dict[str, Any]]:
    """Most days none of the four has anything: one question says which to ask for."""
    waiting = {kind for (kind,) in answers(_kinds_waiting, user.organisation_id)}
    found = _statements(user, at) if "statements" in waiting else []
    found += _to_answer(user, at) if "hearings" in waiting else []
    found += _arrived(user) if "payments" in waiting else []
    return found + (_invitations(user) if "invitations" in waiting else [])


def _kinds_waiting(enterprise: int) -> QuerySet[Any]:
    """Of which of the four an enterprise has any; whoever reads them asks what this person may see."""
    statements = Statement.objects.unanswered().filter(project__enterprise=enterprise).order_by()
    payments = Payment.objects.filter(state=PaymentState.PAID, confirmed_at=None, project__enterprise=enterprise)
    invitations = GroupMembership.objects.filter(enterprise=enterprise, confirmed_at=None, refused_at=None)
    hearings = Hearing.objects.filter(state=HearingState.NOTIFIED, project__enterprise=enterprise)
    return statements.values_list(Value("statements")).union(
        payments.order_by().values_list(Value("payments")), invitations.order_by().values_list(Value("invitations")),
        hearings.order_by().values_list(Value("hearings")),
    )  # fmt: skip


def _to_answer(user: Any, at: datetime) -> list[dict[str, Any]]:
    """Intended decisions the enterprise may still answer; its approver does."""
    rows = open_hearings(user).filter(state=HearingState.NOTIFIED).order_by("answer_by", "pk")
    return [
        _task(f"陈述申辩：{one.project}", f"拟{one.get_kind_display()}，由审批人提交", address_of("hearing", one.pk),
              one.answer_by, one.notified_at, at)
        for one in rows[:MOST]
    ]  # fmt: skip


def _accounts(user: Any, at: datetime) -> list[dict[str, Any]]:
    """Bank accounts that wait for a second person of the bureau, and changed ones that wait for a third."""
    mine = unsettled_at(at) & ~Q(entered_by=user) & ~Q(confirmed_by=user)
    waiting = Q(confirmed_at=None, replaced_at=None)
    counts = BankAccount.objects.visible_to(user).aggregate(
        waiting=Count("pk", filter=waiting), changed=Count("pk", filter=mine)
    )
    found = []
    if counts["waiting"] and has_role(user, *BUREAU_ROLES):
        found.append((f"复核收款账户（{counts['waiting']} 个）", "由录入人之外的另一人复核", "待复核"))
    if counts["changed"]:
        found.append((f"再次核实变更的收款账户（{counts['changed']} 个）", "近 30 日内变更，核实之前不拨付", "待核实"))
    url = address_of("bank-accounts")
    return [{"title": t, "note": note, "url": url, "clock": None, "tag": (tag, "now")} for t, note, tag in found]
