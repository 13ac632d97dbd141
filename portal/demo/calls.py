"""The calls and the 线/面 groups of the demonstration."""

from __future__ import annotations

from applications import services as filing
from applications.models import Call, GroupMembership, ProjectGroup
from core.models import User
from policy import services as policy
from portal.demo import directions
from portal.demo.days import Days
from portal.demo.rows import Row, rows

TEXT = """为推进制造业新型技术改造城市试点，现组织申报“点、线、面”技术改造项目。

一、申报主体：在沈阳市注册、具有独立法人资格的企业。
二、申报方式：企业在线填报，按属地原则由区、县（市）工业和信息化局初审，市工业和信息化局组织专家评审。
三、支持标准：按《专项资金管理办法》第六条执行，由系统按条款逐步测算。
四、材料真实性由企业负责。弄虚作假的，按第十三条取消资格并追回资金。"""

# Names of the groups by the key of the data file: name, chain or park.
GROUPS = {
    "L01": ("五轴机床产业链协同改造", "工业母机产业链"),
    "L02": ("大型压缩机产业链协同改造", "高端装备产业链"),
    "L03": ("特高压变压器产业链协同改造", "电力装备产业链"),
    "L04": ("刻蚀设备产业链协同改造", "半导体装备产业链"),
    "L05": ("新能源整车产业链协同改造", "汽车产业链"),
    "A01": ("航空结构件园区协同改造", "航空装备产业园"),
    "A02": ("机器人产业园数字化协同改造", "机器人产业园"),
}


def load_calls(users: dict[str, User], days: Days) -> Call:
    """The call that takes all demonstration filings, and the next one, still being written."""
    year = days.loaded_at.year
    _adopt_the_version(users, days)
    call = filing.open_call(
        title=f"{year}年制造业新型技术改造项目申报通知（第一批）",
        year=year,
        text=TEXT,
        opens_at=days.ago(262, hour=9),
        closes_at=days.ahead(12),
        actor=users["bureau"],
        at=days.ago(266),
        experts_needed=3,
        district_days=10,
        grace_minutes=15,
    )
    directions.attach_papers(call, users["bureau"], days.ago(265))
    filing.publish_call(call, actor=users["bureau-lead"], at=days.ago(263), number=f"示例工信〔{year}〕12号")
    filing.open_call(
        title=f"{year}年制造业新型技术改造项目申报通知（第二批）",
        year=year,
        text=TEXT,
        opens_at=days.ahead(30, hour=9),
        closes_at=days.ahead(75),
        actor=users["bureau"],
        at=days.ago(3),
    )
    return Call.objects.get(pk=call.pk)


def _adopt_the_version(users: dict[str, User], days: Days) -> None:
    """Both bureaux stand behind the version the calls are bound to (第三、十七条)."""
    proposed = policy.propose(
        "2025-03", reason="按《专项资金管理办法》及各项缺省口径执行。", actor=users["bureau-lead"], at=days.ago(280)
    )
    policy.agree(proposed, number=f"示例财〔{days.loaded_at.year}〕1号", actor=users["finance-lead"], at=days.ago(275))


def load_groups(call: Call, users: dict[str, User], days: Days) -> dict[str, ProjectGroup]:
    """Each group opened by its lead, its members invited and joined; by the key of the data file."""
    made = {}
    for key in GROUPS:
        members = [row for row in rows() if row.group == key]
        lead = next((row for row in members if row.chain_leader), members[0])
        made[key] = _group(key, lead, [row for row in members if row is not lead], call, users, days)
    return made


def _group(key: str, lead: Row, others: list[Row], call: Call, users: dict[str, User], days: Days) -> ProjectGroup:
    actor = users[lead.username]
    name, place = GROUPS[key]
    plan = f"由{lead.enterprise_name}牵头，{len(others)} 家成员同步改造：统一数据标准，共享检测能力，交付周期同步缩短。"
    group = filing.open_group(
        call=call, lead=actor.organisation, track=lead.track, name=name, place=place, plan=plan, actor=actor,
        at=days.ago(261, hour=11),
    )  # fmt: skip
    for row in others:
        member: GroupMembership = filing.invite(group, uscc=row.uscc, actor=actor, at=days.ago(261, hour=14))
        filing.confirm_membership(member, actor=users[row.username], at=days.ago(260, hour=9))
    return group
