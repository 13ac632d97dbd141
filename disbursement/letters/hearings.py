"""Letters of 告知与陈述申辩: to the enterprise what is intended, to the bureau what it said."""

from __future__ import annotations

from applications.models import Project
from core.models import Role
from core.money import yuan
from core.notices import Letter
from core.recipients import people_at_bureau, people_of, people_with
from core.templatetags.text_tags import cn_date
from disbursement.models import Acceptance, Hearing


def notified(hearing: Hearing) -> list[Letter]:
    under_way = f"（其中 {yuan(hearing.under_way)} 元正在拨付，到账的才收回）" if hearing.under_way else ""
    body = (
        f"市工业和信息化局拟{hearing.consequence}（{hearing.clause}），拟收回 {yuan(hearing.amount)} 元{under_way}。\n"
        f"事实与理由：{hearing.facts}\n"
        f"请在 {cn_date(hearing.answer_by)}前陈述申辩，可以提交材料；逾期视为放弃，局里将依法作出决定。"
    )
    return [_to_enterprise(hearing, f"拟{hearing.get_kind_display()}告知", body)]


def answered(hearing: Hearing) -> list[Letter]:
    subject = f"企业已陈述申辩：{hearing.project.title}"
    body = "请复核事实、理由和材料，记录是否采纳及理由。"
    return [Letter(people_at_bureau(), subject, body, hearing.get_absolute_url())]


def lapsed(hearing: Hearing) -> list[Letter]:
    subject = f"企业逾期未陈述申辩：{hearing.project.title}"
    return [
        Letter(people_at_bureau(), subject, "由告知人以外的负责人签发决定，或撤回告知。", hearing.get_absolute_url()),
        _to_enterprise(hearing, "陈述申辩期限已过", "期限内没有收到陈述申辩。"),
    ]


def weighed(hearing: Hearing) -> list[Letter]:
    what = "采纳，请确认不作决定" if hearing.upheld else "不采纳，请签发决定"
    subject = f"陈述申辩复核意见为{what}：{hearing.project.title}"
    return [Letter(people_with(Role.BUREAU_LEAD), subject, hearing.weighing, hearing.get_absolute_url())]


def dropped(hearing: Hearing) -> list[Letter]:
    body = f"您的陈述申辩已采纳，不作出拟告知的决定。理由：{hearing.weighing}"
    return [_to_enterprise(hearing, "陈述申辩已采纳", body)]


def withdrawn(hearing: Hearing, reason: str) -> list[Letter]:
    return [_to_enterprise(hearing, "拟决定告知已撤回", f"原因：{reason}")]


def audited_again(acceptance: Acceptance) -> list[Letter]:
    subject = f"请复核审定投资：{acceptance.project.title}"
    body = "企业对审定投资的陈述申辩已采纳，请复核后重新出具评估报告（第十一条）。"
    return [Letter(people_of(acceptance.assessor), subject, body, acceptance.get_absolute_url())]


def reopened(project: Project) -> list[Letter]:
    subject = f"审定投资重新复核：{project.title}"
    body = "第三方机构将重新出具评估报告，终核清算单作废。"
    return [Letter(people_of(project.enterprise), subject, body, project.get_absolute_url())]


def _to_enterprise(hearing: Hearing, subject: str, body: str) -> Letter:
    people = people_of(hearing.project.enterprise)
    return Letter(people, f"{subject}：{hearing.project.title}", body, hearing.get_absolute_url())
