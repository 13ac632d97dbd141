"""Experts, what binds them to whom, and their assignments to projects (第九条三)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role

YEARS_BOUND = 3  # an interest that has ended binds for so long


class ExpertQuerySet(ScopedQuerySet):
    def declared(self, on: date) -> Self:
        """Experts whose word that all their interests are declared is in force that day."""
        return self.filter(Exists(InterestDeclaration.objects.filter(expert=OuterRef("pk"), valid_to__gte=on)))

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.filter(user=user)


class Expert(models.Model):
    """A person of the pool: fields of knowledge, employer, district, title; out of the pool for a reason."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert")
    fields = models.JSONField("专业领域", default=list)  # of short words, e.g. 电力装备
    employer = models.ForeignKey(
        "core.Organisation", models.PROTECT, null=True, blank=True, related_name="experts_employed"
    )
    district = models.ForeignKey("core.District", models.PROTECT, null=True, blank=True, related_name="experts")
    title = models.CharField("职称", max_length=40, blank=True)
    is_active = models.BooleanField("在库", default=True)
    inactive_because = models.CharField("出库原因", max_length=200, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        ordering = ["user__name", "pk"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def code(self) -> str:
        """What stands for this person in the record of a draw, which names nobody."""
        return f"Z{self.pk:05d}"


class OfExpertQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision all; an expert his own."""
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.filter(expert__user=user)


class InterestDeclaration(models.Model):
    """An expert's word, for a time, that every interest of his is declared (第十六条)."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="declarations")
    declared_at = models.DateTimeField("声明时间")
    valid_to = models.DateField("有效期至")

    objects = OfExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "利益关系声明"
        ordering = ["-declared_at", "-pk"]
        indexes = [models.Index(fields=["expert", "valid_to"], name="declarations_in_force")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.valid_to}"


class ConflictKind(models.TextChoices):
    EMPLOYER = "employer", "任职"
    SHAREHOLDING = "shareholding", "持股"
    SERVICE = "service", "三年内提供服务"
    KIN = "kin", "亲属"
    SUPPLIER = "supplier", "供应商"
    DISTRICT = "district", "与区县有合同"
    OTHER = "other", "其他"


class ConflictQuerySet(OfExpertQuerySet):
    def in_force(self, on: date) -> Self:
        """Those that bind that day: not expired, and going on or ended less than three years before."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on)).filter(
            Q(ended_on=None) | Q(ended_on__gte=years_before(on, YEARS_BOUND))
        )


def years_before(on: date, years: int) -> date:
    """The same day some years earlier; 28 February for the 29th."""
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return on.replace(year=on.year - years, day=day)


class Conflict(models.Model):
    """A declared interest (利益申报) in an organisation, or in a district by contract: what this expert does not judge."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="conflicts")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)  # of a body the register does not know
    name = models.CharField("单位名称", max_length=120, blank=True)
    district = models.ForeignKey("core.District", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("关系", max_length=16, choices=ConflictKind)
    ended_on = models.DateField("关系结束", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    declared_at = models.DateTimeField("申报时间")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_on = models.DateField("失效", null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "利益申报"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_interest_is_in_one_body_or_one_district",
                condition=Q(organisation__isnull=False, uscc="", district__isnull=True)
                | (Q(organisation__isnull=True, district__isnull=True) & ~Q(uscc="") & ~Q(name=""))
                | Q(organisation__isnull=True, uscc="", district__isnull=False, kind=ConflictKind.DISTRICT),
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.get_kind_display()} {self.organisation_id}"

    @property
    def about(self) -> str:
        """The body or the district in words."""
        return str(self.organisation or self.district or self.name)


class RelationKind(models.TextChoices):
    PARENT = "parent", "控股"
    COMMON_CONTROL = "common_control", "同一控制人"
    SHARES = "shares", "参股"


class RelationQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(from_on__lte=on).filter(Q(to_on=None) | Q(to_on__gte=on))

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class EnterpriseRelation(models.Model):
    """Two organisations of one group (企业关系), as the bureau found it, with its source; kept for 回避."""

    one = models.ForeignKey("core.Organisation", models.PROTECT, related_name="relations_from")
    other = models.ForeignKey("core.Organisation", models.PROTECT, related_name="relations_to")
    kind = models.CharField("关系", max_length=16, choices=RelationKind)
    source = models.CharField("来源", max_length=200)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, blank=True)
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = "企业关系"
        ordering = ["one__name", "pk"]
        constraints = [
            models.CheckConstraint(name="a_relation_has_two_ends", condition=~Q(one=F("other"))),
            models.CheckConstraint(
                name="a_relation_ends_after_it_began", condition=Q(to_on=None) | Q(to_on__gte=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.get_kind_display()} {self.other_id}"


class AssignmentQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        """Those that count now: neither declined by the expert nor left behind by a new round."""
        return self.filter(declined_at=None, retired_at=None)

    def unanswered(self) -> Self:
        """Invitations that wait for the expert's answer."""
        return self.current().filter(invited_at__isnull=False, accepted_at=None)

    def _visible_to_person(self, user: Any) -> Self:
        if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
            return self
        if has_role(user, Role.EXPERT):
            waiting = Q(invited_at__isnull=False, accepted_at=None, declined_at=None, retired_at=None)
            return self.filter(Q(open=True) | waiting, expert__user=user)
        return self.none()


class Assignment(models.Model):
    """One expert asked to judge one project. `open` is what lets him see the project at all.

    One drawn by lot is invited first and opens when he accepts; one asked directly by the bureau is open at once.
    """

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="assignments")
    round = models.PositiveSmallIntegerField("评审轮次", default=1)
    open = models.BooleanField("评分开放", default=True)
    due_on = models.DateField("评分期限", null=True, blank=True)
    assigned_at = models.DateTimeField("指派时间")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    draw = models.ForeignKey("review.Draw", models.PROTECT, null=True, blank=True, related_name="assignments")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    skipped = models.JSONField("跳过的候补", default=list, blank=True)  # [code, reason] in the order of the record
    invited_at = models.DateTimeField("邀请时间", null=True, blank=True)
    answer_due_on = models.DateField("答复期限", null=True, blank=True)
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    declined_at = models.DateTimeField("回避时间", null=True, blank=True)
    declined_because = models.CharField("回避原因", max_length=200, blank=True)
    retired_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "专家指派"
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["expert", "open"], name="expert_desk")]
        constraints = [
            models.UniqueConstraint(
                name="an_expert_judges_a_project_once_a_round",
                fields=["project", "expert"],
                condition=Q(declined_at__isnull=True, retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_declined_or_retired_assignment_is_shut",
                condition=Q(open=False) | Q(declined_at__isnull=True, retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="an_invited_expert_sees_nothing_before_he_accepts",
                condition=Q(open=False) | Q(invited_at__isnull=True) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_invitation_has_its_term", condition=Q(invited_at=None) | Q(answer_due_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}:{self.expert_id}"
