"""拨付计划模板: how an award is paid in parts, as the bureau writes it; each change is a new edition (第十二条)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from disbursement.models.pools import MoneyQuerySet

PERSON = settings.AUTH_USER_MODEL


class PlanTemplateQuerySet(MoneyQuerySet):
    def in_use(self) -> Self:
        """Adopted by a second person and not replaced by a later edition."""
        return self.filter(adopted_at__isnull=False, replaced_at=None)


class PlanTemplate(models.Model):
    """One edition of a template. What was drawn by it keeps its own plan: an edition is never changed."""

    name = models.CharField("名称", max_length=40)
    edition = models.PositiveSmallIntegerField("版本")
    parts = models.JSONField("各笔")  # [{"share": 万分之, "condition": …, "progress": % or null}]
    is_default = models.BooleanField("新任务书默认采用", default=False)
    reason = models.CharField("理由", max_length=200)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "拨付计划模板"
        ordering = ["name", "-edition"]
        constraints = [
            models.UniqueConstraint(name="editions_of_a_plan_are_counted", fields=["name", "edition"]),
            models.UniqueConstraint(
                name="one_plan_is_the_default",
                fields=["is_default"],
                condition=Q(is_default=True, adopted_at__isnull=False, replaced_at=None),
            ),
            models.CheckConstraint(
                name="two_persons_make_a_plan", condition=Q(adopted_by=None) | ~Q(adopted_by=F("drafted_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.edition} 版）"
