"""What pools promise beside payments: budget and other spending by two persons, published figures that are the ledger's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q, Sum

from applications.models import Determination, ProjectGround
from core.money import ZERO, exact, yuan
from disbursement.models import (
    AccountKind,
    Agreement,
    BankLine,
    BudgetEntry,
    BudgetLine,
    JournalEntry,
    MonthStatement,
    OpeningBalance,
    Posting,
    PublishedResult,
    SpecialDecision,
    Spending,
    Supplement,
    SupplementItem,
    TakeOverRow,
)
from disbursement.queries.reconciliation import month_figures
from disbursement.states import EntryState, SpendingState, SupplementState, TakeOverState
from portal.invariants.registry import Invariant

# The ledger entries a spending has in each state; an entered one has none.
STEPS_OF = {
    SpendingState.COMMITTED: {"commit"},
    SpendingState.PAID: {"commit", "paid"},
    SpendingState.RETURNED: {"commit", "paid", "returned"},
}


def budgets_have_two_persons() -> Iterator[str]:
    """Every line of a pool was entered by one person and confirmed by another."""
    for line in BudgetLine.objects.filter(entry=None):
        yield f"预算与到位 {line.pk}（{line.document_number}）：没有登记与复核。"
    for entry in BudgetEntry.objects.filter(Q(confirmed_by=F("entered_by")) | Q(line=None), state=EntryState.CONFIRMED):
        yield f"预算登记 {entry.pk}：登记人与复核人是同一人，或没有入账。"
    reduced = Q(kind="reduction", line__amount=-F("amount")) | ~Q(kind="reduction") & Q(line__amount=F("amount"))
    for entry in BudgetEntry.objects.filter(state=EntryState.CONFIRMED).exclude(reduced):
        yield f"预算登记 {entry.pk}：登记 {yuan(entry.amount)} 元，与入账不符。"


def spending_has_two_persons_and_its_entries() -> Iterator[str]:
    """Spending that is no project: confirmed by another than who entered it, each step in the ledger, once."""
    for row in Spending.objects.filter(confirmed_by=F("entered_by")):
        yield f"非项目支出 {row.pk}：登记人与复核人是同一人。"
    for row in Spending.objects.filter(confirmed_by=None, state__in=list(STEPS_OF)):
        yield f"非项目支出 {row.pk}：没有复核就已列支。"
    booked: dict[str, set[str]] = defaultdict(set)
    for key in JournalEntry.objects.filter(key__startswith="spending:").values_list("key", flat=True):
        _, pk, step = key.split(":")
        booked[pk].add(step)
    for pk, state in Spending.objects.exclude(state=SpendingState.CANCELLED).values_list("pk", "state"):
        if booked[str(pk)] != STEPS_OF.get(SpendingState(state), set()):
            yield f"非项目支出 {pk}：台账分录与状态“{SpendingState(state).label}”不符。"


def supplements_stay_within_the_award() -> Iterator[str]:
    """A later allocation is settled by four persons, is in the ledger, and leaves the award as the city approved it."""
    hands = ("drafted_by_id", "checked_by_id", "reviewed_by_id", "agreed_by_id")
    for row in Supplement.objects.filter(state=SupplementState.AGREED).values("pk", *hands):
        if len({row[name] for name in hands} - {None}) != len(hands):
            yield f"补充安排 {row['pk']}：没有经过四个不同的人。"
    wanted = SupplementItem.objects.filter(supplement__state=SupplementState.AGREED)
    booked = dict(
        Posting.objects.filter(entry__key__contains=":extend:", amount__gt=0)
        .order_by()
        .values_list("account__project")
        .annotate(total=Sum("amount"))
    )
    for project, total in wanted.order_by().values_list("award__project").annotate(total=Sum("amount")):
        if booked.get(project, ZERO) != total:
            yield f"项目 {project}：补充安排 {yuan(total)} 元，台账 {yuan(booked.get(project, ZERO))} 元。"


def published_figures_are_the_ledgers() -> Iterator[str]:
    """What was published is the award as approved, and its arranged parts are what the ledger had committed by then."""
    rows = PublishedResult.objects.select_related("notice__approval", "project__award")
    arranged = _committed_when_published()
    for row in rows.iterator(chunk_size=2000):
        if row.project.award.approval_id != row.notice.approval_id or row.amount != row.project.award.amount:
            yield f"名单 {row.notice_id} 项目 {row.project_id}：公布 {yuan(row.amount)} 元，与批复核定不符。"
        said = (row.central, row.local)
        if said != arranged[row.pk]:
            yield f"名单 {row.notice_id} 项目 {row.project_id}：公布的已安排资金与台账承诺不符。"


def _committed_when_published() -> dict[int, tuple[Decimal, Decimal]]:
    """(central, local) commitments of each published project in the ledger up to its publication, by result id."""
    committed = Posting.objects.filter(
        account__kind=AccountKind.COMMITTED, entry__key__startswith="award-line:", amount__gt=0,
        account__project__published_results__isnull=False,
        entry__at__lte=F("account__project__published_results__notice__published_at"),
    )  # fmt: skip
    central = Q(account__pool__source="central")
    rows = (
        committed.order_by()
        .values("account__project__published_results")
        .annotate(central=Sum("amount", filter=central), local=Sum("amount", filter=~central))
    )
    found = {row["account__project__published_results"]: (row["central"] or ZERO, row["local"] or ZERO) for row in rows}
    return defaultdict(lambda: (ZERO, ZERO), found)


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


def taken_over_stands_on_a_confirmed_sheet() -> Iterator[str]:
    """A project that was never submitted stands on the row of a sheet three persons handled, and on nothing else."""
    hands = ("sheet__imported_by_id", "sheet__checked_by_id", "sheet__confirmed_by_id")
    rows = TakeOverRow.objects.filter(project__isnull=False)
    sound = set()
    for row in rows.values("pk", "project_id", "sheet__state", *hands):
        persons = {row[name] for name in hands} - {None}
        if row["sheet__state"] == TakeOverState.CONFIRMED and len(persons) == len(hands):
            sound.add(row["project_id"])
        else:
            yield f"接续项目 {row['pk']}：清单没有经三个不同的人导入、复核、确认。"
    taken = set(ProjectGround.objects.filter(move="take_over").values_list("project", flat=True))
    for project in taken ^ sound:
        yield f"项目 {project}：接续的依据与已确认的清单不符。"
    outside = Agreement.objects.filter(state="in_force", enterprise_signed_by=None).exclude(project__in=sound)
    for paper in outside:
        yield f"任务书 {paper.number}：没有签署人，也不是接续的。"
    for opening in OpeningBalance.objects.filter(line__isnull=False).exclude(row__project__in=sound):
        yield f"期初余额 {opening.pk}：不属于已确认清单中的项目。"


def statements_match_the_ledger() -> Iterator[str]:
    """A 月结单 says what the ledger says of its month, to this day; and its closing follows from its movements."""
    for row in MonthStatement.objects.select_related("pool__district").order_by("pk"):
        if row.figures != month_figures(row.pool, row.month):
            yield f"月结单 {row}：与台账不符。"
        for name, figure in row.figures.items():
            opening, came, went, closing = (exact(figure[part]) for part in ("opening", "came", "went", "closing"))
            if opening + came - went != closing:
                yield f"月结单 {row}：{name} 的期初、增减与期末不符。"


def bank_lines_are_matched_to_their_like() -> Iterator[str]:
    """A bank line is matched to something of exactly its amount, and to one thing."""
    kinds = ("payment", "spending", "budget_line", "recovery_receipt")
    for line in BankLine.objects.exclude(matched_by="").select_related(*kinds).iterator(chunk_size=2000):
        matched = [thing for name in kinds if (thing := getattr(line, name)) is not None]
        if len(matched) != 1 or matched[0].amount != line.amount:
            yield f"银行流水 {line.pk}：勾对的金额不符，或不止一项。"


INVARIANTS = [
    Invariant(
        "1f",
        "接续的项目都以三人经手、已确认的清单为依据",
        TakeOverRow.objects.count,
        taken_over_stands_on_a_confirmed_sheet,
    ),
    Invariant("5f", "月结单与台账一致", MonthStatement.objects.count, statements_match_the_ledger),
    Invariant("5g", "银行流水与勾对的款项金额相同", BankLine.objects.count, bank_lines_are_matched_to_their_like),
    Invariant(
        "2d", "一事一议的上限来自两人复核的决定文件", SpecialDecision.objects.count, special_limits_have_their_document
    ),
    Invariant("6p", "预算与到位由一人登记、另一人复核入账", BudgetLine.objects.count, budgets_have_two_persons),
    Invariant(
        "6q", "非项目支出由两人办理，每一步都在台账", Spending.objects.count, spending_has_two_persons_and_its_entries
    ),
    Invariant("6r", "补充安排由四人商定，不改变核定支持", Supplement.objects.count, supplements_stay_within_the_award),
    Invariant(
        "5e", "公布的支持金额就是批复与台账的金额", PublishedResult.objects.count, published_figures_are_the_ledgers
    ),
]
