"""Invariants 2, 3 and 6 of money: awards within limits, nobody with more than his due, many hands."""

from __future__ import annotations

from collections.abc import Iterator

from core.money import from_fen, yuan
from disbursement.states import LIVE_PAYMENTS, PaymentState
from portal.invariants.question import Evened, Part, Question
from portal.invariants.registry import Invariant


def one_of(*states: str) -> str:
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


UNDER_WAY = one_of(PaymentState.PREPARED, PaymentState.SENT)
PAID_ONCE = one_of(PaymentState.PAID, PaymentState.RETURNED)  # returned by the bank later, or not
WITH_THE_BANK = one_of(PaymentState.SENT, PaymentState.PAID, PaymentState.RETURNED)


def in_yuan(*amounts: int) -> str:
    return "、".join(yuan(from_fen(int(amount))) for amount in amounts)


# --- 2: limits --------------------------------------------------------------------------------------------------------


def _beyond(project: int, amount: int, entitlement: int, parts: int, over: bool) -> Iterator[str]:
    if over:
        yield f"项目 {project}：核定 {in_yuan(amount)} 元、应享 {in_yuan(entitlement)} 元，超过上限或核定。"
    if parts > amount:
        yield f"项目 {project}：各来源合计 {in_yuan(parts)} 元，多于核定 {in_yuan(amount)} 元。"


def _awards_with(name: str, lines: str) -> str:
    return f"""disbursement_award award LEFT JOIN (SELECT award_id, SUM(entitled) AS {name} FROM {lines}
        GROUP BY award_id) line ON line.award_id = award.id"""


OF_CENTRAL_POOLS = "(SELECT id FROM disbursement_pool WHERE source = 'central')"
OVER = '(granted > "limit" OR amount > granted OR entitlement > amount OR entitlement < 0)'

# Entitlement ≤ award ≤ granted ≤ limit, and the parts sum to no more than the award.
AWARDS_WITHIN_THEIR_LIMITS = Question(
    rows=_awards_with("parts", "disbursement_awardline"),
    broken=f"{OVER} OR line.parts > amount",
    told=f"project_id, amount, entitlement, COALESCE(line.parts, 0), {OVER}",
    say=_beyond,
)


def _too_central(project: int, central: int, borne: int, over: bool) -> Iterator[str]:
    if over:
        yield f"项目 {project}：中央资金 {in_yuan(central)} 元，超过第六条上限。"
    if borne > central:
        yield f"项目 {project}：中央来源 {in_yuan(borne)} 元，多于核定的中央部分 {in_yuan(central)} 元。"


ABOVE_THE_CEILING = "(central <> 0 AND (ceiling IS NULL OR central > ceiling))"

# What central pools bear of an award is what the award says, and within the ceiling of 第六条.
CENTRAL_MONEY_WITHIN_THE_CEILING = Question(
    rows=_awards_with("borne", f"disbursement_awardline WHERE pool_id IN {OF_CENTRAL_POOLS}"),
    broken=f"{ABOVE_THE_CEILING} OR line.borne > central",
    told=f"project_id, central, COALESCE(line.borne, 0), {ABOVE_THE_CEILING}",
    say=_too_central,
)

# --- 3: what a project holds ------------------------------------------------------------------------------------------


def _holds_too_much(project: int, net: int, due: int, over: bool, out_of_order: bool) -> Iterator[str]:
    if over:
        yield f"项目 {project}：实得 {in_yuan(net)} 元，超过应享 {in_yuan(due)} 元。"
    if out_of_order:
        yield f"项目 {project}：已追回、应追回与已拨不符。"


MORE_THAN_DUE = "(paid - returned - demanded > entitlement)"  # what is demanded back is no longer held
OUT_OF_ORDER = "(recovered < 0 OR recovered > demanded OR demanded > paid - returned)"

# Net of bank returns, recoveries and open demands, no enterprise holds more than its entitlement.
NOBODY_HOLDS_MORE_THAN_HIS_DUE = Question(
    rows="disbursement_award",
    broken=f"{MORE_THAN_DUE} OR {OUT_OF_ORDER}",
    told=f"project_id, paid - returned - recovered, entitlement, {MORE_THAN_DUE}, {OUT_OF_ORDER}",
    say=_holds_too_much,
)


def _paid_wrong(line: int, amount: int, live: int, paid: int, settled: bool) -> Iterator[str]:
    if live > 1:
        yield f"分批款明细 {line}：有 {live} 笔有效拨付。"
    if settled and paid != amount:
        yield f"分批款明细 {line}：已付讫，实付 {in_yuan(paid)} 元，应付 {in_yuan(amount)} 元。"


# No line of an instalment has two live payments; a paid instalment has all its lines paid, in full.
INSTALMENTS_ARE_PAID_ONCE = Question(
    rows=f"""disbursement_instalmentline line JOIN disbursement_instalment instalment ON instalment.id = line.instalment_id
        LEFT JOIN (SELECT line_id, COUNT(*) AS live, SUM(CASE state WHEN 'paid' THEN amount ELSE 0 END) AS paid
        FROM disbursement_payment WHERE state IN {one_of(*LIVE_PAYMENTS)} GROUP BY line_id) payment
        ON payment.line_id = line.id""",
    broken="payment.live > 1 OR (instalment.state = 'paid' AND COALESCE(payment.paid, 0) <> line.amount)",
    told="line.id, line.amount, COALESCE(payment.live, 0), COALESCE(payment.paid, 0), instalment.state = 'paid'",
    say=_paid_wrong,
    evened=Evened(
        (
            Part(
                "disbursement_instalmentline line JOIN disbursement_instalment instalment ON instalment.id = line.instalment_id",
                (("line.id", "CASE instalment.state WHEN 'paid' THEN line.amount ELSE 0 END"),),
            ),
            Part(
                """disbursement_payment payment JOIN disbursement_instalmentline line ON line.id = payment.line_id
                JOIN disbursement_instalment instalment ON instalment.id = line.instalment_id""",
                (("payment.line_id", "-payment.amount"),),
                "payment.state = 'paid' AND instalment.state = 'paid'",
            ),
        ),
        index="an_instalment_line_is_paid_once",
    ),
)


def payments_by(key: str) -> str:
    return f"""(SELECT {key}, SUM(CASE WHEN state IN {UNDER_WAY} THEN amount ELSE 0 END) AS under_way,
        SUM(CASE WHEN state IN {PAID_ONCE} THEN amount ELSE 0 END) AS paid,
        SUM(CASE state WHEN 'returned' THEN amount ELSE 0 END) AS returned
        FROM disbursement_payment GROUP BY {key})"""


def _totals_differ(project: int, *amounts: int) -> str:
    said, real = amounts[:4], amounts[4:]
    return f"项目 {project}：合计 {in_yuan(*said)}，明细 {in_yuan(*real)}（拨付中、已拨、退票、追回）。"


# What projects taken over by a confirmed sheet had been paid before the portal.
OPENINGS = """disbursement_openingbalance opening JOIN disbursement_takeoverrow row ON row.id = opening.row_id
    JOIN disbursement_takeoversheet sheet ON sheet.id = row.sheet_id AND sheet.state = 'confirmed'
    JOIN disbursement_awardline line ON line.id = opening.line_id
    JOIN disbursement_award award ON award.id = line.award_id"""

FOUND = """COALESCE(payment.under_way, 0), COALESCE(payment.paid, 0) + COALESCE(opened.paid, 0),
    COALESCE(payment.returned, 0)"""

# An award's totals are the sums of its payments and recoveries.
AWARDS_AGREE_WITH_THEIR_PAYMENTS = Question(
    rows=f"""disbursement_award award LEFT JOIN {payments_by("project_id")} payment
        ON payment.project_id = award.project_id
        LEFT JOIN (SELECT recovery.project_id, SUM(line.recovered) AS recovered FROM disbursement_recoveryline line
        JOIN disbursement_recovery recovery ON recovery.id = line.recovery_id GROUP BY recovery.project_id) back
        ON back.project_id = award.project_id
        LEFT JOIN (SELECT award.project_id, SUM(opening.paid) AS paid FROM {OPENINGS} GROUP BY award.project_id) opened
        ON opened.project_id = award.project_id""",
    broken=f"""(award.in_payment, award.paid, award.returned, award.recovered)
        <> ({FOUND}, COALESCE(back.recovered, 0))""",
    told=f"""award.project_id, award.in_payment, award.paid, award.returned, award.recovered,
        {FOUND}, COALESCE(back.recovered, 0)""",
    say=_totals_differ,
    evened=Evened(
        (
            Part(
                "disbursement_award",
                (
                    ("project_id * 4", "in_payment"),
                    ("project_id * 4 + 1", "paid"),
                    ("project_id * 4 + 2", "returned"),
                    ("project_id * 4 + 3", "recovered"),
                ),
            ),
            Part(
                "disbursement_payment",
                (("project_id * 4 + CASE state WHEN 'paid' THEN 1 ELSE 0 END", "-amount"),),
                f"state IN {UNDER_WAY} OR state = 'paid'",
            ),
            Part(
                "disbursement_payment",
                (("project_id * 4 + 1", "-amount"), ("project_id * 4 + 2", "-amount")),
                "state = 'returned'",
            ),
            Part(OPENINGS, (("award.project_id * 4 + 1", "-opening.paid"),)),
            Part(
                "disbursement_recoveryline line JOIN disbursement_recovery recovery ON recovery.id = line.recovery_id",
                (("recovery.project_id * 4 + 3", "-line.recovered"),),
            ),
        )
    ),
)

# --- 6: hands ---------------------------------------------------------------------------------------------------------


def hands(table: str, label: str, *steps: str) -> str:
    """Each step of each paper, with the person who did it."""
    return " UNION ALL ".join(
        f"SELECT '{label}' AS label, id, {step}_by_id AS person FROM {table} WHERE {step}_by_id IS NOT NULL"
        for step in steps
    )


PROPOSED = hands("disbursement_proposal", "资金方案", "drafted", "checked", "reviewed", "agreed")
BATCHED = hands("disbursement_paymentbatch", "拨付批次", "prepared", "checked", "reviewed", "released")

# On no proposal and no batch is one person both maker and checker, in either bureau.
MONEY_MOVES_BY_MANY_HANDS = Question(
    rows=f"""(SELECT label, id, COUNT(*) AS steps, COUNT(DISTINCT person) AS persons
        FROM ({PROPOSED} UNION ALL {BATCHED}) hand GROUP BY label, id) paper""",
    broken="steps <> persons",
    told="label, id",
    say=lambda label, paper: f"{label} {paper}：同一人办理了两个环节。",
)

# Nothing is with the bank or paid without closed notice, approval, two signatures, confirmed account, release.
PAYMENTS_STAND_ON_THEIR_PAPERS = Question(
    rows="disbursement_payment",
    where=f"state IN {WITH_THE_BANK}",
    broken="""project_id IN (SELECT id FROM applications_project WHERE notice_closed_at IS NULL)
        OR line_id IN (SELECT line.id FROM disbursement_instalmentline line
            JOIN disbursement_instalment instalment ON instalment.id = line.instalment_id
            JOIN disbursement_agreement agreement ON agreement.id = instalment.agreement_id
            WHERE agreement.bureau_signed_at IS NULL OR agreement.enterprise_signed_at IS NULL)
        OR account_id IN (SELECT id FROM applications_bankaccount WHERE confirmed_at IS NULL)
        OR batch_id IN (SELECT id FROM disbursement_paymentbatch WHERE released_by_id IS NULL OR sent_by_id IS NULL)""",
    told="id",
    say=lambda payment: f"拨付 {payment}：缺公示、任务书签署、账户确认或放行。",
)

INVARIANTS = [
    Invariant.asking("2b", "核定支持不超过上限，各来源合计不超过核定", AWARDS_WITHIN_THEIR_LIMITS),
    Invariant.asking("2c", "中央来源不超过第六条上限", CENTRAL_MONEY_WITHIN_THE_CEILING),
    Invariant.asking("3a", "企业实得减未追回，不超过现行应享", NOBODY_HOLDS_MORE_THAN_HIS_DUE),
    Invariant.asking("3b", "每笔分批款至多付一次，付讫即足额", INSTALMENTS_ARE_PAID_ONCE),
    Invariant.asking("3c", "项目合计等于拨付与追回明细之和", AWARDS_AGREE_WITH_THEIR_PAYMENTS),
    Invariant.asking("6h", "资金方案与拨付批次的经手人各不相同", MONEY_MOVES_BY_MANY_HANDS),
    Invariant.asking("6i", "拨付均有公示、任务书、账户确认与放行", PAYMENTS_STAND_ON_THEIR_PAPERS),
]
