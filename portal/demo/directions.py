"""A call for a local direction (第七条二) and one applicant that is no enterprise, with its filing on the district's desk."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import services as filing
from applications.models import Call, Direction, Need, Project, Track
from core import files
from core.accounts import open_account
from core.codes import inner_check_character, uscc_check_character
from core.models import ENTERPRISE_ROLES, District, Organisation, OrganisationKind, User
from core.people import SYSTEM
from policy import services as policy
from portal.demo.accounts import PASSWORD
from portal.demo.days import Days
from portal.demo.filings import INDICATORS
from portal.demo.papers import sample_pdf

USERNAME = "institution1"
NAME = "沈阳示例工业大学"
RATES = {"directions": {"service_providers": {"rate": "0.30", "cap": "1000000.00"}}}
TEXT = """为培育数字化转型服务商，现组织申报地方方向项目（第七条二）。

一、申报主体：在沈阳市登记的企业、高等院校、科研院所、社会组织和园区管理机构。
二、支持方式：地方资金，按现行政策的比例和封顶执行，由系统逐步测算。
三、申报方式：在线填报，由所在区、县（市）工业和信息化局初审，市工业和信息化局组织评审。"""
LINES: list[dict[str, Any]] = [
    {"category": "software", "name": "工业诊断与仿真平台", "amount": Decimal("1800000"), "tax": Decimal("108000")},
    {"category": "equipment", "name": "边缘采集与测试设备", "amount": Decimal("900000"), "tax": Decimal("117000")},
    {"category": "service", "name": "面向企业的诊断服务", "amount": Decimal("600000"), "tax": Decimal("36000")},
]


def attach_papers(call: Call, actor: User, at: datetime) -> None:
    """Two papers beside the text of a call that is not published."""
    for title in ("附件1 申报书样式", "附件2 真实性及不重复申报承诺书"):
        paper = SimpleUploadedFile(f"{title}.pdf", sample_pdf([title, "演示文件（内容虚构）"]), "application/pdf")
        filing.attach(call, title=title, upload=paper, actor=actor, at=at)


def load(users: dict[str, User], days: Days) -> Project:
    """The rates of the direction adopted, the call published, the university's filing submitted."""
    version = _adopt_rates(users, days)
    call = _call(version, users, days)
    actor = _university(days.ago(45))
    return _file(call, actor, days)


def _adopt_rates(users: dict[str, User], days: Days) -> str:
    proposed = policy.propose(
        "2025-03", reason="录入服务商培育现行政策的比例和封顶（示例）。", variation=RATES, actor=users["bureau-lead"],
        at=days.ago(60),
    )  # fmt: skip
    return policy.agree(
        proposed, number=f"示例财〔{days.loaded_at.year}〕6号", actor=users["finance-lead"], at=days.ago(58)
    ).name


def _call(version: str, users: dict[str, User], days: Days) -> Call:
    year = days.loaded_at.year
    call = filing.open_call(
        title=f"{year}年数字化转型服务商培育项目申报通知", year=year, text=TEXT, direction=Direction.SERVICE_PROVIDERS,
        opens_at=days.ago(40, hour=9), closes_at=days.ahead(20), policy_version=version, actor=users["bureau"],
        at=days.ago(50), experts_needed=3,
    )  # fmt: skip
    attach_papers(call, users["bureau"], days.ago(49))
    return filing.publish_call(call, actor=users["bureau-lead"], at=days.ago(48), number=f"示例工信〔{year}〕31号")


def _university(at: datetime) -> User:
    body = "12210112PDY99901"
    body += inner_check_character(body[8:])
    place = Organisation.objects.create(
        kind=OrganisationKind.UNIVERSITY, name=NAME, uscc=body + uscc_check_character(body),
        district=District.objects.get(slug="hunnan"),
    )  # fmt: skip
    actor = open_account(
        username=USERNAME, name="示例教师", title="填报与审批", organisation=place, roles=tuple(ENTERPRISE_ROLES),
        email=f"{USERNAME}@example.com", actor=SYSTEM, at=at,
    )  # fmt: skip
    User.objects.filter(pk=actor.pk).update(password=make_password(PASSWORD))
    values = {
        "address": "沈阳市浑南区示例路9号", "industry": "", "legal_person": "示例校长", "contact": "示例教师",
        "phone": "024-22720009", "email": f"{USERNAME}@example.com",
    }  # fmt: skip
    filing.save_profile(place, values=values, actor=actor, at=at)
    return actor


def _file(call: Call, actor: User, days: Days) -> Project:
    begun, title = days.ago(12, hour=10), "面向装备制造中小企业的数字化诊断服务"
    project = filing.start_project(
        call=call, enterprise=actor.organisation, track=Track.LOCAL, title=title, actor=actor, at=begun
    )
    values = {
        "title": title, "industry": "", "task": None, "site": "沈阳市浑南区示例路9号", "contact": "示例教师",
        "contact_phone": "024-22720009", "credit_report_date": begun.date(), "start_on": begun.date(),
        "end_on": days.ahead(240).date(), "content": "组建诊断团队，为 60 家装备制造中小企业开展数字化诊断。",
        "benefit": "形成 60 份诊断报告，带动 20 家企业实施改造。", "own_funds": Decimal("3300000"),
    }  # fmt: skip
    filing.save_basics(project, values=values, actor=actor, at=begun)
    filing.save_lines(project, lines=LINES, actor=actor, at=begun)
    filing.save_indicators(project, indicators=INDICATORS, actor=actor, at=begun)
    paper = files.store_bytes(
        sample_pdf(["演示材料（内容虚构）", title, NAME]), name="演示材料.pdf", kind="material", by=actor, at=begun
    )
    for entry in call.materials.filter(need=Need.REQUIRED):
        filing.attach_material(project, entry, file=paper, actor=actor, at=begun)
    return filing.submit(project, actor=actor, at=days.ago(9, hour=11))
