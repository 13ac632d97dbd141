"""The district's desk: checks of materials, defect lists, opinions (第九条二)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models import Project
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, Role, ScopedQuerySet
from core.people import district_ids_in_scope, has_role


class DeskQuerySet(ScopedQuerySet):
    """The desk's own papers: the district its own, the bureau and supervision all; never the enterprise or an expert."""

    readers: tuple[str, ...] = (*DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR)

    def _visible_to_person(self, user: Any) -> Self:
        if not has_role(user, *self.readers):
            return self.none()
        return self.filter(project__in=Project.objects.visible_to(user))


class Verdict(models.TextChoices):
    VERIFIED = "verified", "核实"
    QUESTIONED = "questioned", "存疑"
    NOT_APPLICABLE = "not_applicable", "不适用"


class MaterialCheck(models.Model):
    """What the district found of one entry of the material list, as filed in one submission."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="material_checks")
    submission = models.ForeignKey("applications.Submission", models.PROTECT, related_name="material_checks")
    requirement = models.ForeignKey("applications.CallMaterial", models.PROTECT, related_name="+")
    verdict = models.CharField("结论", max_length=16, choices=Verdict)
    note = models.CharField("说明", max_length=500, blank=True)
    page = models.PositiveSmallIntegerField("页码", null=True, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = "材料核验"
        ordering = ["requirement__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_check_a_material_of_a_submission", fields=["submission", "requirement"]),
            models.CheckConstraint(
                name="a_questioned_material_says_why", condition=~Q(verdict=Verdict.QUESTIONED) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.get_verdict_display()}"


class RuleCheck(models.Model):
    """What the district judged of one rule of eligibility, with its evidence: a material and page, or a file of its own.

    It covers what the automatic check had found then: another finding is judged anew.
    """

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="rule_checks")
    submission = models.ForeignKey("applications.Submission", models.PROTECT, related_name="rule_checks")
    rule = models.SlugField("规则", max_length=40)
    label = models.CharField("名称", max_length=40)
    found = models.TextField("系统核对所见")
    verdict = models.CharField("结论", max_length=16, choices=Verdict)
    note = models.CharField("说明", max_length=500, blank=True)
    material = models.ForeignKey(
        "applications.CallMaterial", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据材料"
    )
    page = models.PositiveSmallIntegerField("页码", null=True, blank=True)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = "规则核验"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="one_judgement_a_rule_of_a_submission", fields=["submission", "rule"]),
            models.CheckConstraint(
                name="a_questioned_rule_says_why", condition=~Q(verdict=Verdict.QUESTIONED) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.get_verdict_display()}"


class DefectListQuerySet(DeskQuerySet):
    readers = (*DISTRICT_ROLES, *BUREAU_ROLES, Role.SUPERVISOR, *ENTERPRISE_ROLES)


class DefectList(models.Model):
    """One-time notice (一次性告知) of everything that is wrong; the ground of a return (第九条二)."""

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="defect_lists")
    submission = models.ForeignKey("applications.Submission", models.PROTECT, related_name="defect_lists")
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="defect_list")
    due_on = models.DateField("补正期限")
    issued_at = models.DateTimeField("告知时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DefectListQuerySet.as_manager()

    class Meta:
        verbose_name = "缺陷清单"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"缺陷清单 {self.project_id}"


class OfDefectListQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(defect_list__in=DefectList.objects.visible_to(user))


class Defect(models.Model):
    """One numbered defect: what it is about, what is wrong, what to do."""

    defect_list = models.ForeignKey(DefectList, models.PROTECT, related_name="defects")
    number = models.PositiveSmallIntegerField("序号")
    about = models.CharField("所指", max_length=120)
    what = models.CharField("问题", max_length=500)
    todo = models.CharField("怎么改", max_length=500)

    objects = OfDefectListQuerySet.as_manager()

    class Meta:
        verbose_name = "缺陷"
        ordering = ["defect_list", "number"]
        constraints = [models.UniqueConstraint(name="defects_are_numbered", fields=["defect_list", "number"])]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"


class Conclusion(models.TextChoices):
    RECOMMEND = "recommend", "建议推荐"
    DECLINE = "decline", "建议不予推荐"


class LetterQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """The district its own, the bureau and supervision all."""
        if has_role(user, *BUREAU_ROLES, Role.SUPERVISOR):
            return self
        if has_role(user, *DISTRICT_ROLES):
            return self.filter(district__in=district_ids_in_scope(user))
        return self.none()


class RecommendationLetter(models.Model):
    """推荐函: one letter of a district over one or more projects, with their summary list (汇总表) as PDF and Excel."""

    district = models.ForeignKey("core.District", models.PROTECT, related_name="recommendation_letters")
    call = models.ForeignKey("applications.Call", models.PROTECT, related_name="+")
    number = models.CharField("文号", max_length=60, blank=True)
    ground = models.OneToOneField("core.Ground", models.PROTECT, related_name="recommendation_letter")
    signed_at = models.DateTimeField("签批时间")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    table = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐函"
        ordering = ["-signed_at", "-pk"]
        indexes = [models.Index(fields=["district", "-signed_at"], name="letters_of_a_district")]

    def __str__(self) -> str:
        return f"推荐函 {self.number}".strip()


class OpinionQuerySet(DeskQuerySet):
    def in_hand(self) -> Self:
        """Written, and neither countersigned nor sent back to its writer."""
        return self.filter(ground=None, refused_at=None)


def _differ(one: str, other: str) -> Q:
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


class Opinion(models.Model):
    """The district's opinion: written by one person, countersigned by another (第九条二).

    `written_for` and `countersigned_for`: for whom, where the person stood in for a colleague (代理). A lead who will not
    sign sends it back to its writer with a reason; it stays to be read, and another is written.
    """

    project = models.ForeignKey("applications.Project", models.PROTECT, related_name="opinions")
    submission = models.ForeignKey("applications.Submission", models.PROTECT, related_name="opinions")
    conclusion = models.CharField("结论", max_length=12, choices=Conclusion)
    text = models.TextField("初审意见")
    written_at = models.DateTimeField("填写时间")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    countersigned_at = models.DateTimeField("签批时间", null=True, blank=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    countersigned_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField("退回重写时间", null=True, blank=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField("不予签批的理由", max_length=500, blank=True)
    ground = models.ForeignKey("core.Ground", models.PROTECT, null=True, blank=True, related_name="opinions")
    letter = models.ForeignKey(
        "review.RecommendationLetter", models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "初审意见"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="the_person_who_countersigns_an_opinion_did_not_write_it",
                condition=_differ("countersigned_by", "written_by"),
            ),
            models.CheckConstraint(
                name="nobody_countersigns_an_opinion_in_the_name_of_its_writer",
                condition=_differ("countersigned_for", "written_by")
                & _differ("countersigned_by", "written_for")
                & _differ("countersigned_for", "written_for"),
            ),
            models.CheckConstraint(
                name="an_opinion_sent_back_says_why",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True, refusal="")
                | (Q(refused_at__isnull=False, refused_by__isnull=False, ground__isnull=True) & ~Q(refusal="")),
            ),
            models.CheckConstraint(
                name="a_countersigned_opinion_is_a_ground",
                condition=Q(countersigned_by__isnull=True, countersigned_at__isnull=True, ground__isnull=True)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False, ground__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_opinion_in_hand_a_submission",
                fields=["submission"],
                condition=Q(ground__isnull=True, refused_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_conclusion_display()} {self.project_id}"
