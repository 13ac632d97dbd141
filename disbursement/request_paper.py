"""What the 请示 to the city government says of a proposal, and its list as Excel: figures of the agreed proposal, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.models import Project
from core.money import ZERO
from disbursement.agreement_text import PAYER
from disbursement.execution_workbook import book_of
from disbursement.models import Proposal, SpecialDecision
from disbursement.queries.proposals import items_for_page
from disbursement.queries.ranking import with_score
from disbursement.states import EntryState

FINANCE = "沈阳市财政局"
CITY = "沈阳市人民政府"
HEADS = (
    "序号", "项目编号", "企业", "项目", "区县", "类别", "行业", "评审分", "合格投资", "第六条上限", "支持上限", "拟核定", "拟支持",
    "中央资金", "地方资金", "待安排", "一事一议决定",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One project as the city is asked about it; amounts in 元."""

    item: Any
    score: Decimal | None
    central: Decimal
    local: Decimal
    decision: str

    @property
    def number(self) -> str:
        return self.item.project.number

    @property
    def title(self) -> str:
        return self.item.project.title

    @property
    def enterprise(self) -> str:
        return self.item.project.enterprise.name

    @property
    def limit(self) -> Decimal:
        return self.item.limit

    @property
    def award(self) -> Decimal:
        return self.item.award

    @property
    def pending(self) -> Decimal:
        return self.award - self.central - self.local


def asked_of(proposal: Proposal) -> list[Asked]:
    """Every project of a proposal, in its order."""
    items = list(items_for_page(proposal))
    keys = [item.project_id for item in items]
    scores = dict(with_score(Project.objects.filter(pk__in=keys)).values_list("pk", "score_hundredths"))
    decided = SpecialDecision.objects.filter(project__in=keys, state=EntryState.CONFIRMED)
    numbers = dict(decided.values_list("project", "number"))
    return [_asked(item, scores[item.project_id], numbers.get(item.project_id, "")) for item in items]


def _asked(item: Any, hundredths: int | None, decision: str) -> Asked:
    parts = {True: ZERO, False: ZERO}
    for split in item.splits.all():
        parts[split.pool.is_central] += split.amount
    score = None if hundredths is None else Decimal(hundredths).scaleb(-2)
    return Asked(item, score, parts[True], parts[False], decision)


def request_context(proposal: Proposal, number: str) -> dict[str, Any]:
    """What the template of the 请示 is given."""
    rows = asked_of(proposal)
    title = f"关于审定{proposal.title.removesuffix('资金方案')}支持项目和支持金额的请示"
    return {
        "title": title, "red_head": PAYER, "issuer": f"{PAYER}  {FINANCE}", "document_number": number,
        "addressee": CITY, "call": str(proposal.call), "rows": rows, "sources": _sources(rows),
        "total": _sum(rows, "award"), "central": _sum(rows, "central"), "local": _sum(rows, "local"),
        "pending": _sum(rows, "pending"), "special": [row for row in rows if row.decision],
        "attachments": ["拟支持项目和金额表"],
    }  # fmt: skip


def _sources(rows: Sequence[Asked]) -> list[tuple[str, Decimal]]:
    """What each pool bears, central first."""
    sums: dict[Any, Decimal] = {}
    for row in rows:
        for split in row.item.splits.all():
            sums[split.pool] = sums.get(split.pool, ZERO) + split.amount
    return [(str(pool), sums[pool]) for pool in sorted(sums, key=lambda pool: (not pool.is_central, pool.pk))]


def _sum(rows: Sequence[Asked], name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows), ZERO)


def request_workbook(proposal: Proposal) -> bytes:
    """The list of a proposal as Excel, amounts in 元, exact."""
    return book_of({"拟支持项目": _lines(asked_of(proposal))})


def _lines(rows: Sequence[Asked]) -> Iterator[Sequence[Any]]:
    yield HEADS
    for place, row in enumerate(rows, start=1):
        project, determination = row.item.project, row.item.determination
        yield (
            place, row.number, row.enterprise, row.title, str(project.district), project.get_track_display(),
            determination.facts.get("industry4", ""), row.score, determination.eligible, determination.ceiling,
            row.limit, row.item.granted, row.award, row.central, row.local, row.pending, row.decision,
        )  # fmt: skip
    sums = (_sum(rows, name) for name in ("award", "central", "local", "pending"))
    yield ("合计", *[""] * 11, *sums, "")
