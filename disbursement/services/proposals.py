"""A proposal (资金方案) from its draft to the agreement of both bureaux: two persons of each (第九条三)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from applications.models import Call, Determination, Project
from core import audit, moves
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import has_role
from disbursement import funds
from disbursement.facts import central_cap, net_of_received
from disbursement.letters import granting as letters
from disbursement.models import Pool, Proposal, ProposalItem, ProposalSplit
from disbursement.queries.pools import unplanned
from disbursement.queries.proposals import items_out_of_date, projects_ready_for_proposal
from disbursement.queries.ranking import allocated, pools_that_share
from disbursement.services.refusal import Refused
from disbursement.states import ProposalState

if TYPE_CHECKING:
    from core.people import Actor


class RefusedItem(Refused):
    """One item of many cannot be set: `item` is its id."""

    def __init__(self, message: str, field: str, item: int) -> None:
        super().__init__(message, field)
        self.item = item


def draft_proposal(call: Call, title: str, *, actor: Actor, at: datetime) -> Proposal:
    """Begin an empty proposal. Only its drafter edits it, so that whoever checks it did not write it."""
    _require_officer(actor)
    with transaction.atomic():
        made = Proposal.objects.create(call=call, title=title, drafted_at=at, drafted_by=actor, state_since=at)
        audit.record(made, "proposal.drafted", actor=actor, at=at, label="拟定资金方案", summary=title)
    return made


def add_projects(proposal: Proposal, projects: Iterable[Project], *, actor: Actor, at: datetime) -> list[ProposalItem]:
    """Take projects into the proposal, each at its limit, the money split by the policy.

    Central money first, as far as ceiling and pool go; the city's pool makes up the difference (差额补充, 第七条一);
    what no pool bears is 待安排. Raises Refused for a project that is not ready.
    """
    keys = sorted({project.pk for project in projects})
    if not keys:
        raise Refused("请至少选择一个项目。", "projects")
    with transaction.atomic():
        pools = _pools_of(proposal)
        fresh = _editable(proposal, actor, "add_projects")
        ready = list(
            projects_ready_for_proposal(fresh.call).filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
        )
        if len(ready) != len(keys):
            raise Refused(
                "所选项目中有的不能列入：公示未结束、有未解除的暂停、没有测算金额，或已在另一个方案中。", "projects"
            )
        found = {d.project_id: d for d in Determination.objects.filter(project__in=keys, is_current=True)}
        items = _items(fresh, [(project, found[project.pk]) for project in ready], pools)
        _record(fresh, "proposal.projects_added", "列入项目", items, actor, at)
    return items


def set_item(
    item: ProposalItem, *, granted: Decimal, splits: Mapping[int, Decimal], actor: Actor, at: datetime
) -> ProposalItem:
    """Set what is proposed for one project: `granted` in 元, gross; `splits`: 元 by pool id, summing to at most the award.

    Raises Refused above the limit, above what central money may bear, above a pool, or for more money than the award.
    """
    with transaction.atomic():
        pools = funds.lock_pools({*splits, *item.splits.values_list("pool_id", flat=True)})
        fresh = _editable(item.proposal, actor, "set_item")
        item = fresh.items.select_for_update(of=("self",)).select_related("determination", "project").get(pk=item.pk)
        parts = {key: amount for key, amount in splits.items() if amount}
        _refuse_granted(item, granted)
        award = net_of_received(granted, item.determination)
        _refuse_splits(item, award, parts, pools)
        item.granted, item.award = granted, award
        item.save(update_fields=["granted", "award"])
        item.splits.all().delete()
        ProposalSplit.objects.bulk_create(
            ProposalSplit(item=item, pool=pools[key], amount=amount) for key, amount in parts.items()
        )
        _record(fresh, "proposal.item_set", "调整拟核定额", [item], actor, at)
    return item


def set_items(
    proposal: Proposal, changes: Mapping[int, tuple[Decimal, Mapping[int, Decimal]]], *, actor: Actor, at: datetime
) -> None:
    """Set many items at once, by item id (granted, splits), all or none. What asks less goes first, so that money can
    be moved from one project to another. Raises RefusedItem with the item that cannot be set.
    """
    with transaction.atomic():
        items = {item.pk: item for item in proposal.items.filter(pk__in=changes).prefetch_related("splits")}

        def more_money(key: int) -> Decimal:
            before = sum((split.amount for split in items[key].splits.all()), ZERO)
            return sum(changes[key][1].values(), ZERO) - before

        for key in sorted(items, key=more_money):
            granted, splits = changes[key]
            try:
                set_item(items[key], granted=granted, splits=splits, actor=actor, at=at)
            except Refused as refused:
                raise RefusedItem(str(refused), refused.field, key) from None


def remove_item(item: ProposalItem, *, actor: Actor, at: datetime) -> None:
    """Take a project out of a draft; it may stand in another one."""
    with transaction.atomic():
        fresh = _editable(item.proposal, actor, "remove_item")
        item = fresh.items.select_related("project").get(pk=item.pk)
        _record(fresh, "proposal.project_removed", "移出项目", [item], actor, at)
        item.delete()


def check_proposal(proposal: Proposal, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Proposal:
    """市工信局 checks: another person than the drafter."""
    return _step(proposal, "check_proposal", (Role.FINANCE_OFFICER,), actor, at, seen_version)


def review_proposal(proposal: Proposal, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Proposal:
    """市财政局 reviews the sources."""
    return _step(proposal, "review_proposal", (Role.FINANCE_LEAD,), actor, at, seen_version)


def agree(proposal: Proposal, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Proposal:
    """市财政局 agrees; it now waits for 市政府审定."""
    return _step(proposal, "agree", (Role.GOVERNMENT_OFFICE,), actor, at, seen_version)


def send_back_proposal(proposal: Proposal, reason: str, *, actor: Actor, at: datetime) -> Proposal:
    """Back to the drafter, with the reason; all four steps begin anew."""
    with transaction.atomic():
        ground = _decision(proposal, "退回修改资金方案", reason, actor, at)
        told = letters.proposal_sent_back(proposal, reason)
        return moves.perform(
            proposal, "send_back_proposal", actor=actor, at=at, ground=ground, letters=told, summary=reason
        )


def cancel_proposal(proposal: Proposal, reason: str, *, actor: Actor, at: datetime) -> Proposal:
    """Give the proposal up; its projects may stand in another one."""
    with transaction.atomic():
        ground = _decision(proposal, "作废资金方案", reason, actor, at)
        fresh = moves.perform(proposal, "cancel_proposal", actor=actor, at=at, ground=ground, summary=reason)
        fresh.items.update(live=False)
    return fresh


# --- how it is done -------------------------------------------------------------------------------------------------


def _step(
    proposal: Proposal, move: str, next_roles: tuple[str, ...], actor: Actor, at: datetime, seen_version: int | None
) -> Proposal:
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        moves.require(proposal, move, actor, at=at)
        stale = list(items_out_of_date(proposal).select_related("project"))
        if stale:
            names = "、".join(item.project.title for item in stale)
            raise Refused(f"方案中有项目已变化，须退回修改后再办：{names}。")
        items = list(proposal.items.filter(live=True).prefetch_related("splits"))
        facts = {"items": [_facts_of(item) for item in items], "total": str(sum((i.award for i in items), ZERO))}
        ground = Ground.issue(kind=GroundKind.PROPOSAL, title=proposal.title, by=actor, at=at, facts=facts)
        told = letters.proposal_waits(proposal, next_roles)
        total = f"{len(items)} 个项目，合计 {yuan(sum((i.award for i in items), ZERO))} 元"
        return moves.perform(
            proposal, move, actor=actor, at=at, ground=ground, letters=told, summary=total, seen_version=seen_version
        )


def _facts_of(item: ProposalItem) -> dict[str, Any]:
    splits = {str(split.pool_id): str(split.amount) for split in item.splits.all()}
    return {"project": item.project_id, "granted": str(item.granted), "award": str(item.award), "splits": splits}


def _decision(proposal: Proposal, title: str, reason: str, actor: Actor, at: datetime) -> Ground:
    facts = {"reason": reason, "proposal": proposal.pk}
    return Ground.issue(kind=GroundKind.DECISION, title=title, by=actor, at=at, facts=facts)


def _items(proposal: Proposal, pairs: list[tuple[Project, Determination]], pools: list[Pool]) -> list[ProposalItem]:
    """Items at their limits, with the split the policy gives for them all together."""
    central, local = pools_that_share(pools)
    answers = allocated([determination for _, determination in pairs], pools, proposal.call)
    items, splits = [], []
    for (project, determination), answer in zip(pairs, answers, strict=True):
        item = ProposalItem(
            proposal=proposal, project=project, determination=determination, limit=determination.limit,
            ceiling=determination.ceiling, granted=determination.limit,
            award=answer.central + answer.local + answer.unfunded,
        )  # fmt: skip
        items.append(item)
        parts = ((central, answer.central), (local, answer.local))
        splits += [ProposalSplit(item=item, pool=pool, amount=part) for pool, part in parts if pool and part]
    ProposalItem.objects.bulk_create(items)
    ProposalSplit.objects.bulk_create(splits)
    return items


def _pools_of(proposal: Proposal) -> list[Pool]:
    """The pools of the call's year, locked: what remains of them is read while nobody else promises it."""
    keys = Pool.objects.filter(year=proposal.call.year, district=None).values_list("pk", flat=True)
    return list(funds.lock_pools(keys).values())


def _refuse_granted(item: ProposalItem, granted: Decimal) -> None:
    if granted <= 0:
        raise Refused("拟核定额须大于零；不支持的项目请移出方案。", "granted")
    if granted > item.limit:
        raise Refused(f"拟核定额不能高于支持上限 {yuan(item.limit)} 元（第六条）。", "granted")


def _refuse_splits(item: ProposalItem, award: Decimal, parts: Mapping[int, Decimal], pools: Mapping[int, Pool]) -> None:
    total = sum(parts.values(), ZERO)
    if total > award:
        raise Refused(f"资金来源合计 {yuan(total)} 元，多于拟支持额 {yuan(award)} 元。", "granted")
    central = sum((amount for key, amount in parts.items() if pools[key].is_central), ZERO)
    if central > central_cap(item.determination):
        first = next(key for key in parts if pools[key].is_central)
        most = yuan(central_cap(item.determination))
        raise Refused(f"中央资金最多承担 {most} 元（第五、六条）。", f"pool-{first}")
    left = unplanned(pools.values(), besides_item=item.pk)
    for key, amount in parts.items():
        if amount < 0:
            raise Refused("金额不能为负数。", f"pool-{key}")
        if amount > left[key]:
            raise Refused(f"{pools[key]}只剩 {yuan(left[key])} 元可安排。", f"pool-{key}")


def _editable(proposal: Proposal, actor: Actor, deed: str) -> Proposal:
    """The proposal, locked, if it is a draft and this person drafted it. Raises PermissionDenied, Overtaken."""
    fresh = Proposal.objects.select_for_update(of=("self",)).select_related("call").get(pk=proposal.pk)
    if fresh.drafted_by_id != actor.pk:
        raise PermissionDenied("资金方案由拟定人修改，以便复核人与经手人分开。")
    if fresh.state != ProposalState.DRAFTED:
        raise moves.Overtaken(f"方案已在“{fresh.get_state_display()}”，不能再改。", record=fresh, move=deed)
    return fresh


def _require_officer(actor: Actor) -> None:
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("资金方案由市工信局经办拟定。")


def _record(proposal: Proposal, event: str, label: str, items: list[ProposalItem], actor: Actor, at: datetime) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(version=proposal.version + 1)
    total = sum((item.award for item in items), ZERO)
    named = items[0].project.title if len(items) == 1 else f"{len(items)} 个项目"
    facts = {"items": [{"project": i.project_id, "granted": str(i.granted), "award": str(i.award)} for i in items]}
    summary = f"{named}，{yuan(total)} 元"
    audit.record(proposal, event, actor=actor, at=at, label=label, summary=summary, facts=facts)
