"""One scenario worked out by the one engine: every project under the base version and under the varied one, then summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from core.money import ZERO
from policy.rules import Determination, Facts, InstalmentFacts, PoolFacts, Version, allocate, determine, instalment
from policy.rules import order_of_service as served_in
from policy.rules.amounts import fen
from policy.rules.facts import TECH_REFORM
from policy.rules.steps import entries

GROUPED_BY = ("mode", "district", "major")
SHARED = ("central", "pool_prorata", "pool_rank")
Tell = Callable[[str], None]


class Case(NamedTuple):
    """A project as the sandbox takes it: who and where, and its facts without pools and without an approved amount."""

    project: int
    number: str
    district: str
    enterprise: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what the projects are worked out; pools in 元, None without limit; shares are the instalment ratios."""

    version: Version
    central_pool: Decimal | None
    local_pool: Decimal | None
    shares: tuple[Decimal, ...]


class Row(NamedTuple):
    """One project's outcome, amounts in 分; `binding` is a place in the list of binding steps."""

    project: int
    number: str
    mode: str
    district: str
    major: str
    eligible: int | None
    score: str | None
    base_central: int
    base_local: int
    base_unfunded: int
    central: int
    local: int
    unfunded: int
    claim: int
    binding: int
    place: int

    @property
    def base_total(self) -> int:
        return self.base_central + self.base_local

    @property
    def total(self) -> int:
        return self.central + self.local

    @property
    def change(self) -> int:
        return self.total - self.base_total


class Outcome(NamedTuple):
    """What a scenario comes to: sums that a page shows, and a row a project in the order of the cases."""

    summary: dict[str, Any]
    rows: list[Row]


def work_out(cases: Sequence[Case], base: Terms, varied: Terms, tell: Tell = lambda words: None) -> Outcome:
    """Both sides of the comparison and their sums. Reads nothing, writes nothing; the order of cases is that of filing."""
    before = determined(cases, base)
    tell("基准版本已测算")
    after = determined(cases, varied)
    tell("改动后的版本已测算")
    bindings = _Bindings()
    order = served_in([case.facts for case in cases], varied.version.ranks)
    place_of = {place: number for number, place in enumerate(order, start=1)}
    rows = [
        _row(case, *pair, bindings.index_of(pair[1]), place_of[place])
        for place, (case, pair) in enumerate(zip(cases, zip(before, after, strict=True), strict=True))
    ]
    summary = {
        "projects": len(rows),
        "base": _sums(before, base),
        "new": _sums(after, varied),
        "pool": _pool(rows, varied),
        "bindings": bindings.summed(rows),
        "groups": {name: _grouped(rows, name) for name in GROUPED_BY},
        **_gains(rows),
    }
    tell("已汇总")
    return Outcome(summary, rows)


def determined(cases: Sequence[Case], terms: Terms) -> tuple[Determination, ...]:
    """Each project's determination within the shared pools."""
    sheets = tuple(case.facts for case in cases)
    if terms.version.enterprise_cap is not None:
        sheets = _counting_earlier(cases, terms.version)
    pools = PoolFacts(cases=sheets, central_pool=terms.central_pool, local_pool=terms.local_pool)
    return allocate(pools, terms.version)


def _counting_earlier(cases: Sequence[Case], version: Version) -> tuple[Facts, ...]:
    """Under a cap per enterprise each project counts what the same enterprise's earlier ones were worth."""
    already: dict[int, Decimal] = defaultdict(Decimal)
    sheets = []
    for case in cases:
        facts = case.facts
        if already[case.enterprise]:
            facts = replace(facts, enterprise_already=facts.enterprise_already + already[case.enterprise])
        already[case.enterprise] += determine(facts, version).total or ZERO
        sheets.append(facts)
    return tuple(sheets)


def _row(case: Case, before: Determination, after: Determination, binding: int, place: int) -> Row:
    facts = case.facts
    return Row(
        case.project, case.number, _track(facts), case.district, facts.major,
        None if after.eligible is None else fen(after.eligible),
        None if facts.review_score is None else str(facts.review_score),
        _fen(before.central), _fen(before.local), _fen(before.unfunded),
        _fen(after.central), _fen(after.local), _fen(after.unfunded), _claim(after), binding, place,
    )  # fmt: skip


def _track(facts: Facts) -> str:
    """点, 线 or 面; a project of a local direction is none of them (第七条二)."""
    return facts.mode if facts.project_kind == TECH_REFORM else "LOCAL"


def _fen(amount: Decimal | None) -> int:
    return fen(amount) if amount else 0


def _claim(answer: Determination) -> int:
    """What the project would take from the central pool if the pool had enough."""
    return next((_fen(taken) for key, taken, _, _ in entries(answer.trace) if key in SHARED), 0)


def _sums(answers: Sequence[Determination], terms: Terms) -> dict[str, int]:
    parts = {name: sum(_fen(getattr(answer, name)) for answer in answers) for name in ("central", "local", "unfunded")}
    for name in ("central", "local"):
        parts[f"first_{name}"] = sum(_first_instalment(getattr(answer, name), name, terms) for answer in answers)
    return {"total": parts["central"] + parts["local"], **parts}


def _first_instalment(due: Decimal | None, source: str, terms: Terms) -> int:
    """The first instalment of one source's part, due at signing (第十二条)."""
    if not due:
        return 0
    line = InstalmentFacts(approved=due, plan=terms.shares, tranche_no=1, line=source.upper(), condition="signed")
    return _fen(instalment(line, terms.version).payable)


def _pool(rows: Sequence[Row], terms: Terms) -> dict[str, Any]:
    """How far the central pool goes, and what local money has to make up (第七条（一）)."""
    claims, central = sum(row.claim for row in rows), sum(row.central for row in rows)
    served = sorted(rows, key=lambda row: row.place) if terms.version.ranks else []
    first_short = next((row for row in served if row.central < row.claim), None)
    return {
        "method": str(terms.version.setting("pool_method")),
        "central_pool": None if terms.central_pool is None else fen(terms.central_pool),
        "local_pool": None if terms.local_pool is None else fen(terms.local_pool),
        "claims": claims,
        "central": central,
        "gap": claims - central,
        "local_need": sum(row.total + row.unfunded - row.central for row in rows),
        "local": sum(row.local for row in rows),
        "unfunded": sum(row.unfunded for row in rows),
        "ends_at": first_short and {"place": first_short.place, "number": first_short.number, "of": len(rows)},
        "short": sum(row.central < row.claim for row in rows),
    }


def _gains(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Who gains and who loses: how many, and how much together."""
    gains = [row.change for row in rows if row.change > 0]
    losses = [row.change for row in rows if row.change < 0]
    return {"gain": [len(gains), sum(gains)], "lose": [len(losses), sum(losses)]}


def _grouped(rows: Sequence[Row], name: str) -> list[dict[str, Any]]:
    """The sums of each group, the largest total first."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    summed = [
        {
            "key": key,
            "projects": len(members),
            "base_total": sum(row.base_total for row in members),
            "central": sum(row.central for row in members),
            "local": sum(row.local for row in members),
            "unfunded": sum(row.unfunded for row in members),
            **_gains(members),
        }
        for key, members in groups.items()
    ]
    return sorted(summed, key=lambda group: (-group["central"] - group["local"], group["key"]))


class _Bindings:
    """The steps that fixed an amount, each once, in words; asked of the engine once a kind, for words are dear."""

    def __init__(self) -> None:
        self.named: list[tuple[str, str]] = []
        self._seen: dict[tuple[str, ...], int] = {}

    def index_of(self, answer: Determination) -> int:
        facts = answer.facts
        assert isinstance(facts, Facts)  # noqa: S101 - the sandbox works on project facts only
        kind = (answer.verdict, answer.binding, facts.standard_key, facts.local_direction)
        if kind not in self._seen:
            step = answer.binding_step
            words = answer.label if answer.refused or step is None else step.label
            named = (words, answer.clause)
            if named not in self.named:
                self.named.append(named)
            self._seen[kind] = self.named.index(named)
        return self._seen[kind]

    def summed(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Each binding step with how many projects it decides and what they come to."""
        sums = [{"label": label, "clause": clause, "count": 0, "total": 0} for label, clause in self.named]
        for row in rows:
            sums[row.binding]["count"] += 1
            sums[row.binding]["total"] += row.total
        return sums
