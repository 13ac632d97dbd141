"""The plan of instalments of an award, and the conditions that make them payable (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, Sum

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
    ProgressReport,
)
from disbursement.plans import Part, plan_from, plan_of_policy
from disbursement.services.refusal import Refused
from disbursement.states import LIVE_PAYMENTS, InstalmentState, ProgressState
from policy import versions
from policy.rules.amounts import fraction_of

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor


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
        portions = _portions(award, award_line.entitled, [one.share for one in made])
        for instalment, amount in zip(made, portions, strict=True):
            lines.append(InstalmentLine(instalment=instalment, award_line=award_line, amount=amount))
    InstalmentLine.objects.bulk_create(lines)
    return made


def _portions(award: Award, amount: Decimal, shares: Sequence[int]) -> list[Decimal]:
    """An amount in 元 over some instalments by their shares; the last takes the rest to the 分."""
    quantum = versions.load(award.project.call.policy_version).quantum
    whole = sum(shares)
    first = [fraction_of(amount, Fraction(share, whole), quantum) for share in shares[:-1]]
    return [*first, amount - sum(first, ZERO)]


def open_to_change(award: Award) -> list[Instalment]:
    """Instalments a supplementary agreement may lay out anew: planned, and nothing of them paid or under way."""
    busy = Payment.objects.filter(line__instalment__award=award, state__in=LIVE_PAYMENTS)
    rows = award.instalments.filter(state=InstalmentState.PLANNED).order_by("position")
    return list(rows.exclude(pk__in=busy.values("line__instalment")))


def portions_anew(award: Award, planned: Sequence[Instalment], shares: Sequence[int]) -> dict[AwardLine, list[Decimal]]:
    """What each pool has in the instalments still open, in 元, over as many instalments as there are shares."""
    held = InstalmentLine.objects.filter(instalment__in=planned)
    sums = dict(held.order_by().values_list("award_line").annotate(total=Sum("amount")))
    return {line: _portions(award, sums.get(line.pk, ZERO), shares) for line in award.lines.order_by("pk")}


def replan(agreement: Agreement, *, ground: Ground, actor: Actor, at: datetime) -> list[Instalment]:
    """Lay out anew what is still planned, as a supplementary agreement says: each pool's money stays what it was.

    A condition already met stays met, and a progress already confirmed counts. Raises Refused where other instalments
    are open now than when it was drawn, with other money, or where the condition it changes was met since.
    """
    rows = agreement.terms.get("rest")
    if not rows:
        return []
    award = Award.objects.select_for_update().select_related("project__call").get(project=agreement.project_id)
    planned = open_to_change(award)
    by_line = portions_anew(award, planned, [row["share"] for row in rows])
    _refuse_moved_on(planned, rows, sum((sum(parts, ZERO) for parts in by_line.values()), ZERO))
    for instalment, row in zip(planned, rows, strict=False):
        instalment.share, instalment.condition, instalment.progress = row["share"], row["condition"], row["progress"]
    laid = planned + [_further(award, agreement, row) for row in rows[len(planned) :]]
    Instalment.objects.bulk_update(laid, ["share", "condition", "progress"])
    for line, parts in by_line.items():
        for instalment, amount in zip(laid, parts, strict=True):
            InstalmentLine.objects.update_or_create(instalment=instalment, award_line=line, defaults={"amount": amount})
    words = "、".join(
        f"第 {one.position} 笔 {part.share_words}" for one, part in zip(laid, plan_from(rows), strict=True)
    )
    audit.record_many(
        [audit.Entry(one, "instalment.replanned", "按补充协议调整", ground, words) for one in laid], actor=actor, at=at
    )
    meet_condition(award, Condition.SIGNED, evidence=ground, actor=actor, at=at)
    _count_confirmed_progress(award, actor, at)
    return laid


def _refuse_moved_on(planned: Sequence[Instalment], rows: Sequence[dict[str, Any]], money: Decimal) -> None:
    """`money`: what the open instalments hold now, in 元; a paper drawn before amounts were written down says none."""
    if [row["instalment"] for row in rows if row["instalment"]] != [one.pk for one in planned]:
        raise Refused("补充协议拟定之后，分批款已有变动（列入批次或拨付），请按现在的分批款重新拟定。")
    for one, row in zip(planned, rows, strict=False):
        if one.met_at and (row["condition"], row["progress"]) != (one.condition, one.progress):
            raise Refused(f"补充协议拟定之后，{one}的条件（{one.condition_words}）已经成就，不能再改，请重新拟定。")
    if "amount" in rows[0] and sum((Decimal(row["amount"]) for row in rows), ZERO) != money:
        raise Refused("补充协议拟定之后，未拨付各笔的金额因补充安排有变动，请按现在的金额重新拟定。")


def _count_confirmed_progress(award: Award, actor: Actor, at: datetime) -> None:
    """What now waits for no more progress than was confirmed before is payable at once, on that report."""
    confirmed = ProgressReport.objects.filter(
        project=award.project_id, state=ProgressState.CONFIRMED, ground__isnull=False
    )
    best = confirmed.order_by("-progress", "pk").select_related("ground").first()
    if best is not None:
        meet_condition(award, Condition.PROGRESS, reached=best.progress, evidence=best.ground, actor=actor, at=at)


def _further(award: Award, agreement: Agreement, row: dict[str, Any]) -> Instalment:
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
    live = Payment.objects.filter(line__instalment__award=award, state__in=LIVE_PAYMENTS)
    taken = set(live.values_list("line__instalment_id", flat=True))
    busy = [one for one in instalments if one.state != InstalmentState.PLANNED or one.pk in taken]
    shares = sum(one.share for one in instalments)
    left, at_once = amount, ZERO
    for instalment in instalments:
        is_last = instalment is instalments[-1]
        part = left if is_last else fraction_of(amount, Fraction(instalment.share, shares), quantum)
        left -= part
        if instalment in busy:
            at_once += part
        else:
            _add_to(instalment, line, part)
    if at_once:
        one_more = _one_more(award, instalments, ground, at)
        _add_to(one_more, line, at_once)
        others = sum(one.share for one in instalments if one not in busy and one != one_more)
        _share_by_money([one_more, *busy], shares - others)


def _add_to(instalment: Instalment, line: AwardLine, part: Decimal) -> None:
    held, _ = InstalmentLine.objects.get_or_create(instalment=instalment, award_line=line, defaults={"amount": ZERO})
    held.amount += part
    held.save(update_fields=["amount"])


def _one_more(award: Award, before: list[Instalment], ground: Ground, at: datetime) -> Instalment:
    """An instalment that is payable now, on the paper that found its money; one for all lines of the same paper."""
    same = award.instalments.filter(evidence=ground).first()
    if same is not None:
        return same
    position = award.instalments.order_by("-position").values_list("position", flat=True)[0] + 1
    return Instalment.objects.create(
        award=award, agreement=before[-1].agreement, position=position, condition=Condition.SIGNED, share=1,
        met_at=at, evidence=ground, state_since=at,
    )  # fmt: skip


def _share_by_money(instalments: Sequence[Instalment], whole: int) -> None:
    """Divide a share among instalments by what each holds: what is payable at once was part of those before it."""
    rows = InstalmentLine.objects.filter(instalment__in=instalments).order_by().values_list("instalment")
    held = dict(rows.annotate(total=Sum("amount")))
    total, left = sum(held.values(), ZERO), whole
    for one in instalments[:-1]:
        one.share = max(1, int(whole * held.get(one.pk, ZERO) / total))
        left -= one.share
    instalments[-1].share = max(1, left)
    Instalment.objects.bulk_update(instalments, ["share"])


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
