"""The plan of instalments of an award, and the conditions that make them payable (第十二条)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from core import audit
from disbursement.models import Agreement, Award, Condition, Instalment, InstalmentLine
from disbursement.states import InstalmentState
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
