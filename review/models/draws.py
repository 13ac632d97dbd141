"""The draw of experts by lot (专家抽取): the list that was locked, the numbers of two persons, the record (第九条三)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from core.encryption import EncryptedTextField
from core.models import BUREAU_ROLES, Role, ScopedQuerySet
from core.people import has_role
from review.states import DrawState
from review.workflow import DrawWorkflow

ODD = list(range(1, 100, 2))


class DrawQuerySet(ScopedQuerySet):
    def light(self) -> Self:
        """Without the long texts: for lists."""
        return self.defer("candidates", "selection")

    def with_counts(self) -> Self:
        """Adds `projects` and `seals`: how many projects it is about, how many numbers are sealed."""
        return self.annotate(
            projects=Count("entries", distinct=True), seals=Count("numbers", distinct=True)
        )  # fmt: skip

    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision; never an expert, an enterprise or a district."""
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class Draw(DrawWorkflow):
    """One draw over one or more projects of a call. `candidates` and `selection` are canonical JSON (review.drawing)."""

    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="draws")
    number = models.CharField("编号", max_length=24, unique=True)
    candidates = models.TextField("候选名单与规则")
    commitment = models.CharField("名单指纹", max_length=64)
    seed = models.CharField("种子", max_length=64, blank=True)
    selection = models.TextField("抽取结果", blank=True)
    answer_days = models.PositiveSmallIntegerField("答复期限（工作日）", default=2)
    committed_at = models.DateTimeField("锁定时间")
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="draw_committed")
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    drawn_ground = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="draw")
    cancelled_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = "专家抽取"
        ordering = ["-committed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_finished_draw_has_its_seed_and_its_record",
                condition=Q(state=DrawState.DRAWN, drawn_ground__isnull=False, drawn_at__isnull=False)
                & ~Q(seed="")
                & ~Q(selection="")
                | (~Q(state=DrawState.DRAWN) & Q(drawn_ground__isnull=True, selection="")),
            ),
        ]

    def __str__(self) -> str:
        return f"专家抽取 {self.number}"

    @property
    def state_tone(self) -> str:
        """The tone of its status tag."""
        return {DrawState.DRAWN: "ok", DrawState.CANCELLED: "off"}.get(DrawState(self.state), "now")


class OfDrawQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(draw__in=Draw.objects.visible_to(user))


class DrawEntry(models.Model):
    """One project of a draw: how many are wanted and may be drawn, and who is excluded, why, by which row."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="entries")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="draw_entries")
    wanted = models.PositiveSmallIntegerField("应抽人数")
    eligible = models.PositiveIntegerField("可抽人数")
    exclusions = models.JSONField("回避", default=list)  # of {expert, kind, words, source}
    note = models.CharField("说明", max_length=300, blank=True)

    objects = OfDrawQuerySet.as_manager()

    class Meta:
        verbose_name = "抽取项目"
        ordering = ["draw", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_project_stands_once_in_a_draw", fields=["draw", "project"]),
            models.CheckConstraint(name="an_odd_number_is_drawn", condition=Q(wanted__gt=0) & Q(wanted__in=ODD)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.draw_id}:{self.project_id}"


class DrawSlot(models.TextChoices):
    FIRST = "first", "经办人的号码"
    SECOND = "second", "负责人或监督的号码"


class DrawNumber(models.Model):
    """One person's number, sealed: only its salted hash is shown until the other's is in too."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="numbers")
    slot = models.CharField("席位", max_length=8, choices=DrawSlot)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = EncryptedTextField("号码")
    salt = models.CharField("盐", max_length=32)
    sealed = models.CharField("封存指纹", max_length=64)
    entered_at = models.DateTimeField("填写时间")

    objects = OfDrawQuerySet.as_manager()

    class Meta:
        verbose_name = "抽取号码"
        ordering = ["draw", "slot"]
        constraints = [
            models.UniqueConstraint(name="one_number_a_seat", fields=["draw", "slot"]),
            models.UniqueConstraint(name="two_different_persons_give_the_numbers", fields=["draw", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.slot}"
