"""People, organisations, districts, and the scope guardian grants to groups."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from guardian.models import GroupObjectPermissionBase

from core import people
from core.codes import validate_uscc
from core.encryption import EncryptedTextField
from core.models.scoped import ScopedQuerySet


class Role(models.TextChoices):
    """The thirteen roles; each has its sentence in docs/roles.md. A role is a Django group of the same name."""

    ENTERPRISE_FILER = "enterprise_filer", "企业填报人"
    ENTERPRISE_APPROVER = "enterprise_approver", "企业审批人"
    DISTRICT_OFFICER = "district_officer", "区县初审员"
    DISTRICT_LEAD = "district_lead", "区县负责人"
    BUREAU_OFFICER = "bureau_officer", "市工信局经办"
    BUREAU_LEAD = "bureau_lead", "市工信局负责人"
    EXPERT = "expert", "评审专家"
    FINANCE_OFFICER = "finance_officer", "市财政局经办"
    FINANCE_LEAD = "finance_lead", "市财政局负责人"
    GOVERNMENT_OFFICE = "government_office", "市政府办公厅"
    ASSESSOR = "assessor", "第三方评估机构"
    SUPERVISOR = "supervisor", "监督"
    ADMINISTRATOR = "administrator", "系统管理员"

    def label_at(self, organisation: Organisation | None) -> str:
        """The role as it is called there: an applicant that is no enterprise has a 单位填报人."""
        fits = organisation is None or not organisation.is_institution
        return str(self.label) if fits else str(self.label).replace("企业", "单位")


ENTERPRISE_ROLES = (Role.ENTERPRISE_FILER, Role.ENTERPRISE_APPROVER)
DISTRICT_ROLES = (Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD)
BUREAU_ROLES = (Role.BUREAU_OFFICER, Role.BUREAU_LEAD)
FINANCE_ROLES = (Role.FINANCE_OFFICER, Role.FINANCE_LEAD)


class OpenQuerySet(ScopedQuerySet):
    """Rows that are no secret: reference data everybody may read."""

    def visible_to_public(self) -> Self:
        return self

    def _visible_to_person(self, user: Any) -> Self:
        return self


class District(models.Model):
    """A district or county of Shenyang by GB/T 2260; its bureau receives what is filed there (第九条一 属地)."""

    code = models.CharField("区划代码", max_length=6, unique=True)
    slug = models.SlugField("简称", unique=True)
    name = models.CharField("名称", max_length=20)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "区县"
        ordering = ["code"]
        permissions = [("district_desk", "在本区县办理初审")]

    def __str__(self) -> str:
        return self.name

    @property
    def bureau_name(self) -> str:
        return f"{self.name}工业和信息化局"


class Zone(models.Model):
    """A development zone (开发区): no GB code of its own, its filings go to the district that holds it."""

    name = models.CharField("名称", max_length=40, unique=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="zones")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "开发区"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    ENTERPRISE = "enterprise", "企业"
    UNIVERSITY = "university", "高等院校"
    INSTITUTE = "institute", "科研院所"
    ASSOCIATION = "association", "协会、商会等社会组织"
    PARK = "park", "园区管理机构"
    DISTRICT_BUREAU = "district_bureau", "区县工信部门"
    CITY_BUREAU = "city_bureau", "市工业和信息化局"
    CITY_FINANCE = "city_finance", "市财政局"
    GOVERNMENT_OFFICE = "government_office", "市政府办公厅"
    THIRD_PARTY = "third_party", "第三方机构"
    SUPERVISION = "supervision", "监督机构"
    EXPERT_EMPLOYER = "expert_employer", "专家所在单位"
    OPERATOR = "operator", "系统运维"


# Who may file: an enterprise everywhere, the others where a call is for a local direction (第七条二).
INSTITUTION_KINDS = (
    OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE, OrganisationKind.ASSOCIATION, OrganisationKind.PARK,
)  # fmt: skip
APPLICANT_KINDS = (OrganisationKind.ENTERPRISE, *INSTITUTION_KINDS)


class OrganisationQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """Officials read the register (district: its own enterprises); others their own organisation."""
        roles = people.roles_of(user)
        if roles & {*BUREAU_ROLES, *FINANCE_ROLES, Role.GOVERNMENT_OFFICE, Role.SUPERVISOR, Role.ADMINISTRATOR}:
            return self
        mine = models.Q(pk=user.organisation_id)
        if roles & set(DISTRICT_ROLES):
            return self.filter(mine | models.Q(district__in=people.district_ids_in_scope(user)))
        return self.filter(mine)


class Organisation(models.Model):
    """Whoever takes part: an enterprise with its credit code, a bureau, an office, a third party."""

    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    name = models.CharField("名称", max_length=120)
    uscc = models.CharField(
        "统一社会信用代码", max_length=18, null=True, blank=True, unique=True, validators=[validate_uscc]
    )
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="an_applicant_has_a_credit_code_and_a_district",
                condition=~models.Q(kind__in=["enterprise", "university", "institute", "association", "park"])
                | models.Q(uscc__isnull=False, district__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_bureau_a_district", fields=["district"], condition=models.Q(kind="district_bureau")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_institution(self) -> bool:
        """True for an applicant that is no enterprise: 高校、科研院所、社会组织、园区."""
        return self.kind in INSTITUTION_KINDS


class UserQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The administrator keeps the accounts; everybody else sees the people of his own organisation."""
        if people.has_role(user, Role.ADMINISTRATOR, Role.SUPERVISOR):
            return self
        return self.filter(
            models.Q(pk=user.pk) | models.Q(organisation=user.organisation_id, organisation__isnull=False)
        )


class PortalUserManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's own manager, with `visible_to` beside it."""


class User(AbstractUser):
    """A person with an account. What he may do comes from his roles; where, from guardian's scope."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="people")
    title = models.CharField("职务", max_length=40, blank=True)
    phone = EncryptedTextField("手机", blank=True, default="")

    objects = PortalUserManager()

    class Meta:
        verbose_name = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)


class DistrictGroupObjectPermission(GroupObjectPermissionBase):
    """guardian: which group works at which district's desk (group × district)."""

    content_object = models.ForeignKey(District, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "区县范围"
        default_related_name = "district_permissions"
