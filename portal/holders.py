"""Who has a project now, in words: whose desk each state is, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from applications.states import State

if TYPE_CHECKING:
    from applications.models import Project

BUREAU = "沈阳市工业和信息化局"
FINANCE = "沈阳市财政局"
GOVERNMENT = "沈阳市人民政府办公厅"

_ENTERPRISE, _DISTRICT = "the enterprise", "the district"

_DESKS = {
    State.DRAFT: _ENTERPRISE,
    State.DISTRICT_REVIEW: _DISTRICT,
    State.CORRECTION: _ENTERPRISE,
    State.CITY_REVIEW: BUREAU,
    State.PUBLIC_NOTICE: BUREAU,
    State.GOVERNMENT_APPROVAL: f"{BUREAU}、{FINANCE}（资金方案），报{GOVERNMENT}",
    State.AGREEMENT: f"{BUREAU}与企业双方",
    State.DISBURSEMENT: _ENTERPRISE,
    State.ACCEPTANCE: f"{BUREAU}会同{FINANCE}，委托第三方",
    State.RECTIFICATION: _ENTERPRISE,
    State.SETTLEMENT: f"{BUREAU}、{FINANCE}",
}

_NEXT = {
    State.DRAFT: "区县初审，由所在区、县（市）工业和信息化局办理",
    State.DISTRICT_REVIEW: "市级评审，由市工业和信息化局组织专家",
    State.CORRECTION: "补正后回到区县初审",
    State.CITY_REVIEW: "公示，由市工业和信息化局发布",
    State.PUBLIC_NOTICE: "市政府审定，公示期满且无异议之后",
    State.GOVERNMENT_APPROVAL: "任务书，市政府批复之后由双方签署",
    State.AGREEMENT: "分批拨付，任务书签署之后",
    State.DISBURSEMENT: "验收，由市工业和信息化局会同市财政局委托第三方",
    State.ACCEPTANCE: "终核清算，验收通过之后",
    State.RECTIFICATION: "整改后再次验收",
    State.SETTLEMENT: "办结，最后一笔拨付或退回之后",
}


def holder_of(project: Project) -> str:
    """Who has it now; "" where the project has left the road. Reads the project's enterprise and district."""
    desk = _DESKS.get(project.state, "")
    if desk == _ENTERPRISE:
        return project.enterprise.name
    return project.district.bureau_name if desk == _DISTRICT else desk


def what_comes_next(project: Project) -> str:
    """The step after this one, and who has it then."""
    return _NEXT.get(project.state, "")
