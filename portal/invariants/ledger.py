"""Invariants 4 and 5: pools within their budgets, totals that agree with a balanced, append-only ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from core.append_only import is_protected
from disbursement.models import AccountKind, Pool, Source
from portal.invariants.money import OPENINGS, in_yuan, one_of, payments_by
from portal.invariants.question import Evened, Part, Question
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
    "disbursement_explanationverdict",
    "disbursement_monthstatement",
)

# --- 4: what a pool bears ---------------------------------------------------------------------------------------------


def _pool(key: int) -> str:
    return str(Pool.objects.select_related("district").get(pk=key))


def _beyond_its_means(pool: int, committed: int, budget: int, gone: int, bound: int, central: bool) -> Iterator[str]:
    if committed > budget:
        yield f"{_pool(pool)}：承诺 {in_yuan(committed)} 元，超过预算 {in_yuan(budget)} 元。"
    if gone > bound:
        yield f"{_pool(pool)}：已拨与拨付中超过{'到位' if central else '预算'} {in_yuan(bound)} 元。"


GONE = "paid - returned + in_payment"
BOUND = f"CASE source WHEN '{Source.CENTRAL}' THEN received ELSE budget END"

# Committed ≤ budget; paid − returned + in payment ≤ what came (central) or the budget (others).
POOLS_WITHIN_THEIR_MEANS = Question(
    rows="disbursement_pool",
    broken=f"committed > budget OR {GONE} > {BOUND}",
    told=f"id, committed, budget, {GONE}, {BOUND}, source = '{Source.CENTRAL}'",
    say=_beyond_its_means,
)


def _parts_differ(pool: int, *amounts: int) -> str:
    said, real = amounts[:6], amounts[6:]
    return f"{_pool(pool)}：合计 {in_yuan(*said)}，明细 {in_yuan(*real)}（预算、到位、承诺、拨付中、已拨、退回）。"


SAID_OF_POOL = "pool.budget, pool.received, pool.committed, pool.in_payment, pool.paid, pool.returned"
FOUND_OF_POOL = """COALESCE(brought.budget, 0), COALESCE(brought.receipt, 0),
    COALESCE(promised.total, 0) + COALESCE(spent.promised, 0), COALESCE(payment.under_way, 0),
    COALESCE(payment.paid, 0) + COALESCE(spent.paid, 0) + COALESCE(opened.paid, 0),
    COALESCE(payment.returned, 0) + COALESCE(back.total, 0) + COALESCE(spent.returned, 0)"""

# A pool's totals are the sums of its budget documents, award lines, payments and recoveries.
POOLS_AGREE_WITH_THEIR_PARTS = Question(
    rows=f"""disbursement_pool pool
        LEFT JOIN (SELECT pool_id, SUM(CASE WHEN kind <> 'receipt' THEN amount END) AS budget,
        SUM(CASE kind WHEN 'receipt' THEN amount END) AS receipt FROM disbursement_budgetline GROUP BY pool_id) brought
        ON brought.pool_id = pool.id
        LEFT JOIN (SELECT pool_id, SUM(committed) AS total FROM disbursement_awardline GROUP BY pool_id) promised
        ON promised.pool_id = pool.id
        LEFT JOIN {payments_by("pool_id")} payment ON payment.pool_id = pool.id
        LEFT JOIN (SELECT pool_id, SUM(recovered) AS total FROM disbursement_recoveryline GROUP BY pool_id) back
        ON back.pool_id = pool.id
        LEFT JOIN (SELECT pool_id, SUM(CASE WHEN state IN ('committed', 'paid') THEN amount END) AS promised,
        SUM(CASE WHEN state IN ('paid', 'returned') THEN amount END) AS paid,
        SUM(CASE state WHEN 'returned' THEN amount END) AS returned FROM disbursement_spending GROUP BY pool_id) spent
        ON spent.pool_id = pool.id
        LEFT JOIN (SELECT opening.pool_id, SUM(opening.paid) AS paid FROM {OPENINGS} GROUP BY opening.pool_id) opened
        ON opened.pool_id = pool.id""",
    broken=f"({SAID_OF_POOL}) <> ({FOUND_OF_POOL})",
    told=f"pool.id, {SAID_OF_POOL}, {FOUND_OF_POOL}",
    say=_parts_differ,
)

# --- 5: the ledger ----------------------------------------------------------------------------------------------------


# Σ debit = Σ credit in every entry, and so in all.
ENTRIES_BALANCE = Question(
    rows="(SELECT entry_id, SUM(amount) AS total FROM disbursement_posting GROUP BY entry_id) entry",
    broken="total <> 0",
    told="entry_id, total",
    say=lambda entry, total: f"分录 {entry}：借贷相差 {in_yuan(total)} 元。",
    evened=Evened((Part("disbursement_posting", (("entry_id", "amount"),)),)),
)

# Every entry moves something.
ENTRIES_ARE_WHOLE = Question(
    rows="""disbursement_journalentry entry LEFT JOIN disbursement_posting debit
        ON debit.entry_id = entry.id AND debit.amount > 0""",
    broken="debit.id IS NULL",
    told="entry.id",
    say=lambda entry: f"分录 {entry}：没有记账。",
)


def _balances_by(key: str, *kinds: str) -> str:
    sums = ", ".join(f"SUM(CASE account.kind WHEN '{kind}' THEN posting.amount ELSE 0 END) AS {kind}" for kind in kinds)
    return f"""(SELECT account.{key}, {sums} FROM disbursement_posting posting
        JOIN disbursement_ledgeraccount account ON account.id = posting.account_id
        WHERE account.{key} IS NOT NULL GROUP BY account.{key})"""


def _differences(whose: str, kinds: tuple[AccountKind, ...], amounts: tuple[int, ...]) -> Iterator[str]:
    for kind, wanted, found in zip(kinds, amounts[: len(kinds)], amounts[len(kinds) :], strict=True):
        if wanted != found:
            yield f"{whose}：{kind.label}账户 {in_yuan(found)} 元，合计 {in_yuan(wanted)} 元。"


def _place_of(kinds: tuple[AccountKind, ...]) -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(kinds))
    return f"CASE account.kind {cases} END"


def _found(kinds: tuple[AccountKind, ...]) -> str:
    return ", ".join(f"COALESCE(ledger.{kind}, 0)" for kind in kinds)


KINDS_OF_POOL = (
    AccountKind.AVAILABLE, AccountKind.COMMITTED, AccountKind.IN_PAYMENT, AccountKind.PAID, AccountKind.CASH,
)  # fmt: skip
WANTED_OF_POOL = """pool.budget - pool.committed, pool.committed - pool.in_payment - pool.paid + pool.returned,
    pool.in_payment, pool.paid - pool.returned, pool.received - pool.paid + pool.returned"""

# Every total of a pool is what its accounts say.
POOLS_AGREE_WITH_THE_LEDGER = Question(
    rows=f"disbursement_pool pool LEFT JOIN {_balances_by('pool_id', *KINDS_OF_POOL)} ledger ON ledger.pool_id = pool.id",
    broken=f"({WANTED_OF_POOL}) <> ({_found(KINDS_OF_POOL)})",
    told=f"pool.id, {WANTED_OF_POOL}, {_found(KINDS_OF_POOL)}",
    say=lambda pool, *amounts: _differences(_pool(pool), KINDS_OF_POOL, amounts),
    evened=Evened(
        (
            Part(
                "disbursement_pool pool",
                tuple((f"id * 8 + {place}", wanted) for place, wanted in enumerate(WANTED_OF_POOL.split(","))),
            ),
            Part(
                "disbursement_posting posting JOIN disbursement_ledgeraccount account ON account.id = posting.account_id",
                ((f"account.pool_id * 8 + {_place_of(KINDS_OF_POOL)}", "-posting.amount"),),
                f"account.kind IN {one_of(*KINDS_OF_POOL)}",
            ),
        )
    ),
)

KINDS_OF_AWARD = (AccountKind.COMMITTED, AccountKind.IN_PAYMENT, AccountKind.PAID)
HELD = "award.paid - award.returned - award.recovered"
WANTED_OF_AWARD = f"COALESCE(line.promised, 0) - award.in_payment - ({HELD}), award.in_payment, {HELD}"

# Every total of an award is what its project's accounts say.
AWARDS_AGREE_WITH_THE_LEDGER = Question(
    rows=f"""disbursement_award award
        LEFT JOIN (SELECT award_id, SUM(committed) AS promised FROM disbursement_awardline GROUP BY award_id) line
        ON line.award_id = award.id
        LEFT JOIN {_balances_by("project_id", *KINDS_OF_AWARD)} ledger ON ledger.project_id = award.project_id""",
    broken=f"({WANTED_OF_AWARD}) <> ({_found(KINDS_OF_AWARD)})",
    told=f"award.project_id, {WANTED_OF_AWARD}, {_found(KINDS_OF_AWARD)}",
    say=lambda project, *amounts: _differences(f"项目 {project}", KINDS_OF_AWARD, amounts),
    evened=Evened(
        (
            Part(
                "disbursement_award award",
                (
                    ("project_id * 4", f"-in_payment - ({HELD})"),
                    ("project_id * 4 + 1", "in_payment"),
                    ("project_id * 4 + 2", HELD),
                ),
            ),
            Part(
                "disbursement_awardline line JOIN disbursement_award award ON award.id = line.award_id",
                (("award.project_id * 4", "line.committed"),),
            ),
            Part(
                "disbursement_posting posting JOIN disbursement_ledgeraccount account ON account.id = posting.account_id",
                ((f"account.project_id * 4 + {_place_of(KINDS_OF_AWARD)}", "-posting.amount"),),
                f"account.project_id IS NOT NULL AND account.kind IN {one_of(*KINDS_OF_AWARD)}",
            ),
        )
    ),
)


def ledger_is_append_only() -> Iterator[str]:
    """The triggers that refuse update and delete are there, on either database."""
    for table in LEDGER_TABLES:
        if not is_protected(connection, table):
            yield f"表 {table}：没有拒绝修改和删除的触发器。"


INVARIANTS = [
    Invariant.asking("4a", "资金池承诺不超预算，拨付不超到位或预算", POOLS_WITHIN_THEIR_MEANS),
    Invariant.asking("4b", "资金池合计等于各明细之和", POOLS_AGREE_WITH_THEIR_PARTS),
    Invariant.asking("5a", "每笔分录及总账借贷相等", ENTRIES_BALANCE),
    Invariant.asking("5h", "每笔分录都有记账", ENTRIES_ARE_WHOLE),
    Invariant.asking("5b", "资金池合计等于台账余额", POOLS_AGREE_WITH_THE_LEDGER),
    Invariant.asking("5c", "项目合计等于台账余额", AWARDS_AGREE_WITH_THE_LEDGER),
    Invariant("5d", "台账拒绝修改和删除", lambda: len(LEDGER_TABLES), ledger_is_append_only),
]
