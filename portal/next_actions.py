"""The one next thing for this person: a plain table from the machine's moves to pages, buttons and sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from applications import parties
from applications import workflow as law
from applications.states import State
from core import moves
from core.models import ENTERPRISE_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from portal.addresses import address_of

if TYPE_CHECKING:
    from applications.models import Project


@dataclass(frozen=True, slots=True)
class Action:
    """Where a thing is done (URL name, the project's key as argument), the button's words, and what it means."""

    page: str
    button: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action for one person and one project."""

    title: str
    sentence: str
    button: str
    url: str
    page: str = ""


# What carries a project forward, in the order in which one is offered before another.
BY_MOVE: dict[str, Action] = {
    "submit": Action("filing", "继续填报", "填完各节后核对并提交。提交后由所在区、县（市）工信部门初审。"),
    "resubmit": Action("filing", "逐条补正", "按补正通知逐条改正后重新提交，其余内容不必重填。"),
    "recommend": Action("district-review", "初审这个项目", "逐件核验材料，一次告知全部缺陷，或提出推荐意见。"),
    "return_for_correction": Action("district-review", "初审这个项目", "逐件核验材料，一次告知全部缺陷。"),
    "conclude": Action("review-project", "办理评审", "专家评分齐全后作出结论，出具评审报告，转入公示。"),
    "send_back": Action("review-project", "组织评审", "指派专家，汇总评分，交负责人作出结论。"),
    "close_notice": Action("review-project", "结束公示", "公示期满、没有未办结的异议，即可报市政府审定。"),
    "approve": Action("approvals", "记录市政府批复", "登记批复文号和审定金额，金额不得超过上限。"),
    "sign": Action("project-agreement", "签署任务书", "双方确认后任务书生效，按计划分批拨付。"),
    "apply_for_acceptance": Action("completion", "申请验收", "项目竣工后提交竣工报告，由第三方审定投资。"),
    "reapply": Action("completion", "整改后再次申请验收", "整改只有一次，请在期限内完成。"),
    "accept": Action("acceptance", "办理验收", "看第三方的验收报告，作出通过、整改或不通过的结论。"),
    "close": Action("settlement", "办结", "最后一笔已拨付或应退款已收回，核对后办结。"),
}

# What leads off the road; offered quietly, never as the next action.
ASIDE: dict[str, Action] = {
    "recall": Action("filing-recall", "撤回修改", ""),
    "withdraw": Action("project-withdraw", "撤回项目", ""),
    "decline": Action("project-decline", "不予支持", ""),
    "terminate": Action("project-terminate", "终止项目", ""),
    "revoke": Action("project-revoke", "取消资格", ""),
}

# Moves that are taken on the page of another move.
ON_ANOTHER_PAGE = {"require_rectification": "accept", "fail": "accept", "uphold_objection": "close_notice"}
BY_THE_CLOCK = {"lapse"}


def _of_the_enterprise(project: Any, user: Any) -> bool:
    return has_role(user, *ENTERPRISE_ROLES) and user.organisation_id == project.enterprise_id


def _of_finance(project: Any, user: Any) -> bool:
    return has_role(user, *FINANCE_ROLES)


def _assigned_expert(project: Any, user: Any) -> bool:
    return has_role(user, Role.EXPERT)


def _assessor(project: Any, user: Any) -> bool:
    return has_role(user, Role.ASSESSOR)


# Work on one's own desk that leads up to a move another person makes.
BY_WORK: list[tuple[State, Callable[[Any, Any], bool], Action]] = [
    (State.DRAFT, _of_the_enterprise, Action("filing", "继续填报", "填完后由本单位审批人核对提交。")),
    (State.CORRECTION, _of_the_enterprise, Action("filing", "逐条补正", "改完后由本单位审批人核对并重新提交。")),
    (State.DISTRICT_REVIEW, parties.district_desk, Action("district-review", "初审这个项目", "逐件核验材料，写出初审意见，交负责人推荐。")),
    (State.CITY_REVIEW, _assigned_expert, Action("expert-score", "评分", "按评分标准逐项打分并写明理由。")),
    (State.CITY_REVIEW, parties.bureau_desk, Action("review-project", "组织评审", "指派专家，汇总评分，交负责人作出结论。")),
    (State.PUBLIC_NOTICE, parties.bureau_desk, Action("review-project", "看公示与异议", "公示期内收到的异议须在期限内答复。")),
    (State.GOVERNMENT_APPROVAL, parties.bureau_desk, Action("proposals", "编制资金方案", "公示结束后与财政局共同确定金额，报市政府审定。")),
    (State.GOVERNMENT_APPROVAL, _of_finance, Action("proposals", "看资金方案", "审核资金来源和额度，两局各两人。")),
    (State.AGREEMENT, parties.bureau_desk, Action("project-agreement", "准备任务书", "核对目标、投资和拨付计划，送双方签署。")),
    (State.ACCEPTANCE, parties.bureau_desk, Action("acceptance", "办理验收", "委托第三方，收齐报告后交负责人作结论。")),
    (State.ACCEPTANCE, _assessor, Action("acceptance", "出具验收报告", "审定合格投资，核对设备、软件与发票。")),
    (State.SETTLEMENT, parties.bureau_desk, Action("settlement", "终核清算", "按审定投资算出最后一笔或应退金额。")),
]  # fmt: skip


def next_action(project: Project, user: Any, *, facts: bool = True) -> NextAction | None:
    """What this person does now with this project, or None where it is somebody else's turn.

    `facts=False` leaves the conditions out, which ask the database: for lists.
    """
    for name, action in BY_MOVE.items():
        if _is_open(project, name, user, facts):
            return _for(project, action, user)
    for state, theirs, action in BY_WORK:
        if project.state == state and theirs(project, user):
            return _for(project, action, user)
    return None


def side_actions(project: Project, user: Any) -> list[NextAction]:
    """Ways off the road that are open to this person and have their page."""
    found = [
        _for(project, action, user)
        for name, action in ASIDE.items()
        if _is_open(project, name, user, True) or _prepares(project, name, user)
    ]
    return [one for one in found if one.url]


# Decisions an officer announces to the enterprise before a lead signs them.
ANNOUNCED_FIRST = {"terminate", "revoke"}


def _prepares(project: Project, name: str, user: Any) -> bool:
    return name in ANNOUNCED_FIRST and parties.bureau_desk(project, user) and moves.stands_before(project, name)


# Conditions that ask nothing of the database: lists look at them too.
KNOWN_WITHOUT_ASKING = {"close_notice": law.notice_period_over, "resubmit": law.in_time, "reapply": law.in_time}


def _is_open(project: Project, name: str, user: Any, facts: bool) -> bool:
    known = KNOWN_WITHOUT_ASKING.get(name)
    if known and not known(project):
        return False
    try:
        moves.require(project, name, user, conditions=facts)
    except moves.Refusal:
        return False
    return True


# Pages whose argument is not the project's key, and the list that stands for them where one record is not known.
OF_ANOTHER_RECORD = {"acceptance": "acceptances", "expert-score": "expert-desk"}


def _for(project: Project, action: Action, user: Any) -> NextAction:
    if action.page in OF_ANOTHER_RECORD:
        url = address_of(OF_ANOTHER_RECORD[action.page])
    else:
        url = address_of(action.page, project.pk) or address_of(action.page)
    return NextAction(action.button, action.sentence, action.button, url, action.page)
