"""终核: the final amount from the audited investment, prepared by one person and confirmed by another (第十二条)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from applications.facts.amounts import MODES
from applications.models import Project
from applications.states import State
from core import audit, moves
from core.hands import has_a_hand_in
from core.models import BUREAU_ROLES, Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import SYSTEM, has_role
from disbursement.letters import closing as letters
from disbursement.models import (
    Award,
    AwardLine,
    Condition,
    Hearing,
    HearingKind,
    Instalment,
    InstalmentLine,
    Payment,
    RecoveryReason,
    Settlement,
)
from disbursement.plans import WHOLE
from disbursement.services import hearings
from disbursement.services.agreements import end_agreements
from disbursement.services.refusal import Refused
from disbursement.services.stopping import lock_pools_of, set_entitlement, true_up
from disbursement.states import LIVE_PAYMENTS, UNSIGNED, AcceptanceState, InstalmentState
from policy import versions
from policy.rules import AcceptanceFacts, Determination, settle

if TYPE_CHECKING:
    from core.people import Actor


class SettlementRefused(Exception):
    """The final amount cannot be prepared, confirmed or closed yet; the text says why."""


def settlement_facts(project: Project) -> AcceptanceFacts:
    """What acceptance found, beside what was granted and paid; amounts in 元."""
    award = Award.objects.get(project=project)  # fresh: a payment may have arrived since the project was read
    submission = project.current_submission
    acceptance = project.acceptances.get(state=AcceptanceState.PASSED)
    lines = list(award.lines.select_related("pool"))
    return AcceptanceFacts(
        mode=MODES[project.track],
        chain_leader=submission.chain_leader,
        approved=award.granted,
        audited_eligible=acceptance.audited_eligible,
        planned_eligible=project.determinations.get(is_current=True).eligible,
        paid=award.net,
        other_received=submission.received_elsewhere,
        central_committed=award.central,
        central_paid=sum((line.net for line in lines if line.pool.is_central), ZERO),
        local_paid=sum((line.net for line in lines if not line.pool.is_central), ZERO),
        decided_amount=_decided_amount(award),
    )


def _decided_amount(award: Award) -> Decimal | None:
    """Where the limit is no 第六条 ceiling (就高 or 一事一议), what that decision grants (policy: ACCEPT)."""
    return None if award.limit == award.ceiling else award.limit


def compute(project: Project) -> Determination:
    """The explained final amount as it would stand now; nothing is stored."""
    determination = project.determinations.get(is_current=True)
    return settle(settlement_facts(project), versions.load(determination.policy_version))


def prepare_settlement(project: Project, *, actor: Actor, at: datetime) -> Settlement:
    """A bureau person prepares the statement from the passed acceptance; it takes effect when another confirms it.

    Raises NotYours, Overtaken, SettlementRefused for a second statement or while money is on its way.
    """
    if not has_role(actor, *BUREAU_ROLES):
        raise moves.NotYours("终核清算由市工信局编制。", record=project, move="close")
    if project.state != State.SETTLEMENT:
        raise moves.Overtaken("项目不在终核清算环节。", record=project, move="close")
    with transaction.atomic():
        lock_pools_of(project)
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if Settlement.objects.filter(project=project).exists():
            raise SettlementRefused("终核清算单已编制，请复核确认。")
        _refuse_money_under_way(project)
        result = compute(project)
        ground = Ground.issue(
            kind=GroundKind.SETTLEMENT, title=f"终核清算单：{project.title}", by=actor, at=at,
            facts={"final": str(result.final), "payable": str(result.payable), "clawback": str(result.clawback)},
        )  # fmt: skip
        made = Settlement.objects.create(
            project=project, acceptance=project.acceptances.get(state=AcceptanceState.PASSED),
            policy_version=result.version.key, policy_digest=result.version.digest, facts=result.facts.as_dict(),
            result=result.as_dict(), final=result.final, payable=result.payable, clawback=result.clawback,
            made_at=at, made_by=actor, ground=ground,
        )  # fmt: skip
        audit.record(project, "project.settlement_prepared", actor=actor, at=at, label="编制终核清算单", ground=ground,
                     summary=f"终核 {yuan(result.final)} 元")  # fmt: skip
    return made


def confirm_settlement(settlement: Settlement, *, actor: Actor, at: datetime) -> Settlement:
    """Another person confirms: the last instalment becomes payable, or a recovery is raised.

    Raises SettlementRefused where the figures have moved since (a payment arrived) or money is on its way, where it is
    confirmed already, or where money is to come back and the enterprise was not heard; NotYours for the person who
    prepared it.
    """
    project = settlement.project
    with transaction.atomic():
        lock_pools_of(project)
        fresh = Settlement.objects.select_for_update(of=("self",)).get(pk=settlement.pk)
        if not has_role(actor, Role.BUREAU_LEAD) or has_a_hand_in(project, {fresh.made_by_id}, actor):
            raise moves.NotYours("终核清算须由编制人以外的市工信局负责人确认。", record=project, move="close")
        if fresh.confirmed_at:
            raise SettlementRefused("这份终核清算单已经确认。")
        _refuse_money_under_way(project)
        result = compute(project)
        if (result.final, result.payable, result.clawback) != (fresh.final, fresh.payable, fresh.clawback):
            raise SettlementRefused("编制之后又有拨付或退回，金额已变，请重新编制。")
        if fresh.clawback > ZERO:
            _sign_after_hearing(fresh, actor, at)
        fresh.confirmed_at, fresh.confirmed_by = at, actor
        fresh.save(update_fields=["confirmed_at", "confirmed_by"])
        audit.record(project, "project.settlement_confirmed", actor=actor, at=at, label="确认终核清算单",
                     ground=fresh.ground, summary=f"终核 {yuan(fresh.final)} 元")  # fmt: skip
        _take_effect(project, result, fresh.ground, at)
    return fresh


def _refuse_money_under_way(project: Project) -> None:
    """What is on its way is neither paid nor owed: the figures would be wrong when it arrives. The pools are locked."""
    if under_way := hearings.money_under_way(project):
        raise SettlementRefused(f"还有 {yuan(under_way)} 元正在拨付，等银行结果登记之后再办理终核。")


def _sign_after_hearing(settlement: Settlement, actor: Actor, at: datetime) -> None:
    try:
        hearings.sign(settlement.project, HearingKind.SETTLE, ground=settlement.ground, actor=actor, at=at)
    except Refused as refused:
        raise SettlementRefused(str(refused)) from refused


def discard_settlement(settlement: Settlement, *, actor: Actor, at: datetime) -> None:
    """Throw away a statement that was never confirmed, so that a new one can be prepared."""
    with transaction.atomic():
        fresh = Settlement.objects.select_for_update().get(pk=settlement.pk)
        if fresh.confirmed_at:
            raise SettlementRefused("已确认的终核清算单不能作废。")
        if Hearing.objects.open().filter(project=fresh.project_id, kind=HearingKind.SETTLE).exists():
            raise SettlementRefused("这份清算单的追回已告知企业，请先撤回告知，再作废重编。")
        audit.record(fresh.project, "project.settlement_discarded", actor=actor, at=at, label="作废终核清算单",
                     ground=fresh.ground)  # fmt: skip
        fresh.delete()


def _take_effect(project: Project, result: Determination, ground: Ground, at: datetime) -> None:
    award = Award.objects.select_for_update().get(project=project)
    set_entitlement(award, _by_line(award, result))
    _fit_last_instalment(award, ground, at)
    true_up(project, reason=RecoveryReason.SETTLEMENT, ground=ground, at=at)


def _by_line(award: Award, result: Determination) -> dict[int, Decimal]:
    """The final amount over the pools: central lines first up to the central part, then local ones in their order."""
    left = {True: result.central or ZERO, False: result.local or ZERO}
    parts = {}
    for line in award.lines.select_related("pool").order_by("pk"):
        part = min(line.entitled, left[line.pool.is_central])
        left[line.pool.is_central] -= part
        parts[line.pk] = part
    return parts


def _fit_last_instalment(award: Award, ground: Ground, at: datetime) -> None:
    """The unpaid rest becomes the last instalment; other unpaid ones, and an empty last one, are cancelled.

    A line that was paid is never paid again: where only part of an instalment arrived, the rest gets a new one.
    """
    planned = list(Instalment.objects.filter(award=award, state=InstalmentState.PLANNED).order_by("position"))
    owed = {line: line.entitled - line.net for line in AwardLine.objects.filter(award=award).order_by("pk")}
    owed = {line: amount for line, amount in owed.items() if amount > ZERO}
    last = None
    if owed and planned:
        touched = Payment.objects.filter(line__instalment__in=planned, state__in=LIVE_PAYMENTS)
        partly = set(touched.values_list("line__instalment_id", flat=True))
        untouched = [instalment for instalment in planned if instalment.pk not in partly]
        last = untouched[-1] if untouched else _one_more(award, planned[-1], sum(owed.values(), ZERO))
        _owe(last, owed, ground, at)
    for instalment in planned:
        if last is None or instalment.pk != last.pk:
            moves.perform(instalment, "cancel_instalment", actor=SYSTEM, at=at, ground=ground)


def _one_more(award: Award, like: Instalment, amount: Decimal) -> Instalment:
    share = max(1, int(amount * WHOLE / award.amount))
    position = award.instalments.count() + 1
    return Instalment.objects.create(
        award=award, agreement=like.agreement, position=position, condition=Condition.ACCEPTED, share=share
    )


def _owe(last: Instalment, owed: dict[AwardLine, Decimal], ground: Ground, at: datetime) -> None:
    """Write what is owed into the last instalment and declare its condition met."""
    last.lines.exclude(award_line__in=owed).update(amount=ZERO)
    for line, amount in owed.items():
        InstalmentLine.objects.update_or_create(instalment=last, award_line=line, defaults={"amount": amount})
    last.condition, last.met_at, last.evidence = Condition.ACCEPTED, at, ground
    last.save(update_fields=["condition", "met_at", "evidence"])


def close(project: Project, *, actor: Actor, at: datetime) -> Project:
    """办结: the final amount is paid and nothing is outstanding. Raises SettlementRefused with what is missing."""
    with transaction.atomic():
        lock_pools_of(project)
        settlement = Settlement.objects.filter(project=project, confirmed_at__isnull=False).first()
        if settlement is None:
            raise SettlementRefused("终核清算单还没有确认。")
        award = Award.objects.select_for_update().get(project=project)
        if award.in_payment or award.net != award.entitlement:
            raise SettlementRefused(
                f"终核 {yuan(award.entitlement)} 元，企业实得 {yuan(award.net)} 元，拨付中 {yuan(award.in_payment)} 元，"
                "尚未结清。"
            )
        end_agreements(project, ground=settlement.ground, actor=actor, at=at, states=UNSIGNED)
        return moves.perform(
            project, "close", actor=actor, at=at, ground=settlement.ground,
            summary=f"终核 {yuan(settlement.final)} 元，已结清", letters=letters.settled,
        )  # fmt: skip
