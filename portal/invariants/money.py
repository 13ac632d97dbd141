"""Invariants 2 to 6 of money: awards within limits, pools within budgets, totals that agree with a balanced ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.append_only import is_protected
from core.money import ZERO, YuanField, yuan
from disbursement.models import (
    AccountKind,
    Award,
    AwardLine,
    BudgetLine,
    Instalment,
    InstalmentLine,
    JournalEntry,
    OpeningBalance,
    Payment,
    PaymentBatch,
    Pool,
    Posting,
    Proposal,
    RecoveryLine,
    Spending,
)
from disbursement.states import LIVE_PAYMENTS, InstalmentState, PaymentState, TakeOverState
from portal.invariants.registry import Invariant

LEDGER_TABLES = (
    "disbursement_journalentry",
    "disbursement_posting",
    "disbursement_budgetline",
    "disbursement_approval",
    "disbursement_recoveryreceipt",
    "disbursement_resultnotice",
    "disbursement_publishedresult",
    "disbursement_explanation",
    "disbursement_monthstatement",
)
UNDER_WAY = (PaymentState.PREPARED, PaymentState.SENT)

# --- 2: limits --------------------------------------------------------------------------------------------------------


def awards_within_their_limits() -> Iterator[str]:
    """Entitlement ≤ award ≤ granted ≤ limit, and the parts sum to no more than the award."""
    beyond = (
        Q(granted__gt=F("limit")) | Q(amount__gt=F("granted")) | Q(entitlement__gt=F("amount")) | Q(entitlement__lt=0)
    )
    for award in Award.objects.filter(beyond):
        yield f"项目 {award.project_id}：核定 {yuan(award.amount)} 元、应享 {yuan(award.entitlement)} 元，超过上限或核定。"
    for award in Award.objects.annotate(parts=Sum("lines__entitled")).filter(parts__gt=F("amount")):
        yield f"项目 {award.project_id}：各来源合计 {yuan(award.parts)} 元，多于核定 {yuan(award.amount)} 元。"


def central_money_within_the_ceiling() -> Iterator[str]:
    """What central pools bear of an award is what the award says, and within the ceiling of 第六条."""
    central = Sum("lines__entitled", filter=Q(lines__pool__source="central"))
    for award in Award.objects.annotate(borne=central):
        if award.central and (award.ceiling is None or award.central > award.ceiling):
            yield f"项目 {award.project_id}：中央资金 {yuan(award.central)} 元，超过第六条上限。"
        if (award.borne or ZERO) > award.central:
            yield f"项目 {award.project_id}：中央来源 {yuan(award.borne)} 元，多于核定的中央部分 {yuan(award.central)} 元。"


# --- 3: what a project holds ------------------------------------------------------------------------------------------


def nobody_holds_more_than_his_due() -> Iterator[str]:
    """Net of bank returns, recoveries and open demands, no enterprise holds more than its entitlement."""
    net = F("paid") - F("returned") - F("recovered")
    too_much = Q(entitlement__lt=net - F("demanded") + F("recovered"))
    out_of_order = Q(recovered__lt=0) | Q(recovered__gt=F("demanded")) | Q(demanded__gt=F("paid") - F("returned"))
    for award in Award.objects.filter(too_much | out_of_order).iterator(chunk_size=2000):
        outstanding = award.demanded - award.recovered
        if award.net - outstanding > award.entitlement:
            yield f"项目 {award.project_id}：实得 {yuan(award.net)} 元，超过应享 {yuan(award.entitlement)} 元。"
        if not ZERO <= award.recovered <= award.demanded <= award.paid - award.returned:
            yield f"项目 {award.project_id}：已追回、应追回与已拨不符。"


def instalments_are_paid_once() -> Iterator[str]:
    """No line of an instalment has two live payments; a paid instalment has all its lines paid, in full."""
    live = Count("payments", filter=Q(payments__state__in=LIVE_PAYMENTS))
    lines = InstalmentLine.objects.annotate(live=live)
    for line in lines.filter(live__gt=1):
        yield f"分批款明细 {line.pk}：有 {line.live} 笔有效拨付。"
    made = Sum("payments__amount", filter=Q(payments__state=PaymentState.PAID))
    paid = Coalesce(made, ZERO, output_field=YuanField())
    settled = InstalmentLine.objects.filter(instalment__state=InstalmentState.PAID, amount__gt=0)
    for line in settled.annotate(paid=paid).exclude(paid=F("amount")):
        yield f"分批款明细 {line.pk}：已付讫，实付 {yuan(line.paid)} 元，应付 {yuan(line.amount)} 元。"


def awards_agree_with_their_payments() -> Iterator[str]:
    """An award's totals are the sums of its payments and recoveries."""
    sums = _payments_by("project")
    recovered = _sums(RecoveryLine.objects.values_list("recovery__project").annotate(total=Sum("recovered")))
    opened = _sums(_openings().values_list("line__award__project").annotate(total=Sum("paid")))
    for award in Award.objects.iterator(chunk_size=2000):
        found, before = sums[award.project_id], opened[award.project_id]
        said = (award.in_payment, award.paid, award.returned, award.recovered)
        real = (found["under_way"], found["paid"] + before, found["returned"], recovered[award.project_id])
        if said != real:
            yield f"项目 {award.project_id}：合计 {_list(said)}，明细 {_list(real)}（拨付中、已拨、退票、追回）。"


# --- 4: what a pool bears ---------------------------------------------------------------------------------------------


def pools_within_their_means() -> Iterator[str]:
    """Committed ≤ budget; paid − returned + in payment ≤ what came (central) or the budget (others)."""
    for pool in Pool.objects.select_related("district"):
        bound = pool.received if pool.is_central else pool.budget
        if pool.committed > pool.budget:
            yield f"{pool}：承诺 {yuan(pool.committed)} 元，超过预算 {yuan(pool.budget)} 元。"
        if pool.paid - pool.returned + pool.in_payment > bound:
            yield f"{pool}：已拨与拨付中超过{'到位' if pool.is_central else '预算'} {yuan(bound)} 元。"


def pools_agree_with_their_parts() -> Iterator[str]:
    """A pool's totals are the sums of its budget documents, award lines, payments and recoveries."""
    came = _sums(BudgetLine.objects.exclude(kind="receipt").values_list("pool").annotate(total=Sum("amount")))
    received = _sums(BudgetLine.objects.filter(kind="receipt").values_list("pool").annotate(total=Sum("amount")))
    spent = _spendings()
    opened = _sums(_openings().values_list("pool").annotate(total=Sum("paid")))
    promised = _sums(AwardLine.objects.values_list("pool").annotate(total=Sum("committed")).order_by())
    recovered = _sums(RecoveryLine.objects.values_list("pool").annotate(total=Sum("recovered")).order_by())
    paid = _payments_by("pool")
    for pool in Pool.objects.select_related("district"):
        found, other = paid[pool.pk], spent[pool.pk]
        said = (pool.budget, pool.received, pool.committed, pool.in_payment, pool.paid, pool.returned)
        real = (
            came[pool.pk], received[pool.pk], promised[pool.pk] + other["promised"], found["under_way"],
            found["paid"] + other["paid"] + opened[pool.pk], found["returned"] + recovered[pool.pk] + other["returned"],
        )  # fmt: skip
        if said != real:
            yield f"{pool}：合计 {_list(said)}，明细 {_list(real)}（预算、到位、承诺、拨付中、已拨、退回）。"


# --- 5: the ledger ----------------------------------------------------------------------------------------------------


def entries_balance() -> Iterator[str]:
    """Σ debit = Σ credit in every entry, and so in all."""
    unbalanced = Posting.objects.values_list("entry").annotate(total=Sum("amount")).order_by().exclude(total=0)
    for entry, total in unbalanced:
        yield f"分录 {entry}：借贷相差 {yuan(total)} 元。"
    total = Posting.objects.aggregate(total=Sum("amount"))["total"] or ZERO
    if total:
        yield f"总账：借贷相差 {yuan(total)} 元。"
    for entry in JournalEntry.objects.filter(postings=None).values_list("pk", flat=True):
        yield f"分录 {entry}：没有记账。"


def totals_agree_with_the_ledger() -> Iterator[str]:
    """Every total of a pool is what its accounts say."""
    balances = _balances("account__pool")
    for pool in Pool.objects.select_related("district"):
        found, net = balances[pool.pk], pool.paid - pool.returned
        wanted = {
            AccountKind.AVAILABLE: pool.budget - pool.committed,
            AccountKind.COMMITTED: pool.committed - pool.in_payment - net,
            AccountKind.IN_PAYMENT: pool.in_payment,
            AccountKind.PAID: net,
            AccountKind.CASH: pool.received - net,
        }
        yield from _differences(str(pool), wanted, found)


def awards_agree_with_the_ledger() -> Iterator[str]:
    """Every total of an award is what its project's accounts say."""
    balances = _balances("account__project")
    for award in Award.objects.annotate(promised=Sum("lines__committed")).iterator(chunk_size=2000):
        wanted = {
            AccountKind.COMMITTED: (award.promised or ZERO) - award.in_payment - award.net,
            AccountKind.IN_PAYMENT: award.in_payment,
            AccountKind.PAID: award.net,
        }
        yield from _differences(f"项目 {award.project_id}", wanted, balances[award.project_id])


def ledger_is_append_only() -> Iterator[str]:
    """The triggers that refuse update and delete are there, on either database."""
    for table in LEDGER_TABLES:
        if not is_protected(connection, table):
            yield f"表 {table}：没有拒绝修改和删除的触发器。"


# --- 6: hands ---------------------------------------------------------------------------------------------------------


def money_moves_by_many_hands() -> Iterator[str]:
    """On no proposal and no batch is one person both maker and checker, in either bureau."""
    steps = (
        (Proposal, ("drafted_by", "checked_by", "reviewed_by", "agreed_by")),
        (PaymentBatch, ("prepared_by", "checked_by", "reviewed_by", "released_by")),
    )
    for model, names in steps:
        for row in model.objects.values_list("pk", *(f"{name}_id" for name in names)):
            hands = [hand for hand in row[1:] if hand is not None]
            if len(hands) != len(set(hands)):
                yield f"{model._meta.verbose_name} {row[0]}：同一人办理了两个环节。"


def payments_stand_on_their_papers() -> Iterator[str]:
    """Nothing is with the bank or paid without closed notice, approval, two signatures, confirmed account, release."""
    gone = Payment.objects.filter(state__in=[PaymentState.SENT, PaymentState.PAID, PaymentState.RETURNED])
    lacking = (
        Q(project__notice_closed_at=None)
        | Q(line__instalment__agreement__bureau_signed_at=None)
        | Q(line__instalment__agreement__enterprise_signed_at=None)
        | Q(account__confirmed_at=None)
        | Q(batch__released_by=None)
        | Q(batch__sent_by=None)
    )
    for payment in gone.filter(lacking):
        yield f"拨付 {payment.pk}：缺公示、任务书签署、账户确认或放行。"


# --- sums -------------------------------------------------------------------------------------------------------------


def _payments_by(name: str) -> dict[int, dict[str, Decimal]]:
    rows = (
        Payment.objects.values(name)
        .annotate(
            under_way=Sum("amount", filter=Q(state__in=UNDER_WAY)),
            paid=Sum("amount", filter=Q(state__in=[PaymentState.PAID, PaymentState.RETURNED])),
            returned=Sum("amount", filter=Q(state=PaymentState.RETURNED)),
        )
        .order_by()
    )
    parts = ("under_way", "paid", "returned")
    found = {row[name]: {part: row[part] or ZERO for part in parts} for row in rows}
    return defaultdict(lambda: dict.fromkeys(parts, ZERO), found)


def _openings() -> QuerySet[OpeningBalance]:
    """Opening balances of projects taken over by a confirmed sheet; of no other."""
    return OpeningBalance.objects.filter(line__isnull=False, row__sheet__state=TakeOverState.CONFIRMED)


def _spendings() -> dict[int, dict[str, Decimal]]:
    """What is no project, by pool: promised, paid and given back."""
    parts = {"promised": ["committed", "paid"], "paid": ["paid", "returned"], "returned": ["returned"]}
    sums = {name: Sum("amount", filter=Q(state__in=states)) for name, states in parts.items()}
    rows = Spending.objects.order_by().values("pool").annotate(**sums)
    found = {row["pool"]: {name: row[name] or ZERO for name in parts} for row in rows}
    return defaultdict(lambda: dict.fromkeys(parts, ZERO), found)


def _balances(name: str) -> dict[int, dict[str, Decimal]]:
    rows = Posting.objects.filter(**{f"{name}__isnull": False}).values_list(name, "account__kind")
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for key, kind, total in rows.annotate(total=Sum("amount")).order_by():
        found[key][kind] = total
    return found


def _sums(rows: Any) -> dict[int, Decimal]:
    return defaultdict(lambda: ZERO, {key: total or ZERO for key, total in rows.order_by()})


def _differences(whose: str, wanted: dict[Any, Decimal], found: dict[str, Decimal]) -> Iterator[str]:
    for kind, amount in wanted.items():
        if found.get(kind, ZERO) != amount:
            label = AccountKind(kind).label
            yield f"{whose}：{label}账户 {yuan(found.get(kind, ZERO))} 元，合计 {yuan(amount)} 元。"


def _list(amounts: tuple[Decimal, ...]) -> str:
    return "、".join(yuan(amount) for amount in amounts)


INVARIANTS = [
    Invariant("2b", "核定支持不超过上限，各来源合计不超过核定", Award.objects.count, awards_within_their_limits),
    Invariant("2c", "中央来源不超过第六条上限", Award.objects.count, central_money_within_the_ceiling),
    Invariant("3a", "企业实得减未追回，不超过现行应享", Award.objects.count, nobody_holds_more_than_his_due),
    Invariant("3b", "每笔分批款至多付一次，付讫即足额", Instalment.objects.count, instalments_are_paid_once),
    Invariant("3c", "项目合计等于拨付与追回明细之和", Award.objects.count, awards_agree_with_their_payments),
    Invariant("4a", "资金池承诺不超预算，拨付不超到位或预算", Pool.objects.count, pools_within_their_means),
    Invariant("4b", "资金池合计等于各明细之和", Pool.objects.count, pools_agree_with_their_parts),
    Invariant("5a", "每笔分录及总账借贷相等", Posting.objects.count, entries_balance),
    Invariant("5b", "资金池合计等于台账余额", Pool.objects.count, totals_agree_with_the_ledger),
    Invariant("5c", "项目合计等于台账余额", Award.objects.count, awards_agree_with_the_ledger),
    Invariant("5d", "台账拒绝修改和删除", lambda: len(LEDGER_TABLES), ledger_is_append_only),
    Invariant("6e", "资金方案与拨付批次的经手人各不相同", PaymentBatch.objects.count, money_moves_by_many_hands),
    Invariant("6f", "拨付均有公示、任务书、账户确认与放行", Payment.objects.count, payments_stand_on_their_papers),
]
