"""Objections of the public to a noticed project: who investigates, what was asked of whom, how it was answered (第九条三)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.encryption import EncryptedTextField
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, Role, ScopedQuerySet
from core.people import district_ids_in_scope, has_role, roles_of
from review.models.notices import NoticeEntry
from review.states import OPEN_OBJECTIONS, ObjectionState
from review.workflow import ObjectionWorkflow


class ObjectionQuerySet(ScopedQuerySet):
    def unanswered(self) -> Self:
        return self.filter(state__in=OPEN_OBJECTIONS)

    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision alone: who objected is hidden from district and enterprise."""
        return self if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR) else self.none()


class Objection(ObjectionWorkflow):
    """An objection from the public, real-named; it stops only the project it names. The receipt opens its progress page."""

    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    receipt = models.CharField("受理编号", max_length=24, unique=True)
    name = EncryptedTextField("姓名")
    organisation = EncryptedTextField("单位", blank=True, default="")
    contact = EncryptedTextField("联系方式")
    grounds = models.TextField("事实与理由")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="objection")
    hold = models.OneToOneField("applications.Hold", models.PROTECT, related_name="objection")
    filed_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField("指派时间", null=True, blank=True)
    finding = models.TextField("核查结论", blank=True)
    reported_at = models.DateTimeField("提交核查结论时间", null=True, blank=True)
    prolonged_at = models.DateTimeField("延期时间", null=True, blank=True)
    prolonged_because = models.CharField("延期理由", max_length=200, blank=True)
    answer = models.TextField("答复", blank=True)
    told = models.TextField("告知企业的内容", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer_ground = models.OneToOneField(
        "core.Ground", models.PROTECT, null=True, blank=True, related_name="objection_answered"
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "公示异议"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="objections_by_clock")]
        constraints = [
            models.CheckConstraint(
                name="an_answered_objection_has_its_answer",
                condition=Q(state__in=OPEN_OBJECTIONS, answer_ground__isnull=True)
                | (Q(answer_ground__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="an_objection_under_investigation_has_its_investigator",
                condition=~Q(state__in=[ObjectionState.ASSIGNED, ObjectionState.REPORTED])
                | Q(assigned_to__isnull=False, assigned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="whoever_answers_an_objection_did_not_investigate_it",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("assigned_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"异议 {self.receipt}"


class OfObjectionQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(objection__in=Objection.objects.visible_to(user))


class ObjectionFile(models.Model):
    """One file of an objection: evidence, or the sealed paper of the organisation in whose name it is made."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    is_seal = models.BooleanField("单位盖章材料", default=False)

    objects = OfObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "异议材料"
        ordering = ["-is_seal", "pk"]

    def __str__(self) -> str:
        return f"{self.objection_id}:{self.file_id}"


class InvestigationNote(models.Model):
    """What the investigator wrote down on the way: append-only, for the bureau and supervision."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="notes")
    text = models.TextField("核查记录")
    written_at = models.DateTimeField("时间")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "异议核查记录"
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.objection_id}:{self.pk}"


class Party(models.TextChoices):
    ENTERPRISE = "enterprise", "申报企业"
    DISTRICT = "district", "区县工信部门"


class StatementQuerySet(ScopedQuerySet):
    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def _visible_to_person(self, user: Any) -> Self:
        """The bureau and supervision; else whoever was asked. An asked party never reaches the objection from here."""
        roles = roles_of(user)
        if roles & {*BUREAU_ROLES, Role.SUPERVISOR}:
            return self
        rule = Q(pk__in=[])
        if roles & set(ENTERPRISE_ROLES) and user.organisation_id:
            rule |= Q(party=Party.ENTERPRISE, project__enterprise=user.organisation_id)
        if roles & set(DISTRICT_ROLES):
            rule |= Q(party=Party.DISTRICT, project__district__in=district_ids_in_scope(user))
        return self.filter(rule)


class Statement(models.Model):
    """情况说明: what the investigator asked of the enterprise or the district, and what it said. It names no objector."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="statements")
    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="statements")
    party = models.CharField("对象", max_length=12, choices=Party)
    question = models.TextField("需要说明的情况")
    due_on = models.DateField("期限")
    asked_at = models.DateTimeField("时间")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField("说明", blank=True)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "情况说明"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answered_statement_has_its_words",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return f"情况说明 {self.project_id} {self.get_party_display()}"
