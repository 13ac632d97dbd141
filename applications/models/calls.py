"""Calls (申报通知): what is asked for, until when, by which policy version, judged by which rubric (第八条)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from guardian.models import GroupObjectPermissionBase

from applications.states import CallState
from applications.workflow import CallWorkflow
from core.models import BUREAU_ROLES, OpenQuerySet, Role, ScopedQuerySet
from core.money import YuanField, wan
from core.people import has_role


class Track(models.TextChoices):
    """点, 线, 面 (第六条二); a project of a local direction (第七条二) is none of the three."""

    POINT = "point", "点"
    LINE = "line", "线"
    AREA = "area", "面"
    LOCAL = "local", "地方方向"


REFORM_TRACKS = (Track.POINT, Track.LINE, Track.AREA)


class Direction(models.TextChoices):
    """What a call for local money alone supports (第七条二); a call without one asks for 改造项目."""

    SERVICE_PROVIDERS = "service_providers", "数字化转型服务商培育"
    DIAGNOSIS = "diagnosis", "诊断服务"
    INFRASTRUCTURE = "digital_infrastructure", "数字基础设施建设"
    PLATFORMS = "park_platforms", "园区公共服务平台建设"
    TRAINING = "training", "培训、宣传推广活动"


class CallQuerySet(ScopedQuerySet):
    def published(self) -> Self:
        return self.exclude(state__in=(CallState.DRAFT, CallState.SCHEDULED))

    def open_at(self, at: datetime) -> Self:
        return self.filter(state=CallState.PUBLISHED, opens_at__lte=at, closes_at__gt=at)

    def visible_to_public(self) -> Self:
        return self.published()

    def _visible_to_person(self, user: Any) -> Self:
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.published()


class Call(CallWorkflow):
    """One call. Days are working days (工作日)."""

    title = models.CharField("标题", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    direction = models.CharField("地方方向", max_length=24, choices=Direction, blank=True, default="")
    text = models.TextField("正文")
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    grace_minutes = models.PositiveSmallIntegerField("截止宽限（分钟）", default=0)
    tracks = models.JSONField("类别", default=list)  # of Track values
    tasks = models.JSONField("方案任务", default=list, blank=True)  # numbers 1 to 11; none: every task of the tracks
    policy_version = models.CharField("政策版本", max_length=40)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    max_returns = models.PositiveSmallIntegerField("最多退回次数", default=2)
    district_days = models.PositiveSmallIntegerField("区县初审（工作日）", default=10)
    correction_days = models.PositiveSmallIntegerField("补正（工作日）", default=5)
    review_days = models.PositiveSmallIntegerField("市级评审（工作日）", default=20)
    notice_days = models.PositiveSmallIntegerField("公示（工作日）", default=5)
    objection_days = models.PositiveSmallIntegerField("异议复核（工作日）", default=10)
    agreement_days = models.PositiveSmallIntegerField("任务书签署（工作日）", default=10)
    rectification_days = models.PositiveSmallIntegerField("整改（工作日）", default=30)
    experts_needed = models.PositiveSmallIntegerField("每项目专家人数", default=5)
    pass_mark = models.PositiveSmallIntegerField("通过分数", default=60)
    reason_below = models.PositiveSmallIntegerField("总分低于此分须写理由", default=60)
    reason_above = models.PositiveSmallIntegerField("总分高于此分须写理由", default=90)
    blind_review = models.BooleanField("匿名评审", default=False)
    publish_at = models.DateTimeField("定时发布", null=True, blank=True)
    publish_number = models.CharField("发布文号", max_length=60, blank=True, default="")
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "申报通知"
        ordering = ["-opens_at"]
        permissions = [("run_call", "办理本批次")]
        constraints = [
            models.CheckConstraint(
                name="a_call_opens_before_it_closes", condition=models.Q(closes_at__gt=models.F("opens_at"))
            ),
            models.CheckConstraint(
                name="a_call_that_waits_knows_its_moment",
                condition=~models.Q(state=CallState.SCHEDULED) | models.Q(publish_at__isnull=False),
            ),
            models.CheckConstraint(
                name="the_bounds_of_a_reason_are_points_of_a_hundred",
                condition=models.Q(reason_below__lte=models.F("reason_above"), reason_above__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_local(self) -> bool:
        """True for a call of local money alone, whose projects are neither 点 nor 线 nor 面 (第七条二)."""
        return bool(self.direction)

    def accepts_at(self, at: datetime) -> bool:
        """True while the window is open and the call is published."""
        return self.state == CallState.PUBLISHED and self.opens_at <= at < self.closes_at

    @property
    def files_until(self) -> datetime:
        """Until when a draft that was begun in time may still be submitted: the closing and its grace."""
        return self.closes_at + timedelta(minutes=self.grace_minutes)

    def files_at(self, at: datetime) -> bool:
        """True while a draft may be submitted; nothing new is begun in the grace."""
        return self.state in (CallState.PUBLISHED, CallState.CLOSED) and self.opens_at <= at < self.files_until

    def is_complete(self) -> bool:
        """Everything a filing will need is there: asked before publishing, touches the call's own lists."""
        return bool(self.title and self.text and self.tracks and self.policy_version) and (
            self.materials.exists() and self.rubric.exists()
        )


class Need(models.TextChoices):
    """When an entry of the list must be there; a track's own value is its name and `_only`."""

    REQUIRED = "required", "必交"
    OPTIONAL = "optional", "选交"
    POINT_ONLY = "point_only", "点类必交"
    LINE_ONLY = "line_only", "线类必交"
    AREA_ONLY = "area_only", "面类必交"
    LEADER_ONLY = "leader_only", "链主必交"
    BEGUN_ONLY = "begun_only", "已实施的必交"
    FROM_AMOUNT = "from_amount", "达到投资额的必交"


class CallPartQuerySet(ScopedQuerySet):
    """Parts of a call are as visible as the call."""

    def visible_to_public(self) -> Self:
        return self.filter(call__in=Call.objects.visible_to_public())

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(call__in=Call.objects.visible_to(user))


class CallMaterial(models.Model):
    """One entry of a call's material list (申报材料清单)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField("序号")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    hint = models.CharField("说明", max_length=200, blank=True)
    need = models.CharField("要求", max_length=12, choices=Need, default=Need.REQUIRED)
    amount = YuanField(
        "投资额（元）", null=True, blank=True
    )  # of Need.FROM_AMOUNT: the investment from which it is due
    blind = models.BooleanField("匿名稿可见", default=False)  # experts of a blind review may read it
    confidential = models.BooleanField("涉密，不上传", default=False)  # handed over on paper, never uploaded

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "申报材料"
        ordering = ["call", "position"]
        constraints = [
            models.UniqueConstraint(name="one_material_of_a_code_in_a_call", fields=["call", "code"]),
            models.CheckConstraint(
                name="a_material_due_from_an_amount_names_it",
                condition=~models.Q(need=Need.FROM_AMOUNT) | models.Q(amount__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_never_uploaded_is_in_no_blind_copy",
                condition=models.Q(confidential=False) | models.Q(blind=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_needed_for(
        self, track: str, *, chain_leader: bool = False, begun: bool = False, investment: Decimal = Decimal(0)
    ) -> bool:
        """Whether a filing owes this entry (facts.requirements gives the case); `investment` in 元."""
        if self.need == Need.FROM_AMOUNT:
            return self.amount is not None and investment >= self.amount
        of_the_case = {Need.REQUIRED: True, Need.LEADER_ONLY: chain_leader, Need.BEGUN_ONLY: begun}
        return of_the_case.get(Need(self.need), self.need == f"{track}_only")

    @property
    def need_shown(self) -> str:
        """The condition in words, its amount in place."""
        if self.need == Need.FROM_AMOUNT and self.amount is not None:
            return f"投资额 {wan(self.amount)} 万元以上必交"
        return str(self.get_need_display())


class RubricItem(models.Model):
    """One scored item of a call's rubric (评分表): dimension, item, points."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rubric")
    position = models.PositiveSmallIntegerField("序号")
    dimension = models.CharField("维度", max_length=40)
    name = models.CharField("评分项", max_length=80)
    guide = models.CharField("评分说明", max_length=200, blank=True)
    points = models.PositiveSmallIntegerField("分值")
    step = models.DecimalField("评分间隔", max_digits=3, decimal_places=1, default=Decimal("0.5"))

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "评分项"
        ordering = ["call", "position"]
        constraints = [
            models.CheckConstraint(name="an_item_has_points", condition=models.Q(points__gt=0)),
            models.CheckConstraint(name="an_item_is_scored_in_steps", condition=models.Q(step__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class CallAttachment(models.Model):
    """A paper that belongs to a call's text (附件): downloaded by anybody once the call is published."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="attachments")
    title = models.CharField("名称", max_length=80)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField("添加时间")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "通知附件"
        ordering = ["call", "pk"]

    def __str__(self) -> str:
        return self.title


class CallGroupObjectPermission(GroupObjectPermissionBase):
    """guardian: which group runs which call (group × call)."""

    content_object = models.ForeignKey(Call, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "批次范围"
        default_related_name = "call_permissions"


class NumberSeries(models.Model):
    """The last serial given in a year and district; locked while the next is taken, so numbers have no gaps."""

    year = models.PositiveSmallIntegerField()
    district = models.ForeignKey("core.District", models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "编号序列"
        constraints = [models.UniqueConstraint(name="one_series_a_year_and_district", fields=["year", "district"])]

    def __str__(self) -> str:
        return f"{self.year}-{self.district_id}:{self.last}"
