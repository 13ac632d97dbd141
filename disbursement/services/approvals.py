"""市政府批复: the government office records it, and in the same transaction every project of it is approved or declined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import Hold, Project
from applications.states import State
from core import moves
from core.calendar import add_working_days
from core.models import Ground, GroundKind
from core.money import ZERO, yuan
from disbursement import funds
from disbursement.facts import net_of_received
from disbursement.letters import granting as letters
from disbursement.models import Approval, Award, AwardLine, Pool, Proposal, ProposalItem, ProposalSplit
from disbursement.services.agreements import draw
from disbursement.services.refusal import Refused

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor


@dataclass(frozen=True, slots=True)
class Declined:
    """The city does not support a project, for this reason."""

    reason: str


Decision = Decimal | Declined


def record_approval(
    proposal: Proposal,
    *,
    number: str,
    on: date,
    actor: Actor,
    at: datetime,
    file: StoredFile | None = None,
    decisions: Mapping[int, Decision] | None = None,
    seen_version: int | None = None,
) -> Approval:
    """Record the city's decision on an agreed proposal: all of it, or nothing.

    `decisions`: by item id the granted amount (元, gross, at most what was proposed) or `Declined`; None approves all
    as proposed. A lower amount takes from local money first. Binds the pools, moves every project, draws each 任务书.
    Raises Refused with its field (`number`, `on`, `amount-<item>`), PoolShort, and the refusals of `perform`.
    """
    with transaction.atomic():
        asked = ProposalSplit.objects.filter(item__proposal=proposal)
        pools = funds.lock_pools(asked.values_list("pool_id", flat=True))
        proposal = Proposal.objects.select_for_update(of=("self",)).select_related("call").get(pk=proposal.pk)
        moves.require(proposal, "record_approval", actor, at=at)
        items = _items(proposal)
        settled = _settled(items, decisions)
        ground = _ground(number, on, file, settled, actor, at)
        moves.perform(
            proposal, "record_approval", actor=actor, at=at, ground=ground, summary=number, seen_version=seen_version
        )
        approval = _approval(proposal, number, on, ground, actor, at)
        granted = [(item, granted) for item, granted in settled if not isinstance(granted, Declined)]
        refused = [(item, decision) for item, decision in settled if isinstance(decision, Declined)]
        awards = _award(approval, granted, pools, ground, actor, at)
        _approve_projects(proposal, awards, ground, actor, at)
        _decline_projects(refused, number, actor, at)
        for award in awards:
            award.project.refresh_from_db(fields=["due_on"])
            draw(award, actor=actor, at=at)
    return approval


# --- what was decided -----------------------------------------------------------------------------------------------


def _items(proposal: Proposal) -> list[ProposalItem]:
    """The live items whose project still waits; one that withdrew meanwhile falls out."""
    rows = (
        proposal.items.filter(live=True)
        .select_related("determination", "project__enterprise", "project__district", "project__call")
        .select_related("project__current_submission")
        .prefetch_related("splits")
        .order_by("pk")
    )
    waiting = [item for item in rows if item.project.state == State.GOVERNMENT_APPROVAL]
    proposal.items.exclude(pk__in=[item.pk for item in waiting]).update(live=False)
    return waiting


def _settled(
    items: list[ProposalItem], decisions: Mapping[int, Decision] | None
) -> list[tuple[ProposalItem, Decision]]:
    """Each item with its decision, every one checked. Raises Refused."""
    if not items:
        raise Refused("方案中已没有等待审定的项目。")
    held = set(Hold.objects.open().filter(project__in=[i.project_id for i in items]).values_list("project", flat=True))
    settled = []
    for item in items:
        decision = item.granted if decisions is None else decisions.get(item.pk)
        _refuse_unless_sound(item, decision)
        if item.project_id in held and not isinstance(decision, Declined):
            raise Refused(f"“{item.project.title}”有未解除的暂停，现在不能批准。", f"amount-{item.pk}")
        settled.append((item, decision))
    return settled


def _refuse_unless_sound(item: ProposalItem, decision: Decision | None) -> None:
    field = f"amount-{item.pk}"
    if decision is None:
        raise Refused("请填写核定支持额，或选择不予支持。", field)
    if isinstance(decision, Declined):
        if not decision.reason.strip():
            raise Refused("请写明不予支持的原因。", f"reason-{item.pk}")
        return
    if not item.determination.is_current:
        raise Refused("这个项目的测算金额已更新，请先把方案退回修改。", field)
    most = min(item.granted, item.limit)
    if decision > most:
        raise Refused(f"核定支持额不能高于拟核定额 {yuan(most)} 元（第六条、第九条（三））。", field)
    if net_of_received(decision, item.determination) <= 0:
        raise Refused("扣除已获支持后没有可支持的金额，请选择不予支持（第五条）。", field)


def _ground(
    number: str,
    on: date,
    file: StoredFile | None,
    settled: list[tuple[ProposalItem, Decision]],
    actor: Actor,
    at: datetime,
) -> Ground:
    if on > timezone.localdate(at):
        raise Refused("批复日期不能晚于今天。", "on")
    if Approval.objects.filter(number=number).exists():
        raise Refused(f"{number} 已经记录过。请核对文号。", "number")
    said = {
        str(item.project_id): {"declined": decision.reason} if isinstance(decision, Declined) else str(decision)
        for item, decision in settled
    }
    facts = {"on": on.isoformat(), "projects": said}
    return Ground.issue(
        kind=GroundKind.APPROVAL, number=number, title="市政府批复", by=actor, at=at, facts=facts, file=file
    )


def _approval(proposal: Proposal, number: str, on: date, ground: Ground, actor: Actor, at: datetime) -> Approval:
    try:
        with transaction.atomic():
            return Approval.objects.create(
                proposal=proposal, number=number, on=on, ground=ground, recorded_at=at, recorded_by=actor
            )
    except IntegrityError:
        raise Refused(f"{number} 刚刚由另一个人记录。请核对文号。", "number") from None


# --- what follows ---------------------------------------------------------------------------------------------------


def _award(
    approval: Approval,
    granted: list[tuple[ProposalItem, Decimal]],
    pools: Mapping[int, Pool],
    ground: Ground,
    actor: Actor,
    at: datetime,
) -> list[Award]:
    """Awards and their lines, bound on the pools all together."""
    awards, lines = [], []
    for item, amount in granted:
        award_amount = net_of_received(amount, item.determination)
        parts = [(pools[pool], part) for pool, part in split_down(item, award_amount, pools)]
        central = sum((part for pool, part in parts if pool.is_central), ZERO)
        award = Award(
            project=item.project, approval=approval, limit=item.limit, ceiling=item.ceiling, granted=amount,
            amount=award_amount, central=central, entitlement=award_amount,
        )  # fmt: skip
        awards.append(award)
        lines += [AwardLine(award=award, pool=pool, entitled=part, committed=part) for pool, part in parts]
    Award.objects.bulk_create(awards)
    AwardLine.objects.bulk_create(lines)
    if lines:
        funds.commit(lines, actor=actor, at=at, ground=ground)
    return awards


def split_down(item: ProposalItem, award: Decimal, pools: Mapping[int, Pool]) -> list[tuple[int, Decimal]]:
    """The item's splits, (pool id, 元), cut to an award: 待安排 goes first, then local money from the last, then central."""
    splits = sorted(item.splits.all(), key=lambda split: (not pools[split.pool_id].is_central, split.pk))
    cut = max(ZERO, sum((split.amount for split in splits), ZERO) - award)
    kept = []
    for split in reversed(splits):
        taken = min(cut, split.amount)
        cut -= taken
        if split.amount > taken:
            kept.append((split.pool_id, split.amount - taken))
    return kept[::-1]


def _approve_projects(proposal: Proposal, awards: list[Award], ground: Ground, actor: Actor, at: datetime) -> None:
    if not awards:
        return
    due_on = add_working_days(timezone.localdate(at), proposal.call.agreement_days)
    people = letters.people_of(award.project.enterprise_id for award in awards)
    amounts = {award.project_id: award.amount for award in awards}

    def told(project: Project) -> list:
        who = people.get(project.enterprise_id, [])
        return letters.approved(project, who, amounts[project.pk], ground.number, due_on)

    moves.perform_many(
        [award.project for award in awards], "approve", actor=actor, at=at, ground=ground, letters=told,
        summary=f"{ground.number}", due_on=due_on,
    )  # fmt: skip


def _decline_projects(refused: list[tuple[ProposalItem, Declined]], number: str, actor: Actor, at: datetime) -> None:
    people = letters.people_of(item.project.enterprise_id for item, _ in refused)
    for item, decision in refused:
        ground = Ground.issue(
            kind=GroundKind.DECISION, number=number, title="市政府审定不予支持", by=actor, at=at,
            facts={"reason": decision.reason, "project": item.project_id},
        )  # fmt: skip
        told = letters.declined(item.project, people.get(item.project.enterprise_id, []), decision.reason)
        moves.perform(item.project, "decline", actor=actor, at=at, ground=ground, letters=told, summary=decision.reason)
        item.live = False
    ProposalItem.objects.bulk_update([item for item, _ in refused], ["live"])
