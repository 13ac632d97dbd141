"""Who is written to when something moves in the review room, and with which facts; never who objected or how one scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, OrganisationKind, Role, User
from core.notices import Letter
from core.templatetags.text_tags import cn_date
from review.blind import name_for_experts

if TYPE_CHECKING:
    from applications.models import Project
    from core.models import Ground
    from review.models import Assignment, Draw, Expert, Objection, Opinion, PublicNotice, SiteVisit, Statement


# --- who ------------------------------------------------------------------------------------------------------------


def _people(*roles: str) -> Any:
    return User.objects.filter(is_active=True, groups__name__in=roles).distinct()


def enterprise_people(project: Project) -> Iterable[User]:
    return _people(*ENTERPRISE_ROLES).filter(organisation=project.enterprise_id)


def district_people(project: Project, *roles: str) -> Iterable[User]:
    return _people(*(roles or DISTRICT_ROLES)).filter(
        organisation__kind=OrganisationKind.DISTRICT_BUREAU, organisation__district=project.district_id
    )


def bureau_people(*roles: str) -> Iterable[User]:
    return _people(*(roles or BUREAU_ROLES))


# --- the district's moves -------------------------------------------------------------------------------------------


def returned_for_correction(project: Project, listed: Sequence[dict[str, Any]]) -> list[Letter]:
    lines = [f"{row['number']}. {row['about']} {row['what']} 请：{row['todo']}" for row in listed]
    body = "\n".join(
        [
            f"“{project.title}”（{project.number}）的申报材料有 {len(listed)} 处需要补正（第九条（二），一次性告知）：",
            *lines,
            f"请在 {cn_date(project.due_on)} 前补正并重新提交，逾期视为放弃申报。补正期间初审暂停计时，"
            f"重新提交后初审还有 {project.days_kept or project.call.district_days} 个工作日。",
            f"有疑问请与{project.district.bureau_name}联系。",
        ]
    )
    return [Letter(enterprise_people(project), f"请补正：{project.title}", body, project.get_absolute_url())]


def opinion_written(project: Project) -> list[Letter]:
    leads = district_people(project, Role.DISTRICT_LEAD)
    body = f"“{project.title}”（{project.number}）的初审意见已填写，请您签批。"
    return [Letter(leads, f"待签批：{project.title}", body, reverse("district-review", args=[project.pk]))]


def opinion_refused(project: Project, opinion: Opinion) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）的初审意见没有签批，请修改后重新填写。\n理由：{opinion.refusal}"
    writers = [opinion.written_by, *([project.taken_by] if project.taken_by else [])]
    return [Letter(writers, f"初审意见退回：{project.title}", body, reverse("district-review", args=[project.pk]))]


def handed_over(project: Project, before: User | None, to: User, reason: str, actor: User) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）由{actor}移交给{to}经办。\n原因：{reason}"
    told = [to, *([before] if before and before != actor else [])]
    return [Letter(told, f"移交经办：{project.title}", body, reverse("district-review", args=[project.pk]))]


def recommendations(projects: Sequence[Project]) -> Callable[[Project], list[Letter]]:
    """What each of these projects is told of; who reads it is asked once for all of them."""
    bureau, of_enterprise = list(bureau_people()), defaultdict(list)
    applicants = {project.enterprise_id for project in projects}
    for person in _people(*ENTERPRISE_ROLES).filter(organisation__in=applicants):
        of_enterprise[person.organisation_id].append(person)
    return lambda project: recommended(project, of_enterprise[project.enterprise_id], bureau)


def recommended(project: Project, enterprise: Iterable[User], bureau: Iterable[User]) -> list[Letter]:
    told = f"“{project.title}”（{project.number}）已由{project.district.bureau_name}推荐，进入市级评审，{cn_date(project.due_on)} 前完成。"
    return [
        Letter(enterprise, f"已推荐：{project.title}", told, project.get_absolute_url()),
        Letter(bureau, f"待评审：{project.title}", told, reverse("review-project", args=[project.pk])),
    ]


def declined(project: Project, ground: Ground) -> list[Letter]:
    facts = ground.facts
    body = "\n".join(
        part
        for part in (
            f"“{project.title}”（{project.number}）在{facts['step']}环节决定不予支持。",
            f"理由：{facts['reasons']}",
            f"依据：《沈阳市制造业新型技术改造城市试点专项资金管理办法》{facts['clause']}",
            f"文号：{ground.number}" if ground.number else "",
            facts["turn_to"],
        )
        if part
    )
    subject = f"不予支持：{project.title}"
    return [
        Letter(enterprise_people(project), subject, body, project.get_absolute_url()),
        Letter(district_people(project), subject, body, project.get_absolute_url()),
    ]


# --- the bureau's moves ---------------------------------------------------------------------------------------------


def sent_back(project: Project, reasons: str) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）由市工信局退回区县。\n原因：{reasons}\n请在 {cn_date(project.due_on)} 前重新办理。"
    told = (
        f"“{project.title}”（{project.number}）退回{project.district.bureau_name}重新初审（第九条（二）），"
        f"您暂时不需要办理，有疑问请与该局联系。\n原因：{reasons}"
    )
    subject = f"退回区县：{project.title}"
    return [
        Letter(district_people(project), subject, body, reverse("district-review", args=[project.pk])),
        Letter(enterprise_people(project), subject, told, project.get_absolute_url()),
    ]


def asked_to_score(assignments: Sequence[Assignment]) -> list[Letter]:
    return [
        Letter(
            [one.expert.user],
            f"请评分：{name_for_experts(one.project)}",
            f"请在 {cn_date(one.due_on)} 前完成评分。与申报企业有利害关系的，请申请回避。",
            reverse("expert-score", args=[one.pk]),
        )
        for one in assignments
    ]


def invited(assignments: Sequence[Assignment]) -> list[Letter]:
    found = []
    for one in assignments:
        name, by = name_for_experts(one.project), cn_date(one.answer_due_on)
        body = f"您被随机抽取评审“{name}”，请在 {by} 前答复是否接受；逾期未答复的，由候补专家递补。"
        found.append(Letter([one.expert.user], f"评审邀请：{name}", body, reverse("expert-invitation", args=[one.pk])))
    return found


def declaration_ends(expert: Expert, until: Any) -> list[Letter]:
    body = f"您的利益关系声明有效期至 {cn_date(until)}。到期后不再参加抽取，请在到期前核对并重新声明。"
    return [Letter([expert.user], "请更新利益关系声明", body, reverse("expert-interests"))]


def number_wanted(draw: Draw) -> list[Letter]:
    body = f"专家抽取 {draw.number} 的名单已锁定，请负责人封存一个号码。两个号码都封存后系统自动抽取。"
    return [
        Letter(bureau_people(Role.BUREAU_LEAD), f"请封存抽取号码：{draw.number}", body, reverse("draw", args=[draw.pk]))
    ]


def draw_fell_short(draw: Draw, short: int) -> list[Letter]:
    body = f"专家抽取 {draw.number} 有 {short} 个项目因无利害关系的专家不足没有抽取，请补充专家库后另行抽取。"
    return [Letter(bureau_people(), f"抽取不足：{draw.number}", body, reverse("draw", args=[draw.pk]))]


def reserve_is_used_up(project: Project) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）的候补专家已用完，请补充专家库后另行指派。"
    return [Letter(bureau_people(), f"候补用完：{project.title}", body, reverse("review-project", args=[project.pk]))]


def asked_to_score_again(assignments: Sequence[Assignment], reason: str) -> list[Letter]:
    found = []
    for one in assignments:
        name = name_for_experts(one.project)
        body = f"“{name}”的专家评分差距较大，请独立重新评分，{cn_date(one.due_on)} 前提交。\n复评理由：{reason}"
        found.append(Letter([one.expert.user], f"请复评：{name}", body, reverse("expert-score", args=[one.pk])))
    return found


def asked_to_visit(visit: SiteVisit, visitors: Sequence[User]) -> list[Letter]:
    body = f"请于 {cn_date(visit.planned_on)} 参加“{visit.project.title}”的现场核查，地点：{visit.place}。\n{visit.purpose}"
    return [Letter(visitors, f"现场核查：{visit.project.title}", body, reverse("site-visit", args=[visit.pk]))]


def expert_stepped_aside(assignment: Assignment) -> list[Letter]:
    project = assignment.project
    then = "已按抽取记录的顺序递补。" if assignment.draw_id else "请另行指派。"
    body = f"“{project.title}”的一名专家不能评审，{then}\n原因：{assignment.declined_because}"
    return [Letter(bureau_people(), f"专家回避：{project.title}", body, reverse("review-project", args=[project.pk]))]


def all_scores_in(project: Project) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）的专家评分已全部提交，可以作出结论。"
    return [Letter(bureau_people(), f"评分齐了：{project.title}", body, reverse("review-project", args=[project.pk]))]


def concluded(project: Project) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）已通过市级评审，将按批次公示。支持金额在公示无异议后确定（第九条（三））。"
    return [Letter(enterprise_people(project), f"评审通过：{project.title}", body, project.get_absolute_url())]


def notice_published(project: Project, notice: PublicNotice) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）列入公示 {notice.number}，公示期至 {cn_date(notice.ends_on)}。"
    return [Letter(enterprise_people(project), f"开始公示：{project.title}", body, reverse("notice", args=[notice.pk]))]


def notice_closed(project: Project) -> list[Letter]:
    body = f"“{project.title}”（{project.number}）公示期满，没有未结的异议，进入市政府审定。"
    return [
        Letter(enterprise_people(project), f"公示期满：{project.title}", body, project.get_absolute_url()),
        Letter(bureau_people(), f"公示期满：{project.title}", body, project.get_absolute_url()),
    ]


# --- objections -----------------------------------------------------------------------------------------------------


def objection_received(objection: Objection, project: Project) -> list[Letter]:
    told = f"“{project.title}”（{project.number}）在公示期间收到异议，市工信局正在核查，核查期间本项目的公示不结束。"
    body = f"{told}\n请在 {cn_date(objection.due_on)} 前答复。"
    subject = f"公示异议：{project.title}"
    return [
        Letter(bureau_people(), subject, body, reverse("objection", args=[objection.pk])),
        Letter(enterprise_people(project), subject, told, project.get_absolute_url()),
    ]


def objection_assigned(objection: Objection) -> list[Letter]:
    body = f"请核查对“{objection.entry.project_title}”的异议，{cn_date(objection.due_on)} 前答复。异议人身份不得告知企业和区县。"
    subject = f"核查异议：{objection.entry.project_title}"
    return [Letter([objection.assigned_to], subject, body, reverse("objection", args=[objection.pk]))]


def objection_investigated(objection: Objection) -> list[Letter]:
    body = f"对“{objection.entry.project_title}”的异议已核查完毕，请在 {cn_date(objection.due_on)} 前答复。"
    subject = f"待答复异议：{objection.entry.project_title}"
    return [Letter(bureau_people(Role.BUREAU_LEAD), subject, body, reverse("objection", args=[objection.pk]))]


def statement_asked(statement: Statement, project: Project) -> list[Letter]:
    """To the party that was asked; it reads the question and nothing of whoever raised it."""
    people = enterprise_people(project) if statement.party == "enterprise" else district_people(project)
    body = f"核查“{project.title}”（{project.number}）需要您说明情况：\n{statement.question}\n请在 {cn_date(statement.due_on)} 前答复。"
    return [Letter(people, f"请说明情况：{project.title}", body, reverse("statement", args=[statement.pk]))]


def statement_given(statement: Statement) -> list[Letter]:
    body = f"{statement.get_party_display()}已就“{statement.project}”作出情况说明。"
    link = reverse("objection", args=[statement.objection_id])
    return [Letter([statement.asked_by], f"收到情况说明：{statement.project}", body, link)]


def objection_dismissed(project: Project, told: str = "") -> list[Letter]:
    body = f"对“{project.title}”（{project.number}）的公示异议经核查不成立，公示继续。"
    body += f"\n说明：{told}" if told else ""
    return [Letter(enterprise_people(project), f"异议不成立：{project.title}", body, project.get_absolute_url())]


def back_to_review(project: Project, told: str) -> list[Letter]:
    body = (
        f"对“{project.title}”（{project.number}）的公示异议成立，项目移出公示，重新评审（第九条（三））。\n理由：{told}\n"
        "评审结论会书面告知；有疑问请与市工业和信息化局联系。"
    )
    subject = f"重新评审：{project.title}"
    return [
        Letter(enterprise_people(project), subject, body, project.get_absolute_url()),
        Letter(district_people(project), subject, body, project.get_absolute_url()),
    ]
