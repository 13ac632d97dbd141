"""The holiday table: the days whose working status differs from plain Monday–Friday, or that carry a holiday's name."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models

from core.models.scoped import ScopedQuerySet

__all__ = ["DayOverride"]


class DayOverrideQuerySet(ScopedQuerySet):
    """Days of the table: no secret for anybody with an account; who may change them is said by the view."""

    def _visible_to_person(self, user: Any) -> Self:
        return self

    def of_year(self, year: int) -> Self:
        return self.filter(date__year=year)


class DayOverride(models.Model):
    """One day as published by the State Council (节假日安排), or as corrected by an official."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("工作日", help_text="周末调休上班选“是”，放假选“否”。")
    name = models.CharField("名称", max_length=40, help_text="例如：国庆节、国庆节调休上班。")
    source = models.CharField("来源", max_length=200, help_text="通知的文号或名称，例如：国办发明电〔2025〕7号。")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="修改人"
    )
    edited_at = models.DateTimeField("修改时间")

    objects = DayOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = "节假日与调休"
        verbose_name_plural = "节假日与调休"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date.isoformat()} {self.name}（{'上班' if self.is_workday else '放假'}）"
