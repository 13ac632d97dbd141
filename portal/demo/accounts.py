"""The accounts of the demonstration: username, person, title, roles; their password is on the login page."""

from __future__ import annotations

from dataclasses import dataclass

from core.models import ENTERPRISE_ROLES, OrganisationKind, Role

PASSWORD = "demo-portal-2025"  # noqa: S105 - published on the login page of the demonstration, and only there

ENTERPRISES = 36
EXPERTS = 9
DISTRICTS = (
    "heping", "shenhe", "dadong", "huanggu", "tiexi", "sujiatun", "hunnan", "shenbei", "yuhong", "liaozhong", "kangping",
    "faku", "xinmin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `place`: an enterprise number, a district's slug, or a kind of organisation."""

    username: str
    name: str
    title: str
    roles: tuple[str, ...]
    place: str


def _enterprises() -> list[Account]:
    return [
        Account(f"enterprise{n}", f"示例联系人{n:02d}", "填报与审批", tuple(ENTERPRISE_ROLES), f"E{n:03d}")
        for n in range(1, ENTERPRISES + 1)
    ]


def _districts() -> list[Account]:
    made = []
    for n, slug in enumerate(DISTRICTS, start=1):
        made.append(Account(f"district-{slug}", f"示例初审{n:02d}", "初审员", (Role.DISTRICT_OFFICER,), slug))
        made.append(Account(f"district-{slug}-lead", f"示例科长{n:02d}", "负责人", (Role.DISTRICT_LEAD,), slug))
    return made


def _experts() -> list[Account]:
    return [
        Account(f"expert{n}", f"示例专家{n:02d}", "评审专家", (Role.EXPERT,), OrganisationKind.EXPERT_EMPLOYER)
        for n in range(1, EXPERTS + 1)
    ]


_CITY = [
    Account("bureau", "示例经办丙", "经办", (Role.BUREAU_OFFICER,), OrganisationKind.CITY_BUREAU),
    Account("bureau-second", "示例经办子", "经办（异议核查）", (Role.BUREAU_OFFICER,), OrganisationKind.CITY_BUREAU),
    Account("bureau-lead", "示例处长庚", "负责人", (Role.BUREAU_LEAD,), OrganisationKind.CITY_BUREAU),
    Account("finance", "示例经办己", "经办", (Role.FINANCE_OFFICER,), OrganisationKind.CITY_FINANCE),
    Account("finance-lead", "示例处长丁", "负责人", (Role.FINANCE_LEAD,), OrganisationKind.CITY_FINANCE),
    Account("government", "示例经办戊", "经办", (Role.GOVERNMENT_OFFICE,), OrganisationKind.GOVERNMENT_OFFICE),
    Account("assessor", "示例评估师辛", "项目负责人", (Role.ASSESSOR,), OrganisationKind.THIRD_PARTY),
    Account("supervisor", "示例监督壬", "监督", (Role.SUPERVISOR,), OrganisationKind.SUPERVISION),
    Account("admin", "示例管理员癸", "系统管理", (Role.ADMINISTRATOR,), OrganisationKind.OPERATOR),
]

ACCOUNTS: list[Account] = [*_enterprises(), *_districts(), *_CITY, *_experts()]

NAMES_OF_BODIES = {
    OrganisationKind.THIRD_PARTY: "沈阳示例会计师事务所",
    OrganisationKind.SUPERVISION: "专项资金监督检查组",
    OrganisationKind.EXPERT_EMPLOYER: "辽宁示例工业技术研究院",
}
