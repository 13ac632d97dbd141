"""Money in the demonstration: pools, proposals, the city's approvals, 任务书, and the first instalments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from core.models import District
from disbursement.models import Agreement, BudgetLineKind, Payment, PaymentBatch, Pool, Proposal, Source, SpendingKind
from disbursement.queries.payments import payable_instalments
from disbursement.queries.proposals import projects_ready_for_proposal
from disbursement.services import agreements, approvals, batches, pools, proposals, publication, results, spending
from portal.demo import closing
from portal.demo.journey import Cast, Journey
from portal.demo.timetable import Wave

# Source, district, budget and money received, in 元. Central money is short of the last wave: the city makes up a part of
# the rest (差额补充), what neither bears is 待安排.
POOLS = (
    (Source.CENTRAL, "", 120_000_000, 90_000_000),
    (Source.CITY, "", 5_300_000, 5_300_000),
    (Source.DISTRICT, "tiexi", 12_000_000, 8_000_000),
    (Source.DISTRICT, "hunnan", 15_000_000, 15_000_000),
)
TRAINING = 300_000  # paid out of the city's pool; no project
PUT_OFF, PUT_OFF_YUAN = "E004", Decimal(1_000_000)  # a part of its award is 待安排 at its approval
UNSIGNED = "E035"  # its 任务书 waits for both sides
SIGNED_BY_ONE = "E015"  # the enterprise has signed, the bureau has not
NOT_CONFIRMED = "E002"  # the money is there, the enterprise has not said so
AT_FINANCE = ("E005", "E006")  # in a batch that 市财政局 reviews
TO_BE_RELEASED = ("E012",)  # in a batch that waits for its release


def load_pools(cast: Cast) -> None:
    """The pools of this year, their budgets and what has arrived."""
    year = cast.days.loaded_at.year
    finance, at = cast.users["finance"], cast.days.ago(270)
    for number, (source, slug, budget, received) in enumerate(POOLS, start=1):
        district = District.objects.get(slug=slug) if slug else None
        pool = pools.open_pool(source=source, year=year, district=district, actor=finance, at=at)
        paper = {"document_number": f"示例财指〔{year}〕{number}号", "on": at.date(), "actor": finance, "at": at}
        for kind, amount in ((BudgetLineKind.BUDGET, budget), (BudgetLineKind.RECEIPT, received)):
            entry = pools.enter_budget(pool, kind, Decimal(amount), **paper)
            pools.confirm_entry(entry, actor=cast.users["finance-lead"], at=at)


def pay_for_training(cast: Cast) -> None:
    """One spending that is no project (第七条（二）6), through its two persons."""
    at, officer = cast.days.ago(100), cast.officer
    city = Pool.objects.get(source=Source.CITY)
    made = spending.enter_spending(
        city, kind=SpendingKind.TRAINING, title="智改数转网联培训（第一期）", payee="示例培训中心", amount=Decimal(TRAINING),
        document_number=f"示例合同〔{at.year}〕1号", actor=officer, at=at,
    )  # fmt: skip
    made = spending.confirm_spending(made, actor=cast.users["finance-lead"], at=at)
    spending.pay_spending(made, "示例支出回单00001", actor=officer, at=at)


def walk(members: list[Journey], wave: Wave, cast: Cast) -> None:
    """As far as the wave goes: proposed and agreed, approved, signed, paid, and on to acceptance."""
    if wave.proposed is None:
        return
    proposal = _agreed(members, wave, cast)
    if wave.approved is None:
        return
    at = cast.days.ago(wave.approved, hour=16)
    approval = approvals.record_approval(
        proposal, number=f"示例政〔{at.year}〕{wave.key}号", on=at.date(), actor=cast.users["government"], at=at
    )
    if wave.paid is not None:
        publication.publish_results(approval, actor=cast.lead, at=cast.days.ago(wave.approved, hour=17))
    for one in members:
        _sign(one, wave, cast)
    if wave.paid is None:
        _batches_under_way(members, cast)
        return
    pay(members, cast.days.ago(wave.paid), cast)
    closing.walk(members, cast)


def _agreed(members: list[Journey], wave: Wave, cast: Cast) -> Proposal:
    at = cast.days.ago(wave.proposed, hour=9)
    call = members[0].project.call
    ready = projects_ready_for_proposal(call).filter(pk__in=[one.key for one in members])
    made = proposals.draft_proposal(call, f"{call.year}年第 {wave.key} 批资金方案", actor=cast.officer, at=at)
    proposals.add_projects(made, ready, actor=cast.officer, at=at)
    _leave_open(made, members, cast, at)
    proposals.check_proposal(made, actor=cast.lead, at=cast.days.ago(wave.proposed, hour=11))
    proposals.review_proposal(made, actor=cast.users["finance"], at=cast.days.ago(wave.proposed - 1, hour=10))
    return proposals.agree(made, actor=cast.users["finance-lead"], at=cast.days.ago(wave.proposed - 1, hour=15))


def _leave_open(made: Proposal, members: list[Journey], cast: Cast, at: datetime) -> None:
    """A part of one project's central money is put off: 待安排, until the city finds its own (see bookkeeping)."""
    for one in members:
        if one.row.key == PUT_OFF:
            item = made.items.get(project=one.key)
            splits = {split.pool_id: split.amount - (PUT_OFF_YUAN if split.pool.is_central else 0) for split in
                      item.splits.select_related("pool")}  # fmt: skip
            proposals.set_item(item, granted=item.granted, splits=splits, actor=cast.officer, at=at)


def _sign(one: Journey, wave: Wave, cast: Cast) -> None:
    paper = Agreement.objects.get(project=one.key)
    at = cast.days.ago(wave.signed, hour=10, minute=one.row.line)
    if one.row.key != UNSIGNED:
        agreements.sign(paper, actor=one.enterprise(cast), at=at)
    if one.row.key not in (UNSIGNED, SIGNED_BY_ONE):
        agreements.sign(paper, actor=cast.lead, at=cast.days.ago(wave.signed, hour=15, minute=one.row.line))


def pay(members: Iterable[Journey], at: datetime, cast: Cast) -> None:
    """One batch over what is payable of these projects, through all hands, the bank's results booked."""
    members = list(members)
    batch = _checked(members, at, cast)
    batches.review_batch(batch, actor=cast.users["finance"], at=at)
    batches.release(batch, actor=cast.users["finance-lead"], at=at)
    batches.send_to_bank(batch, actor=cast.officer, at=at)
    paid = list(Payment.objects.filter(batch=batch).order_by("pk"))
    receipts = {payment.pk: results.Paid(f"示例回单{payment.pk:05d}") for payment in paid}
    results.record_results(batch, receipts, key=f"示例银行结果 {batch.number}", actor=cast.officer, at=at)
    for payment in paid:
        one = next(one for one in members if one.key == payment.project_id)
        if one.row.key != NOT_CONFIRMED:
            results.confirm_receipt(payment, actor=one.enterprise(cast), at=at)


def _checked(members: list[Journey], at: datetime, cast: Cast) -> PaymentBatch:
    keys = [one.key for one in members]
    payable = payable_instalments(at).filter(award__project__in=keys)
    batch = batches.prepare_batch(list(payable), actor=cast.officer, at=at)
    return batches.check_batch(batch, actor=cast.lead, at=at)


def _batches_under_way(members: list[Journey], cast: Cast) -> None:
    """One batch waits for the review of 市财政局, another for its release; the rest is payable."""
    _checked([one for one in members if one.row.key in AT_FINANCE], cast.days.ago(3), cast)
    later = _checked([one for one in members if one.row.key in TO_BE_RELEASED], cast.days.ago(4), cast)
    batches.review_batch(later, actor=cast.users["finance"], at=cast.days.ago(2))
