"""补充安排: money found later for what an approval left 待安排; two persons of each bureau, the award unchanged (第七条一)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit, moves
from core.models import Ground, GroundKind, Role
from core.money import ZERO, yuan
from core.people import has_role
from disbursement import funds, pool_funds
from disbursement.facts import central_cap
from disbursement.letters import pools as letters
from disbursement.models import Approval, Award, AwardLine, Pool, Supplement, SupplementItem
from disbursement.queries.pools import unplanned
from disbursement.queries.supplements import arrangeable_awards
from disbursement.services.instalments import spread_over_instalments
from disbursement.services.refusal import Refused

if TYPE_CHECKING:
    from core.people import Actor

Parts = Mapping[int, Mapping[int, Decimal]]  # 元 by award id and pool id


def draft_supplement(approval: Approval, title: str, parts: Parts, *, actor: Actor, at: datetime) -> Supplement:
    """Draft money for awards of one approval: `parts`, in 元 by award id and pool id.

    Raises Refused, with the field `part-<award>-<pool>`, beyond what is 待安排, what central money may bear or what a
    pool can still be asked for; and for a project that is held or no longer running.
    """
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("补充安排由市工信局经办拟定。")
    wanted = {key: {pool: part for pool, part in by_pool.items() if part} for key, by_pool in parts.items()}
    wanted = {key: by_pool for key, by_pool in wanted.items() if by_pool}
    if not wanted:
        raise Refused("请至少给一个项目填写补充安排的金额。")
    with transaction.atomic():
        pools = funds.lock_pools({pool for by_pool in wanted.values() for pool in by_pool})
        _refuse_unless_sound(approval, wanted, pools)
        _refuse_beyond_pools(wanted, pools)
        made = Supplement.objects.create(
            approval=approval, title=title, drafted_at=at, drafted_by=actor, state_since=at
        )
        SupplementItem.objects.bulk_create(
            SupplementItem(supplement=made, award_id=award, pool=pools[pool], amount=part)
            for award, by_pool in wanted.items()
            for pool, part in by_pool.items()
        )
        summary = f"{len(wanted)} 个项目，{yuan(_total(wanted))} 元"
        audit.record(made, "supplement.drafted", actor=actor, at=at, label="拟定补充安排", summary=summary)
    return made


def check_supplement(supplement: Supplement, *, actor: Actor, at: datetime, seen_version: int | None = None):
    """市工信局 checks: another person than the drafter."""
    return _step(supplement, "check_supplement", actor, at, seen_version, Role.FINANCE_OFFICER)


def review_supplement(supplement: Supplement, *, actor: Actor, at: datetime, seen_version: int | None = None):
    """市财政局 reviews the sources."""
    return _step(supplement, "review_supplement", actor, at, seen_version, Role.FINANCE_LEAD)


def agree_supplement(supplement: Supplement, *, actor: Actor, at: datetime, seen_version: int | None = None):
    """市财政局 agrees: the pools are bound, the awards' lines and unpaid instalments grow, the enterprises are told.

    Raises PoolShort where a pool was spent meanwhile, Refused where an award has changed; nothing is done then.
    """
    with transaction.atomic():
        items = list(supplement.items.order_by("pk"))
        pools = funds.lock_pools(item.pool_id for item in items)
        parts: dict[int, dict[int, Decimal]] = defaultdict(dict)
        for item in items:
            parts[item.award_id][item.pool_id] = item.amount
        supplement = Supplement.objects.select_for_update(of=("self",)).select_related("approval").get(pk=supplement.pk)
        moves.require(supplement, "agree_supplement", actor, at=at)
        awards = _refuse_unless_sound(supplement.approval, parts, pools)
        fresh, ground = _moved(supplement, "agree_supplement", actor, at, seen_version)
        _bind(fresh, items, awards, ground, actor, at)
    return fresh


def cancel_supplement(supplement: Supplement, reason: str, *, actor: Actor, at: datetime) -> Supplement:
    """Give it up; what it asked of the pools is free again."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"作废：{supplement.title}", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(
            supplement, "cancel_supplement", actor=actor, at=at, ground=ground, summary=reason, reason=reason,
            letters=letters.supplement_cancelled(supplement, reason),
        )  # fmt: skip


# --- how it is done -------------------------------------------------------------------------------------------------


def _step(
    supplement: Supplement, move: str, actor: Actor, at: datetime, seen_version: int | None, next_role: str
) -> Supplement:
    return _moved(supplement, move, actor, at, seen_version, next_role)[0]


def _moved(
    supplement: Supplement, move: str, actor: Actor, at: datetime, seen_version: int | None, *next_roles: str
) -> tuple[Supplement, Ground]:
    """The supplement after one move, and the paper it stands on."""
    with transaction.atomic():
        items = list(supplement.items.order_by("pk"))
        total = sum((item.amount for item in items), ZERO)
        said = [{"award": item.award_id, "pool": item.pool_id, "amount": str(item.amount)} for item in items]
        facts = {"approval": supplement.approval_id, "items": said, "total": str(total)}
        ground = Ground.issue(kind=GroundKind.PROPOSAL, title=supplement.title, by=actor, at=at, facts=facts)
        told = letters.supplement_waits(supplement, *next_roles) if next_roles else ()
        fresh = moves.perform(
            supplement, move, actor=actor, at=at, ground=ground, letters=told, seen_version=seen_version,
            summary=f"{len(items)} 笔，{yuan(total)} 元",
        )  # fmt: skip
    return fresh, ground


def _bind(
    supplement: Supplement, items: list[SupplementItem], awards: Mapping[int, Award], ground: Ground, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """The money itself: award lines, pools, ledger, instalments, letters."""
    parts = []
    for item in items:
        award = awards[item.award_id]
        line = award.lines.filter(pool=item.pool_id).first() or AwardLine.objects.create(
            award=award, pool_id=item.pool_id, entitled=ZERO, committed=ZERO
        )
        line.award = award
        parts.append((line, item.amount))
        if item.pool.is_central:
            award.central += item.amount
            award.save(update_fields=["central"])
    pool_funds.extend(parts, key=f"supplement-{supplement.pk}", actor=actor, at=at, ground=ground)
    by_project: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line, amount in parts:
        spread_over_instalments(line, amount, ground=ground, at=at)
        by_project[line.award_id] += amount
    told = letters.arranged(supplement, [(awards[key].project, amount) for key, amount in by_project.items()])
    letters.send(told, at=at)


def _refuse_unless_sound(approval: Approval, parts: Parts, pools: Mapping[int, Pool]) -> dict[int, Award]:
    """The awards, locked; each still running, unheld, with so much 待安排. Raises Refused."""
    rows = arrangeable_awards(approval).filter(pk__in=parts).select_related("project__enterprise")
    pending = {award.pk: award.pending for award in rows}
    awards = {
        award.pk: award
        for award in Award.objects.select_for_update(of=("self",)).select_related("project__call", "project__enterprise")
        .filter(pk__in=pending).order_by("pk")
    }  # fmt: skip
    for key, by_pool in parts.items():
        field = f"part-{key}-{next(iter(by_pool))}"
        if key not in awards:
            raise Refused("所选项目中有的没有待安排资金、任务书未生效、终核清算单已编制，或有未解除的暂停。", field)
        _refuse_beyond_award(awards[key], pending[key], by_pool, pools, field)
    return awards


def _refuse_beyond_award(
    award: Award, pending: Decimal, by_pool: Mapping[int, Decimal], pools: Mapping[int, Pool], field: str
) -> None:
    total = sum(by_pool.values(), ZERO)
    if total > pending:
        raise Refused(f"“{award.project.title}”待安排 {yuan(pending)} 元，补充安排不能超过这个数。", field)
    central = sum((part for pool, part in by_pool.items() if pools[pool].is_central), ZERO)
    if not central:
        return
    cap = central_cap(award.project.determinations.get(is_current=True))
    if award.central + central > cap:
        left = yuan(max(ZERO, cap - award.central))
        raise Refused(f"“{award.project.title}”中央资金最多再安排 {left} 元（第五、六条）。", field)


def _refuse_beyond_pools(parts: Parts, pools: Mapping[int, Pool]) -> None:
    left = unplanned(pools.values())
    for key, by_pool in parts.items():
        for pool, part in by_pool.items():
            if part > left[pool]:
                raise Refused(f"{pools[pool]}只剩 {yuan(left[pool])} 元可安排。", f"part-{key}-{pool}")
            left[pool] -= part


def _total(parts: Parts) -> Decimal:
    return sum((part for by_pool in parts.values() for part in by_pool.values()), ZERO)
