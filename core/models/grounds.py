"""Grounds (依据): the document or record that justifies a move; no state changes without one."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core import people
from core.models.scoped import ScopedQuerySet

if TYPE_CHECKING:
    from core.models.files import StoredFile
    from core.people import Actor


class GroundKind(models.TextChoices):
    """What kind of paper a ground is. A transition names the kinds it accepts."""

    DECLARATION = "declaration", "申报声明"
    DEFECT_LIST = "defect_list", "补正通知（缺陷清单）"
    OPINION = "opinion", "初审意见"
    SEND_BACK = "send_back", "退回区县意见"
    DECISION = "decision", "决定书"
    SIGNED_REQUEST = "signed_request", "签章申请"
    CLOCK_RECORD = "clock_record", "期限记录"
    REVIEW_REPORT = "review_report", "评审报告"
    NOTICE = "notice", "公示"
    NOTICE_CLOSURE = "notice_closure", "公示结论"
    SCORE_SHEET = "score_sheet", "评分表"
    EXPERT_DRAW = "expert_draw", "专家抽取记录"
    SECOND_ROUND = "second_round", "复评通知"
    SITE_VISIT = "site_visit", "现场核查记录"
    OBJECTION = "objection", "异议"
    OBJECTION_ASSIGNMENT = "objection_assignment", "异议交办单"
    OBJECTION_FINDING = "objection_finding", "异议核查结论"
    OBJECTION_ANSWER = "objection_answer", "异议答复"
    PROPOSAL = "proposal", "资金方案"
    APPROVAL = "approval", "市政府批复"
    AGREEMENT = "agreement", "任务书"
    PROGRESS_REPORT = "progress_report", "进度报告"
    COMPLETION_REPORT = "completion_report", "竣工报告"
    ACCEPTANCE_REPORT = "acceptance_report", "验收报告"
    RECTIFICATION_NOTICE = "rectification_notice", "整改通知"
    SETTLEMENT = "settlement", "终核清算单"
    PAYMENT_APPLICATION = "payment_application", "拨付申请"
    BANK_RECEIPT = "bank_receipt", "银行回单"
    HEARING_NOTICE = "hearing_notice", "拟决定告知书"
    HEARING_ANSWER = "hearing_answer", "陈述申辩书"
    HEARING_RECORD = "hearing_record", "陈述申辩复核意见"
    RECOVERY_NOTICE = "recovery_notice", "追回通知"
    CALL_NOTICE = "call_notice", "申报通知"
    BUDGET_DOCUMENT = "budget_document", "资金下达文件"
    TAKE_OVER_SHEET = "take_over_sheet", "接续清单"
    DIFFERENCE_RECORD = "difference_record", "对账差异处理单"
    CORRECTION_RECORD = "correction_record", "更正记录"


class GroundQuerySet(ScopedQuerySet):
    def _visible_to_person(self, user: Any) -> Self:
        """A ground is reached through the thing it justifies; alone, only supervision and its author list it."""
        from core.models.people import Role

        if people.has_role(user, Role.SUPERVISOR):
            return self
        return self.filter(issued_by=user)


class Ground(models.Model):
    """One document or record: its kind, number, file and digest, who issued it and when. Immutable."""

    kind = models.CharField("种类", max_length=24, choices=GroundKind)
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("名称", max_length=200)
    file = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, blank=True, related_name="grounds")
    facts = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField("摘要", max_length=64)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("出具时间")

    objects = GroundQuerySet.as_manager()

    class Meta:
        verbose_name = "依据"
        ordering = ["issued_at", "pk"]
        indexes = [models.Index(fields=["kind", "issued_at"], name="grounds_by_kind")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    @classmethod
    def issue(
        cls,
        *,
        kind: str,
        title: str,
        by: Actor,
        at: datetime,
        number: str = "",
        facts: dict[str, Any] | None = None,
        file: StoredFile | None = None,
    ) -> Ground:
        """Write down a ground. `facts` must be JSON-safe and hold no phone, ID or account number."""
        ground = cls(
            kind=kind,
            title=title,
            number=number,
            facts=facts or {},
            file=file,
            issued_by=people.as_user(by),
            on_behalf_of=people.stands_in_for(by),
            issued_at=at,
        )
        ground.digest = ground.compute_digest()
        ground.save(force_insert=True)
        return ground

    def compute_digest(self) -> str:
        """SHA-256 over everything the ground says, the content hash of its file included."""
        said = {
            "kind": self.kind,
            "title": self.title,
            "number": self.number,
            "facts": self.facts,
            "file": self.file.sha256 if self.file_id else None,
            "by": self.issued_by_id,
            "at": self.issued_at.astimezone(UTC).isoformat(),
        }
        if self.on_behalf_of_id:
            said["for"] = self.on_behalf_of_id
        text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
