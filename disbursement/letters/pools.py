"""Who is written to when budget, other spending and later allocations wait for their second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import notices
from core.models import FINANCE_ROLES, Role
from core.money import yuan
from core.notices import Letter
from disbursement.letters.granting import people_of, staff


def send(letters: list[Letter], *, at: datetime) -> None:
    """Put letters into their inboxes; for deeds that are no move of their reader's record."""
    notices.send(letters, at=at)


def send_entry_waits(entry: Any, *, at: datetime) -> None:
    """The others of 市财政局 may confirm it."""
    others = [person for person in staff(*FINANCE_ROLES) if person.pk != entry.entered_by_id]
    subject = f"请复核入账：{entry}，{yuan(entry.amount)} 元"
    notices.send([Letter(others, subject, link=entry.get_absolute_url())], at=at)


def entry_refused(entry: Any, reason: str) -> list[Letter]:
    return [Letter([entry.entered_by], f"预算登记已退回：{entry}", reason, entry.get_absolute_url())]


def send_spending_waits(spending: Any, *, at: datetime) -> None:
    """市财政局负责人 confirms it."""
    subject = f"请复核列支：{spending.title}，{yuan(spending.amount)} 元"
    notices.send([Letter(staff(Role.FINANCE_LEAD), subject, link=spending.get_absolute_url())], at=at)


def spending_confirmed(spending: Any) -> list[Letter]:
    subject = f"已复核列支，请支付后登记回单：{spending.title}"
    return [Letter([spending.entered_by], subject, link=spending.get_absolute_url())]


def spending_cancelled(spending: Any, reason: str) -> list[Letter]:
    return [Letter([spending.entered_by], f"支出已撤销：{spending.title}", reason, spending.get_absolute_url())]


def supplement_waits(supplement: Any, *roles: str) -> list[Letter]:
    return [Letter(staff(*roles), f"请办理补充安排：{supplement.title}", link=supplement.get_absolute_url())]


def supplement_cancelled(supplement: Any, reason: str) -> list[Letter]:
    subject = f"补充安排已作废：{supplement.title}"
    return [Letter([supplement.drafted_by], subject, reason, supplement.get_absolute_url())]


def arranged(supplement: Any, parts: list[tuple[Any, Any]]) -> list[Letter]:
    """Each enterprise hears that its 待安排 has its money now. `parts`: (project, 元)."""
    people = people_of(project.enterprise_id for project, _ in parts)
    return [
        Letter(
            people.get(project.enterprise_id, []),
            f"待安排资金已落实：{project.title}",
            f"根据{supplement.approval.number}，本次补充安排 {yuan(amount)} 元，按任务书分批拨付。",
            project.get_absolute_url(),
        )
        for project, amount in parts
    ]


def decision_waits(decision: Any) -> list[Letter]:
    subject = f"请复核一事一议决定：{decision.project.title}，{yuan(decision.amount)} 元"
    return [Letter(staff(Role.BUREAU_LEAD), subject, link=decision.get_absolute_url())]


def decision_refused(decision: Any, reason: str) -> list[Letter]:
    subject = f"一事一议决定已退回：{decision.project.title}"
    return [Letter([decision.entered_by], subject, reason, decision.get_absolute_url())]


def results_published(notice: Any, people: dict[int, list[Any]]) -> list[Letter]:
    """Every supported enterprise hears that the list is public."""
    told = [person for each in people.values() for person in each]
    return [Letter(told, f"支持项目名单已公布：{notice.title}", link=notice.get_absolute_url())]


def take_over_waits(sheet: Any, *roles: str) -> list[Letter]:
    return [Letter(staff(*roles), f"请办理接续清单：{sheet.title}", link=sheet.get_absolute_url())]


def take_over_discarded(sheet: Any, reason: str) -> list[Letter]:
    return [Letter([sheet.imported_by], f"接续清单已作废：{sheet.title}", reason, sheet.get_absolute_url())]


def taken_over(project: Any, row: Any) -> list[Letter]:
    """The enterprise finds its earlier project in the portal from now on."""
    people = people_of([project.enterprise_id]).get(project.enterprise_id, [])
    body = f"“{row.title}”（{row.approval_number}）已接续到本平台，编号 {project.number}，后续拨付和验收在平台办理。"
    return [Letter(people, f"以前年度项目已接续：{row.title}", body, project.get_absolute_url())]
