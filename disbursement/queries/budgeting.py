"""预算编制 (第三条三): what next year's budget must bear — promised and not yet paid, 待安排, and what running calls will ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from applications.models import Call, Determination
from applications.states import State
from core.money import ZERO, exact
from disbursement.models import Pool
from disbursement.queries.pools import unplanned
from disbursement.queries.supplements import pending_awards

RUNNING = (
    State.DISTRICT_REVIEW, State.CORRECTION, State.CITY_REVIEW, State.PUBLIC_NOTICE, State.GOVERNMENT_APPROVAL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """A pool's promises that are still to be paid, in 元; `uncovered` is central money promised and not yet received."""

    pool: Pool
    unpaid: Decimal
    in_payment: Decimal
    uncovered: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the projects of one running call would get by the policy, within what the pools of its year still hold."""

    call: Call
    stages: list[tuple[str, int, Decimal]]
    count: int
    wanted: Decimal
    central: Decimal
    local: Decimal
    unfunded: Decimal


def owed_by_pool(pools: Iterable[Pool]) -> list[Owed]:
    """Pools that still owe something: committed − paid + returned."""
    rows = []
    for pool in pools:
        net = pool.paid - pool.returned
        unpaid = pool.committed - net
        if unpaid:
            short = max(ZERO, unpaid - (pool.received - net)) if pool.is_central else ZERO
            rows.append(Owed(pool, unpaid, pool.in_payment, short))
    return rows


def pending_by_year() -> dict[int, Decimal]:
    """待安排 in 元 by the year of the call."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for year, pending in pending_awards().values_list("project__call__year", "pending"):
        found[year] += pending
    return dict(found)


def estimates() -> list[Estimate]:
    """Every call with projects under way before the award, newest first.

    Central money as far as it goes, local money for the rest (第七条一), the remainder 待安排: the sums that
    policy.rules.pools gives for all of them together, whichever way it shares the central pool among them.
    """
    claims: dict[int, dict[str, list[tuple[Decimal, Decimal]]]] = defaultdict(lambda: defaultdict(list))
    rows = Determination.objects.filter(
        ~Q(project__proposal_items__live=True), is_current=True, limit__gt=0, project__state__in=RUNNING
    )
    for call, state, result in rows.values_list("project__call", "project__state", "result"):
        # read in Python: SQLite would take a figure out of JSON as a float
        claims[call][state].append((exact(result.get("central") or "0"), exact(result.get("total") or "0")))
    calls = Call.objects.filter(pk__in=claims).order_by("-year", "-opens_at")
    pools = list(Pool.objects.filter(year__in=[call.year for call in calls]))
    left = unplanned(pools)
    return [_estimate(call, claims[call.pk], pools, left) for call in calls]


def _estimate(call: Call, by_state: dict[str, Any], pools: list[Pool], left: dict[int, Decimal]) -> Estimate:
    each = [one for found in by_state.values() for one in found]
    wanted, claimed = sum((total for _, total in each), ZERO), sum((central for central, _ in each), ZERO)
    held = {True: ZERO, False: ZERO}
    for pool in pools:
        if pool.year == call.year and not pool.district_id:
            held[pool.is_central] += left[pool.pk]
    central = min(claimed, held[True])
    local = min(wanted - central, held[False])
    stages = [
        (str(State(state).label), len(found), sum((total for _, total in found), ZERO))
        for state, found in sorted(by_state.items(), key=lambda item: RUNNING.index(State(item[0])))
    ]
    return Estimate(call, stages, len(each), wanted, central, local, wanted - central - local)


@dataclass(frozen=True, slots=True)
class Outlook:
    """All of it, with its sums in 元."""

    owed: list[Owed]
    pending: dict[int, Decimal]
    estimates: list[Estimate]

    @property
    def unpaid(self) -> Decimal:
        return sum((row.unpaid for row in self.owed), ZERO)

    @property
    def uncovered(self) -> Decimal:
        return sum((row.uncovered for row in self.owed), ZERO)

    @property
    def pending_total(self) -> Decimal:
        return sum(self.pending.values(), ZERO)

    @property
    def asked(self) -> Decimal:
        """What running calls would get if every project passed."""
        return sum((one.wanted for one in self.estimates), ZERO)

    @property
    def to_budget(self) -> Decimal:
        """What no pool bears yet: 待安排 of awards, and what running calls would leave without money."""
        return self.pending_total + sum((one.unfunded for one in self.estimates), ZERO)


def outlook(user: Any) -> Outlook:
    """What next year's budget must bear, as far as this person sees pools."""
    pools = Pool.objects.visible_to(user).select_related("district").order_by("-year", "source", "district__code")
    return Outlook(owed_by_pool(pools), pending_by_year(), estimates())
