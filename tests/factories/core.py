"""People and organisations for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from stdnum.cn import uscc as stdnum_uscc

from core import reference
from core.accounts import district_desk, open_account
from core.models import Correction, District, Ground, GroundKind, Organisation, OrganisationKind, Role, User
from core.people import SYSTEM
from core.services import corrections

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI)  # a Thursday; time is given, never patched

_serial = count(1)


def moment(days: int = 0, hours: int = 0) -> datetime:
    """A moment so many days and hours after NOW."""
    return NOW + timedelta(days=days, hours=hours)


def district(slug: str = "tiexi") -> District:
    row = next(row for row in reference.rows("districts.csv") if row["slug"] == slug)
    found, _ = District.objects.get_or_create(code=row["code"], defaults={"slug": slug, "name": row["name"]})
    district_desk(found)
    return found


def credit_code(number: int) -> str:
    """A valid credit code in the range kept for systems' own use (PDY), so that it is nobody's; 90,000 of them."""
    body = f"91210106PDY{'9ABCDEFGH'[number // 10_000]}{number % 10_000:04d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    inner = body[8:16]
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in inner]
    check = 11 - sum(v * w for v, w in zip(values, weights, strict=True)) % 11
    body += {10: "X", 11: "0"}.get(check, str(check))
    return body + stdnum_uscc.calc_check_digit(body)


def enterprise(name: str = "", slug: str = "tiexi") -> Organisation:
    number = next(_serial)
    return Organisation.objects.create(
        kind=OrganisationKind.ENTERPRISE,
        name=name or f"沈阳测试企业{number}有限公司",
        uscc=credit_code(number),
        district=district(slug),
    )


def body(kind: str, name: str = "") -> Organisation:
    """One of the city's bodies, or a third party."""
    return Organisation.objects.get_or_create(kind=kind, name=name or str(OrganisationKind(kind).label))[0]


def district_bureau(slug: str = "tiexi") -> Organisation:
    where = district(slug)
    return Organisation.objects.get_or_create(
        kind=OrganisationKind.DISTRICT_BUREAU, district=where, defaults={"name": where.bureau_name}
    )[0]


def person(name: str, *roles: str, organisation: Organisation | None = None) -> User:
    number = next(_serial)
    return open_account(
        username=f"user{number}",
        name=name,
        organisation=organisation,
        roles=roles,
        password="portal-test-2026",
        email=f"user{number}@example.com",
        actor=SYSTEM,
        at=NOW,
    )


def filer(organisation: Organisation | None = None) -> User:
    return person("填报人 林", Role.ENTERPRISE_FILER, organisation=organisation or enterprise())


def approver(organisation: Organisation | None = None) -> User:
    """Holds both enterprise roles, as small enterprises do."""
    return person(
        "审批人 周", Role.ENTERPRISE_FILER, Role.ENTERPRISE_APPROVER, organisation=organisation or enterprise()
    )


def district_officer(slug: str = "tiexi") -> User:
    return person("初审员 吴", Role.DISTRICT_OFFICER, organisation=district_bureau(slug))


def district_lead(slug: str = "tiexi") -> User:
    return person("区县负责人 郑", Role.DISTRICT_LEAD, organisation=district_bureau(slug))


def bureau_officer() -> User:
    return person("市局经办 王", Role.BUREAU_OFFICER, organisation=body(OrganisationKind.CITY_BUREAU))


def bureau_lead() -> User:
    return person("市局负责人 冯", Role.BUREAU_LEAD, organisation=body(OrganisationKind.CITY_BUREAU))


def expert() -> User:
    return person("专家 陈", Role.EXPERT, organisation=body(OrganisationKind.EXPERT_EMPLOYER))


def finance_officer() -> User:
    return person("财政经办 褚", Role.FINANCE_OFFICER, organisation=body(OrganisationKind.CITY_FINANCE))


def finance_lead() -> User:
    return person("财政负责人 卫", Role.FINANCE_LEAD, organisation=body(OrganisationKind.CITY_FINANCE))


def government() -> User:
    return person("办公厅 蒋", Role.GOVERNMENT_OFFICE, organisation=body(OrganisationKind.GOVERNMENT_OFFICE))


def assessor(organisation: Organisation | None = None) -> User:
    return person("评估师 沈", Role.ASSESSOR, organisation=organisation or body(OrganisationKind.THIRD_PARTY))


def supervisor() -> User:
    return person("监督员 韩", Role.SUPERVISOR, organisation=body(OrganisationKind.SUPERVISION))


def administrator() -> User:
    return person("管理员 杨", Role.ADMINISTRATOR, organisation=body(OrganisationKind.OPERATOR))


def ground(kind: str = GroundKind.DECISION, by: User | None = None) -> Ground:
    return Ground.issue(kind=kind, title=str(GroundKind(kind).label), by=by or SYSTEM, at=NOW, number="示例〔2026〕1号")


def correction(of_ground: Ground, after: str = "示例〔2026〕2号") -> Correction:
    """A slip in a paper's number, proposed by somebody of the body that issued it."""
    by = of_ground.issued_by
    return corrections.propose(of_ground, field="number", after=after, reason="文号误植。", actor=by, at=NOW)


EVERY_ROLE = {
    Role.ENTERPRISE_FILER: filer,
    Role.ENTERPRISE_APPROVER: approver,
    Role.DISTRICT_OFFICER: district_officer,
    Role.DISTRICT_LEAD: district_lead,
    Role.BUREAU_OFFICER: bureau_officer,
    Role.BUREAU_LEAD: bureau_lead,
    Role.EXPERT: expert,
    Role.FINANCE_OFFICER: finance_officer,
    Role.FINANCE_LEAD: finance_lead,
    Role.GOVERNMENT_OFFICE: government,
    Role.ASSESSOR: assessor,
    Role.SUPERVISOR: supervisor,
    Role.ADMINISTRATOR: administrator,
}
