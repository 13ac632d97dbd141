"""The plan of instalments of an award, and the conditions that make them payable (第十二条)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction

from core import audit
from core.money import ZERO
from disbursement.models import Agreement, Award, AwardLine, Condition, Instalment, InstalmentLine, Payment
from disbursement.states import LIVE_PAYMENTS, InstalmentState
from policy import versions
from policy.rules.amounts import fraction_of

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor
    from policy.rules import Version

TEN_THOUSAND = 10_000


def plan_instalments(award: Award, agreement: Agreement) -> list[Instalment]:
    """Lay out the award by the plan of its policy version, one line per pool; the last takes the rest to the 分."""
    version = versions.load(award.project.call.policy_version)
    plan = version.default_plan()
    made = [
        Instalment(
            award=award, agreement=agreement, position=position, condition=condition,
            share=int(share * TEN_THOUSAND), state_since=agreement.state_since,
        )
        for position, (share, condition) in enumerate(zip(plan.shares, plan.conditions, strict=True), start=1)
    ]  # fmt: skip
    Instalment.objects.bulk_create(made)
    InstalmentLine.objects.bulk_create(_lines(award, made, version))
    return made


def _lines(award: Award, instalments: list[Instalment], version: Version) -> list[InstalmentLine]:
    shares = version.default_plan().shares
    lines = []
    for award_line in award.lines.order_by("pk"):
        left = award_line.entitled
        for instalment, share in zip(instalments, shares, strict=True):
            is_last = instalment is instalments[-1]
            amount = left if is_last else fraction_of(award_line.entitled, share, version.quantum)
            left -= amount
            lines.append(InstalmentLine(instalment=instalment, award_line=award_line, amount=amount))
    return lines


def spread_over_instalments(line: AwardLine, amount: Decimal, *, ground: Ground, at: datetime) -> None:
    """Money found later for a line, over the instalments that are still planned, by the plan's shares, in 元.

    What belongs to instalments already paid or under way is payable at once, as one more instalment; the last one
    takes the rest to the 分.
    """
    award = line.award
    quantum = versions.load(award.project.call.policy_version).quantum
    instalments = list(award.instalments.exclude(state=InstalmentState.CANCELLED).order_by("position"))
    busy = Payment.objects.filter(line__instalment__award=award, state__in=LIVE_PAYMENTS)
    taken = set(busy.values_list("line__instalment_id", flat=True))
    shares = sum(one.share for one in instalments)
    left, at_once = amount, ZERO
    for instalment in instalments:
        is_last = instalment is instalments[-1]
        part = left if is_last else fraction_of(amount, Fraction(instalment.share, shares), quantum)
        left -= part
        if instalment.state == InstalmentState.PLANNED and instalment.pk not in taken:
            _add_to(instalment, line, part)
        else:
            at_once += part
    if at_once:
        _add_to(_one_more(award, instalments, at_once, ground, at), line, at_once)


def _add_to(instalment: Instalment, line: AwardLine, part: Decimal) -> None:
    held, _ = InstalmentLine.objects.get_or_create(instalment=instalment, award_line=line, defaults={"amount": ZERO})
    held.amount += part
    held.save(update_fields=["amount"])


def _one_more(award: Award, before: list[Instalment], amount: Decimal, ground: Ground, at: datetime) -> Instalment:
    """An instalment that is payable now, on the paper that found its money; one for all lines of the same paper."""
    same = award.instalments.filter(evidence=ground).first()
    if same is not None:
        return same
    position = award.instalments.order_by("-position").values_list("position", flat=True)[0] + 1
    share = max(1, int(amount * TEN_THOUSAND / award.amount))
    return Instalment.objects.create(
        award=award, agreement=before[-1].agreement, position=position, condition=Condition.SIGNED, share=share,
        met_at=at, evidence=ground, state_since=at,
    )  # fmt: skip


def meet_condition(award: Award, condition: str, *, evidence: Ground, actor: Actor, at: datetime) -> list[Instalment]:
    """The condition of an award's planned instalments is met, on this evidence: they are payable now."""
    with transaction.atomic():
        rows = list(
            award.instalments.select_for_update().filter(
                condition=condition, met_at=None, state=InstalmentState.PLANNED
            )
        )
        for row in rows:
            row.met_at, row.evidence = at, evidence
        Instalment.objects.bulk_update(rows, ["met_at", "evidence"])
        label = f"拨付条件成就：{Condition(condition).label}"
        entries = [audit.Entry(row, "instalment.condition_met", label, evidence) for row in rows]
        audit.record_many(entries, actor=actor, at=at)
    return rows
