"""The audit trail: append-only events, one hash chain per record, checkpoints over all heads."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core import people
from core.models.scoped import ScopedQuerySet


class SupervisedQuerySet(ScopedQuerySet):
    """Rows read through the record they belong to; as a list only by supervision (第十六条)."""

    def _visible_to_person(self, user: Any) -> Self:
        from core.models.people import Role

        return self if people.has_role(user, Role.SUPERVISOR) else self.none()


class AuditStream(models.Model):
    """The head of one record's chain, and where its last move led; locked while an event is appended."""

    name = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=40, default="")

    objects = SupervisedQuerySet.as_manager()

    class Meta:
        verbose_name = "审计链"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}#{self.sequence}"


class AuditEvent(models.Model):
    """One thing that happened to one record: who, when, what, on what ground. Never changed, never deleted."""

    stream = models.CharField("记录", max_length=80)
    sequence = models.PositiveIntegerField("序号")
    event = models.CharField("事件", max_length=80)
    label = models.CharField("名称", max_length=120)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("办理人", max_length=120)
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ground = models.ForeignKey("core.Ground", models.PROTECT, null=True, related_name="events")
    summary = models.CharField("摘要", max_length=400, blank=True)
    facts = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    refused = models.BooleanField("被拒绝", default=False)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = SupervisedQuerySet.as_manager()

    class Meta:
        verbose_name = "审计事件"
        ordering = ["stream", "sequence"]
        constraints = [models.UniqueConstraint(name="one_event_a_place_in_the_chain", fields=["stream", "sequence"])]
        indexes = [models.Index(fields=["-at"], name="audit_events_by_time")]

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"


class AuditCheckpoint(models.Model):
    """The heads that moved since the checkpoint before, chained: what it covers cannot vanish unseen."""

    at = models.DateTimeField("时间")
    heads = models.JSONField("链头")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = SupervisedQuerySet.as_manager()

    class Meta:
        verbose_name = "审计检查点"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
