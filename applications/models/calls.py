"""Calls (申报通知): what is asked for, until when, by which policy version, judged by which rubric (第八条)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from guardian.models import GroupObjectPermissionBase

from applications.states import CallState
from applications.workflow import CallWorkflow
from core.models import BUREAU_ROLES, OpenQuerySet, Role, ScopedQuerySet
from core.people import has_role


class Track(models.TextChoices):
    """点, 线, 面 (第六条二)."""

    POINT = "point", "点"
    LINE = "line", "线"
    AREA = "area", "面"


class CallQuerySet(ScopedQuerySet):
    def published(self) -> Self:
        return self.exclude(state=CallState.DRAFT)

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
    text = models.TextField("正文")
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    tracks = models.JSONField("类别", default=list)  # of Track values
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
        ]

    def __str__(self) -> str:
        return self.title

    def accepts_at(self, at: datetime) -> bool:
        """True while the window is open and the call is published."""
        return self.state == CallState.PUBLISHED and self.opens_at <= at < self.closes_at

    def is_complete(self) -> bool:
        """Everything a filing will need is there: asked before publishing, touches the call's own lists."""
        return bool(self.title and self.text and self.tracks and self.policy_version) and (
            self.materials.exists() and self.rubric.exists()
        )


class Need(models.TextChoices):
    REQUIRED = "required", "必交"
    OPTIONAL = "optional", "选交"
    LINE_ONLY = "line_only", "线类必交"
    AREA_ONLY = "area_only", "面类必交"


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

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "申报材料"
        ordering = ["call", "position"]
        constraints = [models.UniqueConstraint(name="one_material_of_a_code_in_a_call", fields=["call", "code"])]

    def __str__(self) -> str:
        return self.name

    def is_needed_for(self, track: str) -> bool:
        return self.need == Need.REQUIRED or self.need == f"{track}_only"


class RubricItem(models.Model):
    """One scored item of a call's rubric (评分表): dimension, item, points."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rubric")
    position = models.PositiveSmallIntegerField("序号")
    dimension = models.CharField("维度", max_length=40)
    name = models.CharField("评分项", max_length=80)
    guide = models.CharField("评分说明", max_length=200, blank=True)
    points = models.PositiveSmallIntegerField("分值")

    objects = CallPartQuerySet.as_manager()

    class Meta:
        verbose_name = "评分项"
        ordering = ["call", "position"]
        constraints = [models.CheckConstraint(name="an_item_has_points", condition=models.Q(points__gt=0))]

    def __str__(self) -> str:
        return self.name


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
