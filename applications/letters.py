"""Who is written to when a filing moves, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from applications.models import BankAccount, Call, Project, ProjectGroup, Registration
from applications.queries import people
from core.models import BUREAU_ROLES, FINANCE_ROLES, Organisation
from core.notices import Letter


def _link(name: str, *args: Any) -> str:
    """The address of a page, or none while its room has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def day(value: Any) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _of(project: Project) -> str:
    return f"{project.enterprise.name}“{project.title}”（{project.number}）"


def submitted(project: Project) -> Iterable[Letter]:
    """To the district's desk: there is something to review, until when."""
    return [
        Letter(
            people.district_people(project.district),
            f"新的申报：{project.number} {project.title}",
            f"{_of(project)}已提交，请在{day(project.due_on)}前完成初审（第九条二）。",
            _link("district-review", project.pk),
        ),
        Letter(
            people.enterprise_people(project.enterprise_id),
            f"申报已提交：{project.number}",
            f"{_of(project)}由{project.district.bureau_name}在{day(project.due_on)}前完成初审。",
            _link("filing-submitted", project.pk),
        ),
    ]


def material_infected(project: Project, said: str) -> Iterable[Letter]:
    """To the enterprise: a file of its draft must go before the filing can be handed in."""
    return [
        Letter(
            people.enterprise_people(project.enterprise_id),
            f"材料中发现病毒：{project.title}",
            f"{said}，没有给任何人看。请在本机查毒清除后替换或移除这份文件；在此之前申报不能提交。",
            _link("filing-materials", project.pk),
        )
    ]


def resubmitted(project: Project) -> Iterable[Letter]:
    """To the district's desk: the corrected filing is back."""
    return [
        Letter(
            people.district_people(project.district),
            f"补正后重新提交：{project.number} {project.title}",
            f"{_of(project)}已按补正通知重新提交，请在{day(project.due_on)}前完成初审（第九条二）。",
            _link("district-review", project.pk),
        )
    ]


def recalled(project: Project) -> Iterable[Letter]:
    """To the district's desk: it is off the desk again."""
    return [
        Letter(
            people.district_people(project.district),
            f"企业撤回修改：{project.number} {project.title}",
            f"{_of(project)}在截止前由企业撤回修改，编号不变；重新提交后再行初审。",
        )
    ]


def withdrawn(project: Project) -> Iterable[Letter]:
    """To whoever had it: the district, and the bureau once it was recommended. A draft was nobody else's business."""
    if project.number is None:
        return []
    readers = [*people.district_people(project.district), *people.bureau_people()]
    return [
        Letter(
            readers, f"企业撤回项目：{project.number} {project.title}", f"{_of(project)}由企业申请撤回，不再办理。",
            _link("project", project.pk),
        )
    ]  # fmt: skip


def lapsed(project: Project) -> Iterable[Letter]:
    """To the enterprise: what ran out; and to the district where a correction was not handed in."""
    if project.number is None or project.current_submission_id is None:
        words = f"申报已截止，“{project.title}”没有提交，草稿内容仍可查看。"
        return [
            Letter(people.enterprise_people(project.enterprise_id), f"未提交：{project.title}", words,
                   _link("filing", project.pk))
        ]  # fmt: skip
    readers = [*people.enterprise_people(project.enterprise_id), *people.district_people(project.district)]
    words = (
        f"{_of(project)}没有在补正期限内重新提交，已逾期失效（第九条（二））。可以在下一批次重新申报；"
        f"有异议的，请与{project.district.bureau_name}联系，或依法申请行政复议。"
    )
    return [Letter(readers, f"逾期失效：{project.number} {project.title}", words, _link("project", project.pk))]


def extended(call: Call, enterprises: Iterable[int], reason: str) -> Iterable[Letter]:
    """To everybody who may still use the time: there is more of it, and why."""
    close = call.closes_at
    return [
        Letter(
            people.enterprise_people(enterprise), f"申报时间延长：{call.title}",
            f"申报截止时间延长至 {_moment(close)}，对所有申报单位一样有效。理由：{reason}", _link("call", call.pk),
        )
        for enterprise in enterprises
    ]  # fmt: skip


def _moment(at: Any) -> str:
    from django.utils import timezone

    local = timezone.localtime(at)
    return f"{day(local)} {local:%H:%M}"


def invited(group: ProjectGroup, enterprise: Organisation) -> Iterable[Letter]:
    """To the invited enterprise."""
    return [
        Letter(
            people.enterprise_people(enterprise), f"邀请加入协同组：{group.name}",
            f"{group.lead.name}邀请贵企业加入“{group.name}”，由本单位审批人确认后，可在组内申报自己的项目。",
            _link("group", group.pk),
        )
    ]  # fmt: skip


def answered(group: ProjectGroup, enterprise: Organisation, *, joined: bool) -> Iterable[Letter]:
    """To the lead enterprise: an invited one said yes or no."""
    word = "已确认加入" if joined else "没有加入"
    return [
        Letter(people.enterprise_people(group.lead_id), f"{enterprise.name}{word}协同组：{group.name}", "",
               _link("group", group.pk))
    ]  # fmt: skip


def account_entered(enterprise: Organisation) -> Iterable[Letter]:
    """To those who may confirm a bank account."""
    readers = [*people.approvers(enterprise), *people.bureau_people()]
    return [
        Letter(readers, f"收款账户待复核：{enterprise.name}", "由录入人之外的另一人对照开户证明复核。",
               _link("bank-accounts"))
    ]  # fmt: skip


def account_changed(account: BankAccount) -> Iterable[Letter]:
    """To the enterprise, which may not have meant it; and to both bureaux, one of whom looks at it again."""
    name, tail = account.organisation.name, account.number_tail
    theirs = f"收款账户已变更为尾号 {tail}。不是本单位办理的，请立即与市工业和信息化局联系。"
    ours = f"{name}的收款账户变更为尾号 {tail}。30 日内的拨付，须由录入、复核以外的另一人再次核实账户后办理。"
    staff = people.of_roles(*BUREAU_ROLES, *FINANCE_ROLES)
    return [
        Letter(people.enterprise_people(account.organisation_id), "收款账户已变更", theirs, _link("enterprise")),
        Letter(staff, f"收款账户待再次核实：{name}", ours, _link("bank-accounts")),
    ]


def registration_requested(registration: Registration) -> Iterable[Letter]:
    """To the district's desk: an enterprise asks to be verified, until when."""
    return [
        Letter(
            people.district_people(registration.district), f"企业注册待核验：{registration.organisation.name}",
            f"请在{day(registration.due_on)}前核对统一社会信用代码、名称和所在区县。",
            _link("registration", registration.pk),
        )
    ]  # fmt: skip


def registration_decided(registration: Registration) -> Iterable[Letter]:
    """To the enterprise: it may file now, or why not."""
    bureau, name = registration.district.bureau_name, registration.organisation.name
    if registration.state_tone == "ok":
        subject, words = "注册已核验通过", f"{bureau}已核验{name}的注册，现在可以开始申报。"
    else:
        subject, words = (
            "注册未通过",
            f"{bureau}没有通过{name}的注册：{registration.reason}。可以更正后重新注册（第九条（一），属地申报）；有疑问请与{bureau}联系。",
        )
    return [Letter([registration.applicant], subject, words, _link("enterprise"))]
