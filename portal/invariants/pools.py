"""What pools promise beside payments: budget and other spending by two persons, published figures that are the ledger's."""

from __future__ import annotations

from collections.abc import Iterator

from applications.models import Determination
from core.money import exact
from disbursement.models import BudgetLineKind, MonthStatement, SpecialDecision
from disbursement.queries.reconciliation import month_figures
from disbursement.states import AgreementState, EntryState, SpendingState, SupplementState, TakeOverState
from portal.invariants.money import hands, in_yuan, one_of
from portal.invariants.question import Question
from portal.invariants.registry import Invariant

# --- 6: hands ---------------------------------------------------------------------------------------------------------


def _budget_wrong(line: int | None, number: str, entry: int | None, two_persons: bool, *amounts: int) -> str:
    if entry is None:
        return f"预算与到位 {line}（{number}）：没有登记与复核。"
    if line is None or not two_persons:
        return f"预算登记 {entry}：登记人与复核人是同一人，或没有入账。"
    said, booked = amounts
    return f"预算登记 {entry}：登记 {in_yuan(said)} 元，入账 {in_yuan(booked)} 元，不符。"


CONFIRMED = f"state = '{EntryState.CONFIRMED}'"
TWO_PERSONS = "COALESCE(confirmed_by_id <> entered_by_id, FALSE)"
ENTERED = f"CASE entry.kind WHEN '{BudgetLineKind.REDUCTION}' THEN -entry.amount ELSE entry.amount END"

# Every line of a pool was entered by one person and confirmed by another, with its amount; every confirmed one is there.
BUDGETS_HAVE_TWO_PERSONS = Question(
    rows=f"""(SELECT line.id AS line, line.document_number AS number, entry.id AS entry, {TWO_PERSONS} AS two,
        {ENTERED} AS said, line.amount AS booked FROM disbursement_budgetline line
        LEFT JOIN disbursement_budgetentry entry ON entry.line_id = line.id AND entry.{CONFIRMED}
        UNION ALL SELECT NULL, document_number, id, {TWO_PERSONS}, 0, 0 FROM disbursement_budgetentry
        WHERE {CONFIRMED} AND line_id IS NULL) booking""",
    broken="line IS NULL OR entry IS NULL OR NOT two OR said <> booked",
    told="line, number, entry, two, COALESCE(said, 0), booked",
    say=_budget_wrong,
)


def _spending_wrong(row: int | None, state: str, one_person: bool, unconfirmed: bool, stray: str) -> str:
    if row is None:
        return f"台账分录 {stray}：不属于任何非项目支出的一步。"
    if one_person:
        return f"非项目支出 {row}：登记人与复核人是同一人。"
    if unconfirmed:
        return f"非项目支出 {row}：没有复核就已列支。"
    return f"非项目支出 {row}：台账分录与状态“{SpendingState(state).label}”不符。"


# The ledger entries a spending has, and the states in which it has them; an entered one has none. A cancelled one may
# have been committed: then it was released, and no money went.
STEPS_OF_SPENDING = {
    "commit": (SpendingState.COMMITTED, SpendingState.PAID, SpendingState.RETURNED),
    "paid": (SpendingState.PAID, SpendingState.RETURNED),
    "returned": (SpendingState.RETURNED,),
}
ENTRIES_OF_SPENDING = (*STEPS_OF_SPENDING, "release")
BOUND = f"spending.state IN {one_of(*STEPS_OF_SPENDING['commit'])}"
ONE_PERSON = "COALESCE(spending.confirmed_by_id = spending.entered_by_id, FALSE)"
UNCONFIRMED = f"(spending.confirmed_by_id IS NULL AND {BOUND})"
OTHER_STEPS = f"""CASE WHEN spending.state = '{SpendingState.CANCELLED}'
    THEN (commit_entry.id IS NOT NULL) <> (release_entry.id IS NOT NULL)
        OR paid_entry.id IS NOT NULL OR returned_entry.id IS NOT NULL
    ELSE release_entry.id IS NOT NULL OR """ + " OR ".join(
    f"({step}_entry.id IS NOT NULL) <> (spending.state IN {one_of(*states)})"
    for step, states in STEPS_OF_SPENDING.items()
) + " END"  # fmt: skip
KNOWN_ENTRIES = " UNION ALL ".join(
    f"SELECT 'spending:' || id || ':{step}' AS key FROM disbursement_spending" for step in ENTRIES_OF_SPENDING
)

# Spending that is no project: confirmed by another than who entered it, exactly its steps in the ledger, each once.
SPENDING_HAS_TWO_PERSONS_AND_ITS_ENTRIES = Question(
    rows=f"""(SELECT spending.id AS id, spending.state AS state, {ONE_PERSON} AS one_person,
        {UNCONFIRMED} AS unconfirmed, {OTHER_STEPS} AS other_steps, '' AS stray FROM disbursement_spending spending """
    + " ".join(
        f"LEFT JOIN disbursement_journalentry {step}_entry ON {step}_entry.key = 'spending:' || spending.id || ':{step}'"
        for step in ENTRIES_OF_SPENDING
    )
    + f""" UNION ALL SELECT NULL, '', FALSE, FALSE, TRUE, entry.key FROM disbursement_journalentry entry
        LEFT JOIN ({KNOWN_ENTRIES}) known ON known.key = entry.key
        WHERE entry.key LIKE 'spending:%' AND known.key IS NULL) booking""",
    broken="one_person OR unconfirmed OR other_steps",
    told="id, state, one_person, unconfirmed, stray",
    say=_spending_wrong,
)  # fmt: skip


def _supplement_wrong(what: str, key: int, wanted: int, found: int) -> str:
    if what == "hands":
        return f"补充安排 {key}：没有经过四个不同的人。"
    return f"项目 {key}：补充安排 {in_yuan(wanted)} 元，台账 {in_yuan(found)} 元。"


AGREED = f"supplement.state = '{SupplementState.AGREED}'"
SUPPLEMENTED = hands("disbursement_supplement", "补充安排", "drafted", "checked", "reviewed", "agreed")

# A later allocation is settled by four persons, is in the ledger, and leaves the award as the city approved it; and
# nothing else grew an award in the ledger.
SUPPLEMENTS_STAY_WITHIN_THE_AWARD = Question(
    rows=f"""(SELECT 'hands' AS what, supplement.id AS key, 4 AS wanted, COUNT(DISTINCT hand.person) AS found
        FROM disbursement_supplement supplement LEFT JOIN ({SUPPLEMENTED}) hand ON hand.id = supplement.id
        WHERE {AGREED} GROUP BY supplement.id
        UNION ALL SELECT 'sum', project_id, SUM(wanted), SUM(booked)
        FROM (SELECT award.project_id, item.amount AS wanted, 0 AS booked FROM disbursement_supplementitem item
            JOIN disbursement_supplement supplement ON supplement.id = item.supplement_id AND {AGREED}
            JOIN disbursement_award award ON award.id = item.award_id
            UNION ALL SELECT account.project_id, 0, posting.amount FROM disbursement_journalentry entry
            JOIN disbursement_posting posting ON posting.entry_id = entry.id AND posting.amount > 0
            JOIN disbursement_ledgeraccount account ON account.id = posting.account_id
            WHERE entry.key LIKE 'award-line:%:extend:%') both_sides GROUP BY project_id) supplemented""",
    broken="wanted <> found",
    told="what, key, wanted, found",
    say=_supplement_wrong,
)

# --- 5: published figures, closed months, the bank --------------------------------------------------------------------


def _published_wrong(notice: int, project: int, amount: int, as_approved: bool) -> str:
    if not as_approved:
        return f"名单 {notice} 项目 {project}：公布 {in_yuan(amount)} 元，与批复核定不符。"
    return f"名单 {notice} 项目 {project}：公布的已安排资金与台账承诺不符。"


AS_APPROVED = "COALESCE(award.approval_id = notice.approval_id AND award.amount = result.amount, FALSE)"
ARRANGED = "COALESCE(arranged.central, 0), COALESCE(arranged.local, 0)"

# What was published is the award as approved, and its arranged parts are what the ledger had committed by then.
PUBLISHED_FIGURES_ARE_THE_LEDGERS = Question(
    rows="""disbursement_publishedresult result JOIN disbursement_resultnotice notice ON notice.id = result.notice_id
        LEFT JOIN disbursement_award award ON award.project_id = result.project_id
        LEFT JOIN (SELECT result.id, SUM(CASE pool.source WHEN 'central' THEN posting.amount ELSE 0 END) AS central,
            SUM(CASE pool.source WHEN 'central' THEN 0 ELSE posting.amount END) AS local
            FROM disbursement_publishedresult result JOIN disbursement_resultnotice notice ON notice.id = result.notice_id
            JOIN disbursement_ledgeraccount account ON account.project_id = result.project_id
                AND account.kind = 'committed'
            JOIN disbursement_pool pool ON pool.id = account.pool_id
            JOIN disbursement_posting posting ON posting.account_id = account.id AND posting.amount > 0
            JOIN disbursement_journalentry entry ON entry.id = posting.entry_id AND entry.key LIKE 'award-line:%'
                AND entry.at <= notice.published_at
            GROUP BY result.id) arranged ON arranged.id = result.id""",
    broken=f"NOT {AS_APPROVED} OR (result.central, result.local) <> ({ARRANGED})",
    told=f"result.notice_id, result.project_id, result.amount, {AS_APPROVED}",
    say=_published_wrong,
)


def statements_match_the_ledger() -> Iterator[str]:
    """A 月结单 says what the ledger says of its month, to this day; and its closing follows from its movements."""
    for row in MonthStatement.objects.select_related("pool__district").order_by("pk"):
        if row.figures != month_figures(row.pool, row.month):
            yield f"月结单 {row}：与台账不符。"
        for name, figure in row.figures.items():
            opening, came, went, closing = (exact(figure[part]) for part in ("opening", "came", "went", "closing"))
            if opening + came - went != closing:
                yield f"月结单 {row}：{name} 的期初、增减与期末不符。"


MATCHED = {
    "payment": "disbursement_payment",
    "spending": "disbursement_spending",
    "budget_line": "disbursement_budgetline",
    "recovery_receipt": "disbursement_recoveryreceipt",
}

# A bank line is matched to something of exactly its amount, and to one thing.
BANK_LINES_ARE_MATCHED_TO_THEIR_LIKE = Question(
    rows="disbursement_bankline line " + " ".join(
        f"LEFT JOIN {table} {name} ON {name}.id = line.{name}_id" for name, table in MATCHED.items()
    ),
    where="line.matched_by <> ''",
    broken=" + ".join(f"CASE WHEN {name}.id IS NULL THEN 0 ELSE 1 END" for name in MATCHED) + " <> 1 OR COALESCE("
    + ", ".join(f"{name}.amount" for name in MATCHED) + ") <> line.amount",
    told="line.id",
    say=lambda line: f"银行流水 {line}：勾对的金额不符，或不止一项。",
)  # fmt: skip

# --- 1 and 2: projects of earlier years, limits outside the formula ---------------------------------------------------

TAKEN_OVER_WRONG = {
    "row": "接续项目 {}：清单没有经三个不同的人导入、复核、确认。",
    "project": "项目 {}：接续的依据与已确认的清单不符。",
    "agreement": "任务书 {}：没有签署人，也不是接续的。",
    "opening": "期初余额 {}：不属于已确认清单中的项目。",
}
SOUND = f"""SELECT row.project_id FROM disbursement_takeoverrow row
    JOIN disbursement_takeoversheet sheet ON sheet.id = row.sheet_id WHERE row.project_id IS NOT NULL
    AND sheet.state = '{TakeOverState.CONFIRMED}' AND sheet.imported_by_id <> sheet.checked_by_id
    AND sheet.imported_by_id <> sheet.confirmed_by_id AND sheet.checked_by_id <> sheet.confirmed_by_id"""
TAKEN = "SELECT project_id FROM applications_projectground WHERE move = 'take_over'"

# A project that was never submitted stands on the row of a sheet three persons handled, and on nothing else.
TAKEN_OVER_STANDS_ON_A_CONFIRMED_SHEET = Question(
    rows=f"""(SELECT 'row' AS what, id AS key, project_id IN ({SOUND}) AS sound FROM disbursement_takeoverrow
        WHERE project_id IS NOT NULL
        UNION ALL SELECT 'project', project_id, project_id IN ({SOUND}) FROM ({TAKEN}) taken
        UNION ALL SELECT 'project', project_id, project_id IN ({TAKEN}) FROM ({SOUND}) sound
        UNION ALL SELECT 'agreement', id, project_id IN ({SOUND}) FROM disbursement_agreement
        WHERE state = '{AgreementState.IN_FORCE}' AND enterprise_signed_by_id IS NULL
        UNION ALL SELECT 'opening', opening.id, COALESCE(row.project_id IN ({SOUND}), FALSE)
        FROM disbursement_openingbalance opening JOIN disbursement_takeoverrow row ON row.id = opening.row_id
        WHERE opening.line_id IS NOT NULL) taken_over""",
    broken="NOT sound",
    told="what, key",
    say=lambda what, key: TAKEN_OVER_WRONG[what].format(key),
)


def special_limits_have_their_document() -> Iterator[str]:
    """A determination by 一事一议 stands on a confirmed decision of the same amount, recorded by two persons."""
    for row in Determination.objects.exclude(facts__special_amount=None).select_related("special_decision"):
        if row.facts.get("special_amount") is None:
            continue
        decision = getattr(row, "special_decision", None) or _decision_before(row)
        if decision is None or decision.confirmed_by_id in (None, decision.entered_by_id):
            yield f"测算 {row.pk}：一事一议没有经两人登记复核的决定文件。"
        elif exact(row.facts["special_amount"]) != decision.amount:
            yield f"测算 {row.pk}：一事一议金额与决定文件不符。"


def _decision_before(row: Determination) -> SpecialDecision | None:
    """The confirmed decision in force when a project was determined anew for another reason."""
    earlier = SpecialDecision.objects.filter(project=row.project_id, determination__made_at__lte=row.made_at)
    return earlier.order_by("-determination__made_at").first()


# Whoever closed a difference between bank and ledger had not explained it.
DIFFERENCES_HAVE_TWO_PERSONS = Question(
    rows="""disbursement_explanationverdict verdict
        JOIN disbursement_explanation explanation ON explanation.id = verdict.explanation_id""",
    broken="verdict.by_id = explanation.explained_by_id",
    told="explanation.id",
    say=lambda key: f"差异说明 {key}：说明人与复核人是同一人。",
)


INVARIANTS = [
    Invariant.asking("1f", "接续的项目都以三人经手、已确认的清单为依据", TAKEN_OVER_STANDS_ON_A_CONFIRMED_SHEET),
    Invariant("5f", "月结单与台账一致", MonthStatement.objects.count, statements_match_the_ledger),
    Invariant.asking("5g", "银行流水与勾对的款项金额相同", BANK_LINES_ARE_MATCHED_TO_THEIR_LIKE),
    Invariant.asking("5i", "对账差异由一人说明、另一人复核办结", DIFFERENCES_HAVE_TWO_PERSONS),
    Invariant(
        "2d", "一事一议的上限来自两人复核的决定文件", SpecialDecision.objects.count, special_limits_have_their_document
    ),
    Invariant.asking("6p", "预算与到位由一人登记、另一人复核入账", BUDGETS_HAVE_TWO_PERSONS),
    Invariant.asking("6q", "非项目支出由两人办理，每一步都在台账", SPENDING_HAS_TWO_PERSONS_AND_ITS_ENTRIES),
    Invariant.asking("6r", "补充安排由四人商定，不改变核定支持", SUPPLEMENTS_STAY_WITHIN_THE_AWARD),
    Invariant.asking("5e", "公布的支持金额就是批复与台账的金额", PUBLISHED_FIGURES_ARE_THE_LEDGERS),
]
