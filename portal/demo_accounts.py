"""The demonstration's accounts as the login page offers them; nothing here works outside demo mode."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from core.models import APPLICANT_KINDS, OrganisationKind, User

PASSWORD = "demo-portal-2025"  # noqa: S105 - published on the login page of the demonstration, and only there
SHOWN_FIRST = {
    "enterprise1": "填写、上传、补正，核对并提交",
    "enterprise12": "线上链主企业：带领协同方案",
    "district-tiexi": "核验材料，一次告知缺陷，推荐",
    "district-tiexi-lead": "复核并签批初审意见",
    "institution1": "高等院校，在地方方向的通知中申报",
    "bureau": "发布通知，组织评审，编制拨付",
    "bureau-lead": "复核评审结论、金额与拨付批次",
    "finance": "审核资金来源与拨付批次",
    "finance-lead": "放行拨付",
    "government": "登记批复文号与审定金额",
    "expert1": "按评分标准匿名评审",
    "assessor": "验收评估，审定投资",
    "supervisor": "查看全部记录，不作任何修改",
    "admin": "管理账号与日历，不看项目",
}
GROUPS = [
    ("企业和其他申报单位", set(APPLICANT_KINDS)),
    ("区、县（市）工信部门", {OrganisationKind.DISTRICT_BUREAU}),
    ("市工业和信息化局", {OrganisationKind.CITY_BUREAU}),
    ("市财政局 · 市政府办公厅", {OrganisationKind.CITY_FINANCE, OrganisationKind.GOVERNMENT_OFFICE}),
    ("独立方与运维", set()),
]
LISTED_AT_MOST = 100


@dataclass
class AccountGroup:
    """Accounts of one kind of organisation."""

    name: str
    accounts: list[User] = field(default_factory=list)


def accounts(query: str = "", everyone: bool = False) -> QuerySet[User]:
    """Active accounts: the ones shown first, all of them, or those a query finds."""
    rows = User.objects.filter(is_active=True).select_related("organisation").order_by("pk")
    if query:
        return rows.filter(
            Q(username__icontains=query) | Q(name__icontains=query) | Q(organisation__name__icontains=query)
        )[:LISTED_AT_MOST]
    return rows[:LISTED_AT_MOST] if everyone else rows.filter(username__in=SHOWN_FIRST)


def grouped(rows) -> list[AccountGroup]:
    """Accounts under the heads of the login page, empty heads left out. Sets `purpose` on each account."""
    groups = [AccountGroup(name) for name, _ in GROUPS]
    for account in rows:
        account.purpose = SHOWN_FIRST.get(account.username) or account.title
        kind = account.organisation.kind if account.organisation else None
        at = next((number for number, (_, kinds) in enumerate(GROUPS) if kind in kinds), len(GROUPS) - 1)
        groups[at].accounts.append(account)
    return [group for group in groups if group.accounts]


def others() -> int:
    """How many accounts the first list leaves out."""
    return User.objects.filter(is_active=True).exclude(username__in=SHOWN_FIRST).count()
