"""拨付计划模板: drafted by one person of 市工信局, adopted by its lead; used for 任务书 drawn afterwards alone (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from core import audit, notices
from core.models import BUREAU_ROLES, Role
from core.people import has_role
from disbursement.agreement_text import compose
from disbursement.letters import granting as letters
from disbursement.models import Agreement, Award, PlanTemplate
from disbursement.plans import Part, PlanRefused, check_plan
from disbursement.services.agreements import print_paper
from disbursement.services.refusal import Refused
from disbursement.states import AgreementState

if TYPE_CHECKING:
    from core.people import Actor


def draft_plan(
    name: str, parts: Sequence[Part], *, reason: str, is_default: bool, actor: Actor, at: datetime
) -> PlanTemplate:
    """A new edition of the template of this name; in use once the lead has adopted it. Raises Refused for a plan that cannot be."""
    if not may_draft(actor):
        raise PermissionDenied("拨付计划模板由市工信局编制。")
    try:
        check_plan(parts)
    except PlanRefused as refused:
        raise Refused(str(refused)) from None
    with transaction.atomic():
        same = PlanTemplate.objects.select_for_update().filter(name=name.strip())
        if same.filter(adopted_at=None, replaced_at=None).exists():
            raise Refused("这个模板还有一版等待采用，采用之后再编制新版。", "name")
        last = same.aggregate(last=Max("edition"))["last"] or 0
        made = PlanTemplate.objects.create(
            name=name.strip(), edition=last + 1, parts=[part.as_json() for part in parts], is_default=is_default,
            reason=reason, drafted_at=at, drafted_by=actor,
        )  # fmt: skip
        audit.record(
            made, "plan.drafted", actor=actor, at=at, label="编制拨付计划模板", summary=f"{made}：{reason}"[:400]
        )
        notices.send(letters.plan_waits(made), at=at)
    return made


def may_draft(actor: Actor) -> bool:
    """市工信局."""
    return has_role(actor, *BUREAU_ROLES)


def may_choose(agreement: Agreement, actor: Actor) -> bool:
    """市工信局, while nobody has signed a 任务书."""
    return agreement.state == AgreementState.DRAWN and not agreement.amends_id and may_draft(actor)


def may_adopt(plan: PlanTemplate, actor: Actor) -> bool:
    """The bureau's lead, who did not draft it."""
    waits = plan.adopted_at is None and plan.replaced_at is None
    return waits and has_role(actor, Role.BUREAU_LEAD) and plan.drafted_by_id != actor.pk


def adopt_plan(plan: PlanTemplate, *, actor: Actor, at: datetime) -> PlanTemplate:
    """Put an edition in use in place of the one before. 任务书 drawn earlier keep their plan."""
    with transaction.atomic():
        fresh = PlanTemplate.objects.select_for_update().get(pk=plan.pk)
        if not may_adopt(fresh, actor):
            raise PermissionDenied("由没有编制这一版的市工信局负责人采用，且只采用一次。")
        in_use = PlanTemplate.objects.select_for_update().in_use()
        in_use.filter(name=fresh.name).update(replaced_at=at)
        if fresh.is_default:
            in_use.filter(is_default=True).update(is_default=False)
        fresh.adopted_at, fresh.adopted_by = at, actor
        fresh.save(update_fields=["adopted_at", "adopted_by"])
        audit.record(fresh, "plan.adopted", actor=actor, at=at, label="采用拨付计划模板", summary=str(fresh))
    return fresh


def choose_plan(agreement: Agreement, plan: PlanTemplate, *, actor: Actor, at: datetime) -> Agreement:
    """Give a 任务书 nobody has signed yet another plan in use; its text is drawn anew."""
    if not may_draft(actor):
        raise PermissionDenied("拨付计划由市工信局选定。")
    with transaction.atomic():
        fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if fresh.state != AgreementState.DRAWN or fresh.amends_id:
            raise Refused("已有一方签署，不能再换拨付计划；需要调整的，生效后另签补充协议。", "plan")
        award = Award.objects.select_related("project__call", "approval").get(project=fresh.project_id)
        fresh.terms = {**fresh.terms, "plan": plan.parts}
        fresh.text, fresh.version = compose(award, fresh.terms), fresh.version + 1
        fresh.save(update_fields=["terms", "text", "version"])
        audit.record(fresh, "agreement.plan_chosen", actor=actor, at=at, label="选定拨付计划", summary=str(plan))
        print_paper(fresh, actor, at)
    return fresh
