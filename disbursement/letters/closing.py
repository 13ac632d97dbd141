"""Letters of acceptance, settlement, recovery, termination and disqualification."""

from __future__ import annotations

from applications.models import Project
from core.models import Role
from core.money import yuan
from core.notices import Letter
from core.recipients import people_at_bureau, people_at_district, people_of, people_with
from core.templatetags.text_tags import cn_date
from disbursement.models import Acceptance, Recovery

WHERE_TO_TURN = "对本决定不服的，可以依法申请行政复议或者提起行政诉讼。"
ASK = "有疑问请与市工业和信息化局联系。"


def _to_enterprise(project: Project, subject: str, body: str) -> Letter:
    return Letter(people_of(project.enterprise), f"{subject}：{project.title}", body, project.get_absolute_url())


def acceptance_asked_for(project: Project) -> list[Letter]:
    subject = f"企业申请验收：{project.title}"
    body = "企业已报竣工。请委托第三方机构评估（第十一条）。"
    return [Letter(people_at_bureau(), subject, body, project.get_absolute_url())]


def assessor_assigned(acceptance: Acceptance) -> list[Letter]:
    subject = f"评估委托：{acceptance.project.title}"
    body = "请从进度及可行性、投资、技术水平、国产化设备及软件投入、应用成效五个方面评估并出具报告（第十一条）。"
    return [Letter(people_of(acceptance.assessor), subject, body, acceptance.get_absolute_url())]


def assessment_reported(acceptance: Acceptance) -> list[Letter]:
    subject = f"第三方已出具评估报告：{acceptance.project.title}"
    return [Letter(people_at_bureau(), subject, "请作出验收结论（第十一条）。", acceptance.get_absolute_url())]


def accepted(project: Project) -> list[Letter]:
    body = "验收通过。下一步由市工业和信息化局按审定投资终核清算（第十二条）。"
    return [_to_enterprise(project, "验收通过", body)]


def rectification_required(project: Project, reason: str) -> list[Letter]:
    body = (
        f"需要整改：{reason}\n请在 {cn_date(project.due_on)}前完成整改并再次申请验收；"
        f"整改只有一次，期间暂停拨付（第十一条）。{ASK}"
    )
    return [_to_enterprise(project, "验收须整改", body)]


def acceptance_failed(project: Project, reason: str) -> list[Letter]:
    body = f"理由：{reason}\n验收不通过，项目终止，已拨付资金将追回（第十一、十二条）。{WHERE_TO_TURN}"
    return [_to_enterprise(project, "验收不通过", body), _to_district(project, "项目验收不通过")]


def settled(project: Project) -> list[Letter]:
    return [
        _to_enterprise(project, "项目办结", "终核金额已结清，项目办结（第十二条）。"),
        _to_district(project, "项目办结"),
    ]


def terminated(project: Project, reason: str) -> list[Letter]:
    body = f"理由：{reason}\n项目按任务书约定终止（第十四条），未拨资金不再拨付，已拨付资金将追回。{WHERE_TO_TURN}"
    return [_to_enterprise(project, "项目终止", body), _to_district(project, "项目终止")]


def revoked(project: Project, reason: str) -> list[Letter]:
    body = f"理由：{reason}\n因申报材料弄虚作假，取消资格，收回已拨付的财政资金（第十三条）。{WHERE_TO_TURN}"
    return [_to_enterprise(project, "取消资格", body), _to_district(project, "取消资格")]


def recovery_demanded(recovery: Recovery) -> list[Letter]:
    body = (
        f"请在 {cn_date(recovery.due_on)}前退回 {yuan(recovery.demanded)} 元（通知文号 {recovery.number}）。"
        f"{WHERE_TO_TURN}"
    )
    return [_of_recovery(recovery, "追回通知", body), _to_district(recovery.project, "追回已拨资金")]


def recovery_overdue(recovery: Recovery) -> list[Letter]:
    body = f"期限 {cn_date(recovery.due_on)}已过，未退 {yuan(recovery.outstanding)} 元。仍不退回的，将依法移送（第十四条）。"
    subject = f"追回逾期：{recovery.project.title}"
    return [
        _of_recovery(recovery, "追回逾期", body),
        Letter(people_at_bureau(), subject, "请催缴，或办理移送。", recovery.get_absolute_url()),
    ]


def recovery_complete(recovery: Recovery) -> list[Letter]:
    subject = f"追回款已收齐：{recovery.project.title}"
    return [
        Letter(people_of(recovery.project.enterprise), subject, "应退款项已全部收到。", recovery.get_absolute_url()),
        Letter(people_at_bureau(), subject, "", recovery.get_absolute_url()),
    ]


def recovery_referred(recovery: Recovery) -> list[Letter]:
    subject = f"逾期未退，已移送：{recovery.project.title}"
    body = f"逾期未退回的资金已依法移送{recovery.referred_to}处理（第十四条）。"
    return [
        Letter(people_of(recovery.project.enterprise), subject, body, recovery.get_absolute_url()),
        Letter(people_with(Role.SUPERVISOR), subject, body, recovery.get_absolute_url()),
    ]


def _of_recovery(recovery: Recovery, subject: str, body: str) -> Letter:
    people = people_of(recovery.project.enterprise)
    return Letter(people, f"{subject}：{recovery.project.title}", body, recovery.get_absolute_url())


def _to_district(project: Project, subject: str) -> Letter:
    return Letter(people_at_district(project.district), f"{subject}：{project.title}", "", project.get_absolute_url())
