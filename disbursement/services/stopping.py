"""Stopping money: when an entitlement shrinks, promises are given back and what was paid too much is claimed.

One mechanism for lapse, termination, failure, revocation, settlement and a payment that arrives after a stop:
lower the entitlement, then `true_up` makes promises, instalments and recoveries fit it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from applications.models import HoldKind, Project
from applications.services.holds import place_hold
from core import moves
from core.money import ZERO
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import Award, AwardLine, Instalment, Payment, Recovery, RecoveryLine
from disbursement.states import InstalmentState, PaymentState, RecoveryState

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor


def stop_money(project: Project, *, reason: str, ground: Ground, actor: Actor, at: datetime) -> Recovery | None:
    """End a project's money: nothing more is paid, what was paid is claimed (第十三条; termination and failure alike).

    Returns the recovery raised, or None where nothing had been paid. Call it in the transaction of the move that
    stops the project, which began with `lock_pools_of`. A payment already at the bank cannot be stopped: it is claimed
    when it arrives.
    """
    with transaction.atomic():
        award = _locked_award(project)
        if award is None:
            return None
        _cancel_prepared_payments(award, ground=ground, actor=actor, at=at)
        set_entitlement(award, {line.pk: ZERO for line in award.lines.all()})
        return true_up(project, reason=reason, ground=ground, at=at)


def set_entitlement(award: Award, by_line: dict[int, Decimal]) -> None:
    """Lower what is in force: `by_line` gives each award line's entitlement in 元. Never raises it."""
    lines = list(AwardLine.objects.select_for_update().filter(award=award).order_by("pk"))
    for line in lines:
        line.entitled = min(line.entitled, by_line[line.pk])
    AwardLine.objects.bulk_update(lines, ["entitled"])
    award.entitlement = min(award.entitlement, sum((line.entitled for line in lines), ZERO))
    award.save(update_fields=["entitlement"])


def true_up(project: Project, *, reason: str, ground: Ground, at: datetime) -> Recovery | None:
    """Make promises and claims fit the entitlement now in force; doing it again changes nothing.

    Unpaid instalments beyond the entitlement are cancelled, promises that will not be paid are released, and what
    the enterprise holds too much, not yet claimed, becomes a recovery with a hold. Returns that recovery or None.
    """
    with transaction.atomic():
        award = _locked_award(project)
        if award is None:
            return None
        if award.entitlement == ZERO:
            _cancel_plan(award, ground=ground, at=at)
        lines = list(award.lines.select_related("pool", "award").order_by("pk"))
        for line in lines:
            _release_surplus(line, ground=ground, at=at)
        return _claim_surplus(award, lines, reason=reason, ground=ground, at=at)


def lock_pools_of(project: Project) -> None:
    """The pools a project is paid from, locked. Whatever moves a project and its money takes them first: pool → project."""
    funds.lock_pools(AwardLine.objects.filter(award__project=project).values_list("pool_id", flat=True))


def _locked_award(project: Project) -> Award | None:
    """The award, its pools locked before it."""
    lock_pools_of(project)
    return Award.objects.select_for_update().filter(project=project).first()


def _cancel_prepared_payments(award: Award, *, ground: Ground, actor: Actor, at: datetime) -> None:
    """Take what the bank does not have yet out of its batches, and put the instalments back into the plan."""
    waiting = list(
        Payment.objects.filter(project=award.project_id, state=PaymentState.PREPARED)
        .select_related("line__award_line", "line__instalment", "project", "pool")
        .order_by("pk")
    )
    if not waiting:
        return
    moves.perform_many(waiting, "cancel_payment", actor=actor, at=at, ground=ground)
    funds.unreserve(waiting, actor=actor, at=at, ground=ground)
    for instalment in Instalment.objects.filter(award=award, state=InstalmentState.IN_PAYMENT):
        if not Payment.objects.filter(line__instalment=instalment, state=PaymentState.SENT).exists():
            moves.perform(instalment, "back_to_plan", actor=actor, at=at, ground=ground)


def _cancel_plan(award: Award, *, ground: Ground, at: datetime) -> None:
    for instalment in Instalment.objects.filter(award=award, state=InstalmentState.PLANNED):
        moves.perform(instalment, "cancel_instalment", actor=SYSTEM, at=at, ground=ground)


def _release_surplus(line: AwardLine, *, ground: Ground, at: datetime) -> None:
    needed = max(line.entitled, line.net + _under_way(line))
    if line.committed > needed:
        key = f"ground:{ground.pk}:{line.committed}"
        funds.release(line, line.committed - needed, key=key, actor=SYSTEM, at=at, ground=ground)


def _under_way(line: AwardLine) -> Decimal:
    rows = Payment.objects.filter(
        line__award_line=line, state__in=[PaymentState.PREPARED, PaymentState.SENT]
    ).aggregate(total=Sum("amount"))
    return rows["total"] or ZERO


def _claim_surplus(
    award: Award, lines: Sequence[AwardLine], *, reason: str, ground: Ground, at: datetime
) -> Recovery | None:
    parts = {line: surplus for line in lines if (surplus := line.net - line.entitled - _claimed(line)) > ZERO}
    if not parts:
        return None
    total = sum(parts.values(), ZERO)
    recovery = Recovery.objects.create(
        project=award.project, reason=reason, ground=ground, demanded=total, raised_at=at
    )
    for line in sorted(parts, key=_arranged_last_first):
        RecoveryLine.objects.create(recovery=recovery, pool=line.pool, demanded=parts[line])
    award.demanded += total
    award.save(update_fields=["demanded"])
    place_hold(award.project, kind=HoldKind.RECOVERY, note="已拨资金待追回", ground=ground, actor=SYSTEM, at=at)
    return recovery


def _arranged_last_first(line: AwardLine) -> tuple[bool, int]:
    """Sources are restored in the reverse order: local money topped up what central money did not reach (第七条一)."""
    return line.pool.is_central, -line.pk


def _claimed(line: AwardLine) -> Decimal:
    """What open recoveries already ask back of this line's pool."""
    open_parts = RecoveryLine.objects.filter(recovery__project=line.award.project_id, pool=line.pool_id).exclude(
        recovery__state=RecoveryState.COMPLETE
    )
    sums = open_parts.aggregate(demanded=Sum("demanded"), recovered=Sum("recovered"))
    return (sums["demanded"] or ZERO) - (sums["recovered"] or ZERO)
