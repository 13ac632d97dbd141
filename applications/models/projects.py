"""The project, its group, its grounds and its holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from applications.models.calls import Track
from applications.states import ENDED, STEP_OF, TONE_OF, State
from applications.workflow import ProjectWorkflow
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Role, ScopedQuerySet
from core.people import district_ids_in_scope, roles_of

SUBMITTED = Q(current_submission__isnull=False) & ~Q(state=State.DRAFT)


class ProjectQuerySet(ScopedQuerySet):
    """Who sees which project; the one statement of it (architecture: 'people see only their own')."""

    def submitted(self) -> Self:
        """What left the enterprise's hands: a draft, recalled or lapsed before filing, is nobody else's business."""
        return self.filter(SUBMITTED)

    def _visible_to_person(self, user: Any) -> Self:
        roles = roles_of(user)
        if roles & {*BUREAU_ROLES, Role.SUPERVISOR}:
            return self.submitted()
        rule = Q(pk__in=[])
        if roles & set(ENTERPRISE_ROLES) and user.organisation_id:
            rule |= Q(enterprise=user.organisation_id)
        if roles & set(DISTRICT_ROLES):
            rule |= SUBMITTED & Q(district__in=district_ids_in_scope(user))
        if roles & {*FINANCE_ROLES, Role.GOVERNMENT_OFFICE}:
            rule |= Q(notice_closed_at__isnull=False)
        if Role.EXPERT in roles:  # through the open assignment itself (review room); never in a blind call
            asked = self.model.objects.filter(assignments__expert__user=user, assignments__open=True)
            rule |= Q(pk__in=asked.exclude(call__blind_review=True).values("pk"))
        if Role.ASSESSOR in roles:  # through the acceptance assigned to the body he works for (disbursement room)
            rule |= Q(pk__in=self.model.objects.filter(acceptances__assessor=user.organisation_id).values("pk"))
        return self.filter(rule)


class Project(ProjectWorkflow):
    """One 点/线/面 technical-renovation project of one enterprise, filed in its own district (第九条一)."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="projects")
    enterprise = models.ForeignKey("core.Organisation", models.PROTECT, related_name="projects")
    district = models.ForeignKey("core.District", models.PROTECT, related_name="projects")
    group = models.ForeignKey(
        "applications.ProjectGroup", models.PROTECT, null=True, blank=True, related_name="projects"
    )
    number = models.CharField("编号", max_length=24, null=True, blank=True, unique=True)
    title = models.CharField("项目名称", max_length=120)
    track = models.CharField("类别", max_length=8, choices=Track)
    current_submission = models.OneToOneField(
        "applications.Submission", models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    taken_at = models.DateTimeField("区县开始核验", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="初审经办人"
    )
    returns = models.PositiveSmallIntegerField("已退回次数", default=0)
    days_kept = models.PositiveSmallIntegerField("补正期间暂停，初审余下（工作日）", null=True, blank=True)
    rectifications = models.PositiveSmallIntegerField("已整改次数", default=0)
    notice_closed_at = models.DateTimeField("公示结束", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    moved_with = ("call", "district", "enterprise")
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["district", "state", "due_on"], name="district_queue"),
            models.Index(fields=["call", "state", "due_on"], name="bureau_board"),
            models.Index(
                fields=["state", "due_on", "id"], name="city_board", condition=Q(current_submission__isnull=False)
            ),
            models.Index(fields=["enterprise", "-created_at"], name="enterprise_home"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_project_on_a_desk_has_a_number_and_a_submission",
                condition=Q(state__in=[State.DRAFT, State.LAPSED, State.WITHDRAWN])
                | Q(number__isnull=False, current_submission__isnull=False),
            ),
            models.CheckConstraint(
                name="only_line_and_area_have_a_group",
                condition=Q(group__isnull=True) | Q(track__in=[Track.LINE, Track.AREA]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.pk])

    def get_state_display(self) -> str:
        """The word of its state; a draft that was never submitted is 未提交, whatever the clock did to it."""
        never_filed = self.state == State.LAPSED and self.current_submission_id is None
        return "未提交" if never_filed else str(State(self.state).label)

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def step(self) -> int | None:
        """1 to 8, or None where the project left the road."""
        return STEP_OF.get(self.state)

    @property
    def tone(self) -> str:
        """The tone of its status tag."""
        return TONE_OF.get(self.state, "now")

    def take_ground(self, ground: Any, *, move: str, at: datetime) -> None:
        ProjectGround.objects.create(project=self, ground=ground, move=move, at=at)

    @classmethod
    def take_ground_all(cls, records: Iterable[Any], ground: Any, *, move: str, at: datetime) -> None:
        rows = (ProjectGround(project=one, ground=ground, move=move, at=at) for one in records)
        ProjectGround.objects.bulk_create(rows, batch_size=1_000)


class OfProjectQuerySet(ScopedQuerySet):
    """Rows as visible as the project they belong to."""

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))


class ProjectGround(models.Model):
    """Which ground moved which project; one notice, proposal or approval covers many."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="grounds")
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="projects")
    move = models.CharField("办理", max_length=40)
    at = models.DateTimeField("时间")

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目依据"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.move}"


class HoldKind(models.TextChoices):
    OBJECTION = "objection", "公示异议"
    INSPECTION = "inspection", "监督检查"
    RECTIFICATION = "rectification", "验收整改"
    RECOVERY = "recovery", "追回"
    DISHONESTY = "dishonesty", "失信"
    CHANGE = "change", "变更审核"
    HEARING = "hearing", "拟决定告知"


class HoldQuerySet(OfProjectQuerySet):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    def being_heard(self) -> Self:
        """Open while the enterprise is heard about a decision it was told of."""
        return self.open().filter(kind=HoldKind.HEARING)


class Hold(models.Model):
    """Stops a project's way or its payments until lifted; both ends have their ground."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="holds")
    kind = models.CharField("原因", max_length=16, choices=HoldKind)
    note = models.CharField("说明", max_length=200)
    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="holds_placed")
    placed_at = models.DateTimeField("开始")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_ground = models.ForeignKey("core.Ground", models.PROTECT, null=True, blank=True, related_name="holds_lifted")
    lifted_at = models.DateTimeField("解除", null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "暂停"
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                name="a_lifted_hold_has_its_ground",
                condition=Q(lifted_at__isnull=True, lifted_ground__isnull=True)
                | Q(lifted_at__isnull=False, lifted_ground__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.note}"


class ProjectGroupQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """Members and invited enterprises see the group; officials through a project of it that they see."""
        mine = Q(lead=user.organisation_id) | Q(memberships__enterprise=user.organisation_id)
        seen = Q(projects__in=Project.objects.visible_to(user))
        return self.filter(mine | seen if user.organisation_id else seen).distinct()


class ProjectGroup(models.Model):
    """A 线 or 面 (协同方案): lead, chain or park, plan. Each member files its own project in its own district."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="groups")
    track = models.CharField("类别", max_length=8, choices=[(Track.LINE, "线"), (Track.AREA, "面")])
    name = models.CharField("名称", max_length=120)
    place = models.CharField("产业链或园区", max_length=80)
    plan = models.TextField("协同方案")
    lead = models.ForeignKey("core.Organisation", models.PROTECT, related_name="groups_led")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProjectGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "协同组"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class OfGroupQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(group__in=ProjectGroup.objects.visible_to(user))


class GroupMembership(models.Model):
    """An enterprise invited into a group, and its answer."""

    group = models.ForeignKey(ProjectGroup, models.CASCADE, related_name="memberships")
    enterprise = models.ForeignKey("core.Organisation", models.PROTECT, related_name="memberships")
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    objects = OfGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "协同组成员"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="an_enterprise_joins_a_group_once", fields=["group", "enterprise"])]

    def __str__(self) -> str:
        return f"{self.group_id}:{self.enterprise_id}"
