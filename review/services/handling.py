"""Whose work a filing is at the district: taken, begun, handed over, reassigned by the lead (第九条二)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import Project
from core import audit
from core.models import Role, User
from core.notices import send
from core.people import has_role
from review import letters
from review.district_queries import who_may_be_given
from review.services.desks import at_the_district
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


def take(project: Project, *, actor: Actor, at: datetime) -> Project:
    """Put a filing that nobody has on one's own desk; who has it already keeps it.

    The enterprise may still recall it, until a material is verified. Raises NotYours (a colleague has it), Overtaken.
    """
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        if fresh.taken_by_id is None:
            fresh.taken_by = actor
            fresh.save(update_fields=["taken_by"])
            audit.record(fresh, "project.taken", actor=actor, at=at, label="领取，开始经办")
    return fresh


def begin(project: Project, *, actor: Actor, at: datetime) -> Project:
    """The first judgement of a filing: it is taken where nobody has it, and the enterprise can no longer recall it."""
    with transaction.atomic():
        fresh = take(project, actor=actor, at=at)
        if fresh.taken_at is None:
            fresh.taken_at = at
            fresh.save(update_fields=["taken_at"])
            audit.record(fresh, "project.checking_begun", actor=actor, at=at, label="开始核验材料")
    return fresh


def hand_over(project: Project, to: User, *, reason: str, actor: Actor, at: datetime) -> Project:
    """Give a filing to a colleague of the same district: by who has it, or by the lead, whoever has it.

    Raises NotYours, Overtaken; ReviewRefused for somebody else's colleague, one with an interest, or no reason.
    """
    if not reason.strip():
        raise ReviewRefused("请写明移交的原因。", field="reason")
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        before = fresh.taken_by
        if before is None and not has_role(actor, Role.DISTRICT_LEAD):
            raise ReviewRefused("还没有人经办，请先领取，或请负责人指派。")
        if not who_may_be_given(fresh, fresh.taken_by_id).filter(pk=to.pk).exists():
            raise ReviewRefused("只能移交给本区县初审岗位的同事，且与企业没有利益关系。", field="to")
        fresh.taken_by = to
        fresh.save(update_fields=["taken_by"])
        said = f"{before or '无人经办'} → {to}：{reason.strip()}"
        audit.record(fresh, "project.handed_over", actor=actor, at=at, label="移交经办", summary=said,
                     facts={"to_person": to.pk})  # fmt: skip
        send(letters.handed_over(fresh, before, to, reason.strip(), actor), at=at)
    return fresh
