"""The plan of instalments of an award, and the conditions that make them payable (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from core import audit
from core.money import ZERO
from disbursement.models import (
    Agreement,
    Award,
    AwardLine,
    Condition,
    Instalment,
    InstalmentLine,
    Payment,
    PlanTemplate,
)
from disbursement.plans import Part, plan_from, plan_of_policy
from disbursement.services.refusal import Refused
from disbursement.states import LIVE_PAYMENTS, InstalmentState
from policy import versions
from policy.rules.amounts import fraction_of

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor

TEN_THOUSAND = 10_000


def plan_in_use(award: Award) -> list[Part]:
    """The plan a 任务书 drawn now is given: the bureau's default template, else the one of the policy version."""
    own = PlanTemplate.objects.in_use().filter(is_default=True).first()
    if own is not None:
        return plan_from(own.parts)
    return plan_of_policy(versions.load(award.project.call.policy_version))


def plan_instalments(award: Award, agreement: Agreement) -> list[Instalment]:
    """Lay out the award as its 任务书 says, one line per pool; the last takes the rest to the 分."""
    plan = plan_from(agreement.terms["plan"]) if "plan" in agreement.terms else plan_in_use(award)
    made = [
        Instalment(
            award=award, agreement=agreement, position=position, condition=part.condition, progress=part.progress,
            share=part.share, state_since=agreement.state_since,
        )
        for position, part in enumerate(plan, start=1)
    ]  # fmt: skip
    Instalment.objects.bulk_create(made)
    lines = []
    for award_line in award.lines.order_by("pk"):
        for instalment, amount in zip(made, _portions(award, award_line.entitled, made), strict=True):
            lines.append(InstalmentLine(instalment=instalment, award_line=award_line, amount=amount))
    InstalmentLine.objects.bulk_create(lines)
    return made


def _portions(award: Award, amount: Decimal, instalments: Sequence[Instalment]) -> list[Decimal]:
    """An amount in 元 over some instalments by their shares; the last takes the rest to the 分."""
    quantum = versions.load(award.project.call.policy_version).quantum
    whole = sum(one.share for one in instalments)
    first = [fraction_of(amount, Fraction(one.share, whole), quantum) for one in instalments[:-1]]
    return [*first, amount - sum(first, ZERO)]


def open_to_change(award: Award) -> list[Instalment]:
    """Instalments a supplementary agreement may lay out anew: planned, and nothing of them paid or under way."""
    busy = Payment.objects.filter(line__instalment__award=award, state__in=LIVE_PAYMENTS)
    rows = award.instalments.filter(state=InstalmentState.PLANNED).order_by("position")
    return list(rows.exclude(pk__in=busy.values("line__instalment")))


def replan(agreement: Agreement, *, ground: Ground, actor: Actor, at: datetime) -> list[Instalment]:
    """Lay out anew what is still planned, as a supplementary agreement says: each pool's money stays what it was.

    A condition already met stays met. Raises Refused where other instalments are open now than when it was drawn.
    """
    rows = agreement.terms.get("rest")
    if not rows:
        return []
    award = Award.objects.select_for_update().select_related("project__call").get(project=agreement.project_id)
    planned = open_to_change(award)
    known = [one.pk for one in planned]
    if [row["instalment"] for row in rows if row["instalment"]] != known:
        raise Refused("补充协议拟定之后，分批款已有变动（列入批次或拨付），请按现在的分批款重新拟定。")
    for instalment, row in zip(planned, rows, strict=False):
        instalment.share, instalment.condition, instalment.progress = row["share"], row["condition"], row["progress"]
    laid = planned + [_further(award, agreement, row, place) for place, row in enumerate(rows[len(planned) :], start=1)]
    Instalment.objects.bulk_update(laid, ["share", "condition", "progress"])
    for line in award.lines.order_by("pk"):
        held = InstalmentLine.objects.filter(instalment__in=planned, award_line=line)
        total = sum((one.amount for one in held), ZERO)
        for instalment, amount in zip(laid, _portions(award, total, laid), strict=True):
            InstalmentLine.objects.update_or_create(instalment=instalment, award_line=line, defaults={"amount": amount})
    words = "、".join(
        f"第 {one.position} 笔 {part.share_words}" for one, part in zip(laid, plan_from(rows), strict=True)
    )
    audit.record_many(
        [audit.Entry(one, "instalment.replanned", "按补充协议调整", ground, words) for one in laid], actor=actor, at=at
    )
    meet_condition(award, Condition.SIGNED, evidence=ground, actor=actor, at=at)
    return laid


def _further(award: Award, agreement: Agreement, row: dict[str, Any], place: int) -> Instalment:
    last = award.instalments.order_by("-position").values_list("position", flat=True)[0]
    return Instalment.objects.create(
        award=award, agreement=agreement, position=last + 1, condition=row["condition"], share=row["share"],
        progress=row["progress"], state_since=agreement.state_since,
    )  # fmt: skip


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


def meet_condition(
    award: Award, condition: str, *, evidence: Ground, actor: Actor, at: datetime, reached: int | None = None
) -> list[Instalment]:
    """The condition of an award's planned instalments is met, on this evidence: they are payable now.

    `reached`: the progress confirmed, in %; what waits for more goes on waiting.
    """
    with transaction.atomic():
        waiting = award.instalments.select_for_update().filter(
            condition=condition, met_at=None, state=InstalmentState.PLANNED
        )
        if reached is not None:
            waiting = waiting.filter(Q(progress=None) | Q(progress__lte=reached))
        rows = list(waiting)
        for row in rows:
            row.met_at, row.evidence = at, evidence
        Instalment.objects.bulk_update(rows, ["met_at", "evidence"])
        entries = [
            audit.Entry(row, "instalment.condition_met", f"拨付条件成就：{row.condition_words}", evidence)
            for row in rows
        ]
        audit.record_many(entries, actor=actor, at=at)
    return rows
