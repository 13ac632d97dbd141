"""Corrections (更正) of clerical errors in issued papers: a countersigned record beside the paper, which stays as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.grounds import GroundKind
from core.models.people import Role
from core.models.scoped import ScopedQuerySet
from core.people import has_role
from core.workflow import Machine, StateField, because, move


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", "待复核"
    IN_FORCE = "in_force", "已更正"
    REFUSED = "refused", "未同意"


class CorrectedField(models.TextChoices):
    """What of a paper may be a slip of the pen. Amounts and reasons are not: those take a new decision."""

    NUMBER = "number", "文号"
    TITLE = "title", "名称"
    ISSUED_ON = "issued_on", "成文日期"


WHO_COUNTERSIGNS = (Role.DISTRICT_LEAD, Role.BUREAU_LEAD, Role.FINANCE_LEAD, Role.GOVERNMENT_OFFICE)


@because("更正须由出具文件的单位的另一名负责人复核。")
def second_person_of_the_issuer(correction: Any, actor: Any) -> bool:
    own = actor.organisation_id is not None and actor.organisation_id == correction.organisation_id
    return own and has_role(actor, *WHO_COUNTERSIGNS) and actor.pk != correction.proposed_by_id


class CorrectionWorkflow(Machine):
    """Proposed by one person of the issuing body, countersigned or refused by another."""

    state = StateField(
        "状态", choices=CorrectionState.choices, default=CorrectionState.PROPOSED, protected=True, max_length=12
    )

    class Meta:
        abstract = True

    @move(source=CorrectionState.PROPOSED, target=CorrectionState.IN_FORCE, ground=GroundKind.CORRECTION_RECORD,
          permission=second_person_of_the_issuer, label="同意更正", event="correction.countersigned")  # fmt: skip
    def countersign(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.record, self.decided_by, self.decided_at = ground, actor, at

    @move(source=CorrectionState.PROPOSED, target=CorrectionState.REFUSED, ground=GroundKind.DECISION,
          permission=second_person_of_the_issuer, label="不同意更正", event="correction.refused")  # fmt: skip
    def refuse(self, *, ground: Any, actor: Any, at: datetime) -> None:
        self.decided_by, self.decided_at = actor, at


class CorrectionQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        return self.filter(state=CorrectionState.IN_FORCE)

    def _visible_to_person(self, user: Any) -> Self:
        """The issuing body's own and supervision; one in force is read beside its paper by whoever reads the paper."""
        if has_role(user, Role.SUPERVISOR):
            return self
        return self.filter(organisation=user.organisation_id, organisation__isnull=False)


class Correction(CorrectionWorkflow):
    """One value of one paper: as it was printed, as it should read, and why."""

    ground = models.ForeignKey("core.Ground", models.PROTECT, related_name="corrections", verbose_name="文件")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+", verbose_name="出具单位")
    field = models.CharField("更正内容", max_length=12, choices=CorrectedField)
    before = models.CharField("原为", max_length=200)
    after = models.CharField("更正为", max_length=200)
    reason = models.CharField("理由", max_length=500)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    record = models.OneToOneField("core.Ground", models.PROTECT, null=True, blank=True, related_name="correction_made")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "更正"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="whoever_countersigns_a_correction_did_not_propose_it",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_correction_in_force_has_its_record",
                condition=~Q(state=CorrectionState.IN_FORCE) | Q(record__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(name="a_correction_changes_something", condition=~Q(before=F("after"))),
            models.UniqueConstraint(
                name="one_correction_of_a_value_at_a_time",
                fields=["ground", "field"],
                condition=Q(state=CorrectionState.PROPOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"更正{self.get_field_display()}：{self.before} → {self.after}"
