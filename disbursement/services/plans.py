"""拨付计划模板: drafted by one person of 市工信局, adopted by its lead; used for 任务书 drawn afterwards alone (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from core import audit, notices
from core.hands import has_a_hand_in
from core.models import BUREAU_ROLES, Role
from core.people import has_role, hat_for, put_on
from disbursement.agreement_text import compose
from disbursement.letters import granting as letters
from disbursement.models import Agreement, Award, PlanTemplate
from disbursement.plans import Part, PlanRefused, check_plan
from disbursement.services.agreements import print_paper
from disbursement.services.refusal import Refused
from disbursement.states import AgreementState

if TYPE_CHECKING:
    from core.people import Actor

WAITS = "这个模板还有一版等待采用，采用之后再编制新版。"


def draft_plan(
    name: str, parts: Sequence[Part], *, reason: str, is_default: bool, actor: Actor, at: datetime
) -> PlanTemplate:
    """A new edition of the template of this name; in use once the lead has adopted it. Raises Refused for a plan that cannot be."""
    hat = hat_for(actor, lambda: has_role(actor, *BUREAU_ROLES))
    if hat is None:
        raise PermissionDenied("拨付计划模板由市工信局编制。")
    put_on(actor, hat)
    try:
        check_plan(parts)
    except PlanRefused as refused:
        raise Refused(str(refused)) from None
    with transaction.atomic():
        same = PlanTemplate.objects.filter(name=name.strip())
        if same.filter(adopted_at=None, replaced_at=None).exists():
            raise Refused(WAITS, "name")
        last = same.aggregate(last=Max("edition"))["last"] or 0
        try:
            with transaction.atomic():
                made = PlanTemplate.objects.create(
                    name=name.strip(), edition=last + 1, parts=[part.as_json() for part in parts],
                    is_default=is_default, reason=reason, drafted_at=at, drafted_by=actor,
                )  # fmt: skip
        except IntegrityError:  # a colleague drafted the same edition in the same moment
            raise Refused(WAITS, "name") from None
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
    """The bureau's lead, who neither drafted it nor had a stand-in draft it."""
    return _adopting_hat(plan, actor) is not None


def _adopting_hat(plan: PlanTemplate, actor: Actor) -> tuple[int | None] | None:
    """As whom this person may adopt it: himself, or a lead he stands in for."""
    if plan.adopted_at or plan.replaced_at:
        return None
    maker = {plan.drafted_by_id}
    return hat_for(actor, lambda: has_role(actor, Role.BUREAU_LEAD) and not has_a_hand_in(plan, maker, actor))


def adoption_ends(plan: PlanTemplate, default: PlanTemplate | None) -> str:
    """What adopting an edition does to the template now in use by default, in words; empty where nothing."""
    if default is None or plan.is_default == (default.name == plan.name):
        return ""
    if plan.is_default:
        return f"{default}不再是默认模板。"
    return "不再有默认模板，此后生成的任务书按政策版本设定的拨付计划。"


def adopt_plan(plan: PlanTemplate, *, actor: Actor, at: datetime) -> PlanTemplate:
    """Put an edition in use in place of the one before. 任务书 drawn earlier keep their plan."""
    with transaction.atomic():
        # all of them, so that there is one adoption at a time
        rows = {one.pk: one for one in PlanTemplate.objects.select_for_update().order_by("pk")}
        fresh = rows[plan.pk]
        hat = _adopting_hat(fresh, actor)
        if hat is None:
            raise PermissionDenied("由没有编制这一版的市工信局负责人采用，且只采用一次。")
        put_on(actor, hat)
        in_use = PlanTemplate.objects.in_use()
        ended = adoption_ends(fresh, in_use.filter(is_default=True).first())
        in_use.filter(name=fresh.name).update(replaced_at=at)
        if fresh.is_default:
            in_use.filter(is_default=True).update(is_default=False)
        fresh.adopted_at, fresh.adopted_by = at, actor
        fresh.save(update_fields=["adopted_at", "adopted_by"])
        summary = f"{fresh}；{ended}" if ended else str(fresh)
        audit.record(fresh, "plan.adopted", actor=actor, at=at, label="采用拨付计划模板", summary=summary[:400])
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
        fresh.file = None  # the PDF of the plan before is not this paper
        fresh.save(update_fields=["terms", "text", "version", "file"])
        audit.record(fresh, "agreement.plan_chosen", actor=actor, at=at, label="选定拨付计划", summary=str(plan))
        print_paper(fresh, actor, at)
    return fresh
