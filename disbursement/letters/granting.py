"""Who is written to when money is proposed, approved, signed for and paid; with which facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from core.models import BUREAU_ROLES, ENTERPRISE_ROLES, Role, User
from core.money import yuan
from core.notices import Letter
from core.recipients import people_at_district
from core.templatetags.text_tags import cn_date


def staff(*roles: str) -> list[User]:
    """The active people who hold one of the roles."""
    return list(User.objects.filter(is_active=True, groups__name__in=roles).distinct())


def people_of(enterprise_ids: Iterable[int]) -> dict[int, list[User]]:
    """The active people of some enterprises who file or approve, by enterprise id."""
    found: dict[int, list[User]] = {}
    rows = User.objects.filter(
        is_active=True, organisation__in=set(enterprise_ids), groups__name__in=ENTERPRISE_ROLES
    ).distinct()
    for person in rows:
        found.setdefault(person.organisation_id, []).append(person)
    return found


def _tab(project: Any, tab: str) -> str:
    return reverse("project-tab", args=[project.pk, tab])


# --- proposal and approval --------------------------------------------------------------------------------------------


def proposal_waits(proposal: Any, roles: tuple[str, ...]) -> list[Letter]:
    """It is the next person's turn."""
    link = reverse("approvals") if Role.GOVERNMENT_OFFICE in roles else proposal.get_absolute_url()
    return [Letter(staff(*roles), f"请办理资金方案：{proposal.title}", link=link)]


def proposal_sent_back(proposal: Any, reason: str) -> list[Letter]:
    subject = f"资金方案退回修改：{proposal.title}"
    return [Letter([proposal.drafted_by], subject, reason, proposal.get_absolute_url())]


def approved(project: Any, people: list[User], amount: Any, number: str, due_on: Any) -> list[Letter]:
    """The city approved; the agreement waits for signatures."""
    body = (
        f"市政府以{number}批准支持“{project.title}”{yuan(amount)} 元。"
        f"请于{cn_date(due_on)}前签署任务书，逾期失效（第九条（三））。"
    )
    link = _tab(project, "agreement")
    return [Letter(people, f"已批准支持，请签署任务书：{project.title}", body, link)]


def declined(project: Any, people: list[User], reason: str) -> list[Letter]:
    return [Letter(people, f"不予支持：{project.title}", reason, reverse("project", args=[project.pk]))]


# --- agreement --------------------------------------------------------------------------------------------------------


def half_signed(agreement: Any) -> list[Letter]:
    """The other side's turn."""
    body = f"另一方已签署，请在{cn_date(agreement.sign_by)}前签署，逾期失效（第九条（三））。"
    return [Letter(not_signed_yet(agreement), _said(agreement, "请签署"), body, agreement.get_absolute_url())]


def amendment_drawn(agreement: Any) -> list[Letter]:
    """Both sides are asked to sign what changes."""
    body = f"调整原因：{agreement.text.get('reason', '')}。请在{cn_date(agreement.sign_by)}前核对签署；签署前仍按原约定执行。"
    return [Letter(not_signed_yet(agreement), _said(agreement, "请签署"), body, agreement.get_absolute_url())]


def in_force(agreement: Any) -> list[Letter]:
    people = people_of([agreement.project.enterprise_id]).get(agreement.project.enterprise_id, [])
    subject = f"{agreement.kind}已生效：{agreement.project.title}"
    return [Letter([*people, *staff(Role.BUREAU_OFFICER)], subject, link=agreement.get_absolute_url())]


def agreement_lapsed(agreement: Any) -> list[Letter]:
    people = people_of([agreement.project.enterprise_id]).get(agreement.project.enterprise_id, [])
    if agreement.amends_id:
        subject = f"补充协议逾期未签，失效：{agreement.project.title}"
        body = "补充协议没有在期限内由双方签署，不再有效；项目仍按原约定执行。需要调整的，请与市工业和信息化局联系重新拟定。"
        return [Letter([*people, *staff(*BUREAU_ROLES)], subject, body, agreement.get_absolute_url())]
    subject = f"任务书逾期未签，支持失效：{agreement.project.title}"
    body = (
        "理由：任务书没有在期限内由双方签署，支持失效（第九条（三））。"
        "有异议的，可向市工业和信息化局书面陈述申辩，或依法申请行政复议。"
    )
    return [Letter([*people, *staff(Role.BUREAU_LEAD)], subject, body, agreement.get_absolute_url())]


def signature_waits(agreement: Any, days: int) -> list[Letter]:
    """A reminder to those who have not signed: so many working days are left."""
    lost = "补充协议失效" if agreement.amends_id else "支持失效"
    body = f"签署期限是{cn_date(agreement.sign_by)}，{time_left(days)}。逾期未由双方签署的，{lost}（第九条（三））。"
    return [Letter(not_signed_yet(agreement), _said(agreement, "请签署"), body, agreement.get_absolute_url())]


def time_left(days: int) -> str:
    """Working days until a term ends, in words."""
    return f"还剩 {days} 个工作日" if days else "今天到期"


def not_signed_yet(agreement: Any) -> list[User]:
    """The people of the sides whose signature is missing."""
    theirs = people_of([agreement.project.enterprise_id]).get(agreement.project.enterprise_id, [])
    waiting = [] if agreement.bureau_signed_at else staff(Role.BUREAU_LEAD)
    return waiting if agreement.enterprise_signed_at else [*waiting, *theirs]


def _said(agreement: Any, asked: str) -> str:
    return f"{asked}{agreement.kind}：{agreement.project.title}"


# --- plans and progress -----------------------------------------------------------------------------------------------


def plan_waits(plan: Any) -> list[Letter]:
    """Another person of the bureau adopts it."""
    leads = [person for person in staff(Role.BUREAU_LEAD) if person.pk != plan.drafted_by_id]
    body = f"{plan.drafted_by}编制，理由：{plan.reason}。采用后用于此后生成的任务书。"
    return [Letter(leads, f"请采用拨付计划模板：{plan}", body, reverse("plans"))]


def progress_reported(report: Any) -> list[Letter]:
    """The district and the bureau may check it."""
    body = f"建设进度 {report.progress}%，累计完成投资 {yuan(report.invested)} 元。核对属实后，以进度为条件的款项可以拨付。"
    people = [*people_at_district(report.project.district), *staff(Role.BUREAU_OFFICER)]
    return [Letter(people, f"请核对进度报告：{report.project.title}", body, report.get_absolute_url())]


def progress_checked(report: Any) -> list[Letter]:
    people = people_of([report.project.enterprise_id]).get(report.project.enterprise_id, [])
    if report.reason:
        body = f"原因：{report.reason}。请补充后重新报送；有疑问请与核对单位联系。"
        return [Letter(people, f"进度报告被退回：{report.project.title}", body, report.get_absolute_url())]
    body = f"建设进度 {report.progress}% 已核对。以此进度为条件的款项将列入拨付批次。"
    return [Letter(people, f"进度报告已核对：{report.project.title}", body, report.get_absolute_url())]


# --- batches and payments ---------------------------------------------------------------------------------------------


def batch_waits(batch: Any, *roles: str) -> list[Letter]:
    return [Letter(staff(*roles), f"请办理拨付批次 {batch.number}", link=batch.get_absolute_url())]


def batch_cancelled(batch: Any, reason: str) -> list[Letter]:
    return [Letter([batch.prepared_by], f"拨付批次 {batch.number} 已退回作废", reason, batch.get_absolute_url())]


def paid(payment: Any, people: list[User]) -> list[Letter]:
    """市工信局 paid directly (第十二条); the enterprise confirms the receipt."""
    body = f"市工业和信息化局已拨付 {yuan(payment.amount)} 元，回单 {payment.receipt_number}。请核对后确认到账。"
    return [Letter(people, f"补助已拨付：{payment.project.title}", body, _tab(payment.project, "money"))]


def not_paid(payment: Any, people: list[User], what: str) -> list[Letter]:
    """The bank refused or returned it: the account should be looked at, by the enterprise and those who pay it."""
    body = f"{yuan(payment.amount)} 元{what}：{payment.reason}。请核对收款账户。"
    return [Letter(people, f"拨付{what}：{payment.project.title}", body, _tab(payment.project, "money"))]
