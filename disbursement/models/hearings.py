"""告知与陈述申辩: what the bureau intends to decide, the enterprise's answer, how it was weighed (第十二至十四条)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from applications.models import Project
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, FINANCE_ROLES, Role, ScopedQuerySet
from core.money import YuanField
from core.people import has_role
from disbursement.hearing_workflow import HearingWorkflow
from disbursement.states import OPEN_HEARINGS, HearingState

PERSON = settings.AUTH_USER_MODEL
READERS = (*BUREAU_ROLES, *ENTERPRISE_ROLES, *DISTRICT_ROLES, *FINANCE_ROLES, Role.SUPERVISOR)


class HearingKind(models.TextChoices):
    """The decisions that take money back, or the right to it; each is announced before it is taken."""

    REVOKE = "revoke", "取消资格"
    TERMINATE = "terminate", "终止项目"
    FAIL = "fail", "验收不通过"
    SETTLE = "settle", "终核核减"


CLAUSES = {
    HearingKind.REVOKE: "第十三条",
    HearingKind.TERMINATE: "第十四条",
    HearingKind.FAIL: "第十一条",
    HearingKind.SETTLE: "第十二条",
}
CONSEQUENCES = {
    HearingKind.REVOKE: "取消申报资格，收回已经拨付的财政资金，并列入失信登记",
    HearingKind.TERMINATE: "终止项目，未拨资金不再拨付，收回已经拨付的财政资金",
    HearingKind.FAIL: "作出验收不通过结论，终止项目，收回已经拨付的财政资金",
    HearingKind.SETTLE: "按审定投资终核，收回多拨付的财政资金",
}


class HearingQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_HEARINGS)

    def _visible_to_person(self, user: Any) -> Self:
        """Both sides, the district and finance, and supervision; never experts or the assessor."""
        if not has_role(user, *READERS):
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(user))


class Hearing(HearingWorkflow):
    """One intended decision on one project. `amount` in 元: what would have to be given back."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="hearings")
    kind = models.CharField("拟作决定", max_length=12, choices=HearingKind)
    number = models.CharField("告知书文号", max_length=60)
    facts = models.TextField("事实与理由")
    amount = YuanField("拟收回金额")
    answer_by = models.DateField("陈述申辩期限")
    notified_at = models.DateTimeField()
    notified_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="+")
    paper = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField("陈述申辩", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    upheld = models.BooleanField("采纳", null=True)
    weighing = models.TextField("复核意见", blank=True)
    weighed_at = models.DateTimeField(null=True, blank=True)
    weighed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="hearing")

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = "陈述申辩"
        ordering = ["-notified_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_intention_a_project", fields=["project"], condition=Q(state__in=OPEN_HEARINGS)
            ),
            models.CheckConstraint(name="what_would_be_taken_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="who_signs_neither_announced_nor_weighed",
                condition=~Q(state__in=[HearingState.SIGNED, HearingState.DROPPED])
                | (~Q(closed_by=F("notified_by")) & (Q(weighed_by=None) | ~Q(closed_by=F("weighed_by")))),
            ),
            models.CheckConstraint(
                name="an_answer_is_weighed_with_reasons",
                condition=Q(weighed_at=None, weighed_by=None, upheld=None, weighing="")
                | (Q(weighed_at__isnull=False, weighed_by__isnull=False, upheld__isnull=False) & ~Q(weighing="")),
            ),
            models.CheckConstraint(
                name="a_signed_intention_has_its_decision",
                condition=Q(state=HearingState.SIGNED, decision__isnull=False)
                | (~Q(state=HearingState.SIGNED) & Q(decision=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"拟{self.get_kind_display()}告知"

    def get_absolute_url(self) -> str:
        return reverse("hearing", args=[self.pk])

    @property
    def under_way(self) -> Decimal:
        """How much of the amount was on its way to the enterprise when it was told, in 元."""
        return Decimal(self.ground.facts.get("under_way", 0))

    @property
    def went_unanswered(self) -> bool:
        """The term passed without a word; of a notice withdrawn within its term nobody can say so."""
        too_late = self.closed_at is not None and timezone.localdate(self.closed_at) > self.answer_by
        return self.answered_at is None and (self.state in {HearingState.LAPSED, HearingState.SIGNED} or too_late)

    @property
    def clause(self) -> str:
        return CLAUSES[HearingKind(self.kind)]

    @property
    def consequence(self) -> str:
        return CONSEQUENCES[HearingKind(self.kind)]


class OfHearingQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(hearing__in=Hearing.objects.visible_to(user))


class HearingFile(models.Model):
    """What the enterprise handed in with its answer."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="files")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")

    objects = OfHearingQuerySet.as_manager()

    class Meta:
        verbose_name = "陈述申辩材料"
        ordering = ["hearing", "pk"]

    def __str__(self) -> str:
        return self.file.name
