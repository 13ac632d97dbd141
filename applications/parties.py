"""Who may move a project: the people of each step, as the law in `workflow` names them."""

from __future__ import annotations

from typing import Any

from applications.states import State
from core.models.people import BUREAU_ROLES, DISTRICT_ROLES, Role
from core.people import call_ids_in_scope, district_ids_in_scope, hands_of, has_role, interests_of, is_system
from core.workflow import all_of, because


@because("须由本单位的审批人办理。")
def own_approver(project: Any, actor: Any) -> bool:
    return has_role(actor, Role.ENTERPRISE_APPROVER) and actor.organisation_id == project.enterprise_id


@because("您已申报与这家企业的利益关系，按规定回避（第十六条），请由同事办理。")
def has_no_interest(project: Any, actor: Any) -> bool:
    return project.enterprise_id not in interests_of(actor)


@because("须由项目所在区县的初审人员办理（第九条二，属地原则）。")
def works_at_the_district(project: Any, actor: Any) -> bool:
    return has_role(actor, *DISTRICT_ROLES) and project.district_id in district_ids_in_scope(actor)


@because("须由项目所在区县工信部门的负责人办理（第九条二）。")
def leads_the_district(project: Any, actor: Any) -> bool:
    return has_role(actor, Role.DISTRICT_LEAD) and project.district_id in district_ids_in_scope(actor)


@because("这件由另一位同事经办。请由其移交，或由负责人改派。")
def nobody_elses_work(project: Any, actor: Any) -> bool:
    """Untaken, taken by himself or by whom he stands in for; a lead may always."""
    return project.taken_by_id in {None, *hands_of(actor)} or leads_the_district(project, actor)


@because("须由负责本批次的市工信局人员办理（第九条三）。")
def runs_the_call(project: Any, actor: Any) -> bool:
    return has_role(actor, *BUREAU_ROLES) and project.call_id in call_ids_in_scope(actor)


@because("须由市工信局负责人办理。")
def leads_the_call(project: Any, actor: Any) -> bool:
    return has_role(actor, Role.BUREAU_LEAD) and project.call_id in call_ids_in_scope(actor)


district_desk = all_of(works_at_the_district, has_no_interest)
district_lead = all_of(leads_the_district, has_no_interest)
checks_the_filing = all_of(district_desk, nobody_elses_work)
bureau_desk = all_of(runs_the_call, has_no_interest)
bureau_lead = all_of(leads_the_call, has_no_interest)


@because("由市工信局在公示期满后办理。")
def bureau_or_clock(project: Any, actor: Any) -> bool:
    return is_system(actor) or bureau_desk(project, actor)


@because("须由市政府办公厅记录（第九条三）。")
def government_office(project: Any, actor: Any) -> bool:
    return has_role(actor, Role.GOVERNMENT_OFFICE)


@because("任务书由市工信局负责人与企业审批人双方签署（第九条三）。")
def either_signatory(project: Any, actor: Any) -> bool:
    return bureau_lead(project, actor) or own_approver(project, actor)


@because("由系统按期限办理。")
def the_clock(project: Any, actor: Any) -> bool:
    return is_system(actor)


@because("须由当前环节的负责人决定。")
def decides_the_step(project: Any, actor: Any) -> bool:
    if project.state == State.DISTRICT_REVIEW:
        return leads_the_district(project, actor)
    if project.state == State.GOVERNMENT_APPROVAL:
        return government_office(project, actor)
    return leads_the_call(project, actor)


decider_of_the_step = all_of(decides_the_step, has_no_interest)
