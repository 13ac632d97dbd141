"""Where exactly a next action is taken: the record's own page instead of the list it stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from applications.models import Project
from applications.states import State
from core.models import ENTERPRISE_ROLES
from core.money import wan
from core.people import has_role
from core.templatetags.text_tags import cn_date
from disbursement.models import Acceptance, Proposal
from disbursement.states import ProposalState
from portal.addresses import address_of
from portal.next_actions import NextAction
from portal.queries.money_rows import arrived
from review.models import Assignment


def place_in(project: Project, user: Any, action: NextAction | None) -> NextAction | None:
    """The action with the address of its own record; money that has arrived comes before everything else."""
    if has_role(user, *ENTERPRISE_ROLES) and project.state in (State.DISBURSEMENT, State.SETTLEMENT):
        came = arrived(project, user)
        if came is not None:
            title = f"确认收到第 {came.position} 笔补助 {wan(came.amount)} 万元"
            sentence = f"{cn_date(came.paid_at)}拨到尾号 {came.tail} 的账户。确认后，请专账核算。"
            return NextAction(title, sentence, "确认到账", came.url or address_of("project-tab", project.pk, "money"))
    if action is not None and action.page == "approvals":
        return _to_record(project, user, action)
    if action is None or action.page not in _RECORDS:
        return action
    key = _RECORDS[action.page](project, user)
    url = address_of(action.page, key) if key else ""
    return replace(action, url=url) if url else action


def _to_record(project: Project, user: Any, action: NextAction) -> NextAction | None:
    """The city records an approval of a proposal both bureaux agreed to, never of a project alone."""
    agreed = Proposal.objects.visible_to(user).filter(
        items__project=project, items__live=True, state=ProposalState.AGREED
    )
    key = agreed.values_list("pk", flat=True).first()
    return replace(action, url=address_of("approval-record", key)) if key else None


def _acceptance(project: Project, user: Any) -> int | None:
    rows = Acceptance.objects.visible_to(user).filter(project=project).order_by("-round")
    return rows.values_list("pk", flat=True).first()


def _assignment(project: Project, user: Any) -> int | None:
    rows = Assignment.objects.visible_to(user).filter(project=project, expert__user=user)
    return rows.values_list("pk", flat=True).first()


_RECORDS = {"acceptance": _acceptance, "expert-score": _assignment}
