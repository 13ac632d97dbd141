"""Case files: rows of a CSV in, answers out; the columns are those of tests/policy/policy-cases.csv."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from policy.rules import (
    AcceptanceFacts,
    ChangeFacts,
    DateFacts,
    Determination,
    Facts,
    InstalmentFacts,
    PolicyDataError,
    PoolFacts,
    Version,
    allocate_each,
    change,
    determine,
    instalment,
    settle,
    validity,
)
from policy.rules.amounts import ZERO
from policy.rules.determination import ABOVE_CEILING, BAD_INPUT

COLUMNS: Final = (
    "case_id",
    "verdict",
    "eligible",
    "ceiling",
    "central",
    "local",
    "total",
    "unfunded",
    "final",
    "payable",
    "clawback",
    "claw_central",
    "claw_local",
)
#: which figures each kind answers (policy cases, section 2)
ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    "ENTITLE": ("eligible", "ceiling", "central", "local", "total", "unfunded"),
    "POOL": ("eligible", "ceiling", "central", "local", "total", "unfunded"),
    "CHANGE": ("eligible", "ceiling", "final", "clawback"),
    "ACCEPT": ("ceiling", "final", "payable", "clawback", "central", "local", "claw_central", "claw_local"),
    "INSTALMENT": ("payable",),
    "DATE": (),
}
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Row = Mapping[str, str]


class MalformedRow(ValueError):
    """A row which cannot be read as facts."""


@dataclass(frozen=True, slots=True)
class Case:
    """A row read: its kind, its facts, and the version with the row's own settings."""

    kind: str
    facts: Any
    version: Version


def read_rows(raw: bytes) -> list[dict[str, str] | None]:
    """The rows of a case file, utf-8 with or without BOM; None stands for a row which is no CSV."""
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(raw.decode("utf-8-sig", errors="replace"), newline=""))
    header: list[str] | None = None
    rows: list[dict[str, str] | None] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            rows.append(None)
            continue
        if not cells:
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            continue
        row = dict(zip(header, cells, strict=False))
        if any(cell.strip() for cell in cells[len(header) :]):
            row["__surplus__"] = "1"
        rows.append(row)


def assess(rows: Iterable[Row | None], version: Version) -> Iterator[dict[str, str]]:
    """One answer a row, in the order of the rows; a malformed row is answered REJECT_BAD_INPUT."""
    read = [(row, _read(row, version)) for row in rows]
    pooled = _pooled(read)
    for place, (row, case) in enumerate(read):
        case_id = (row or {}).get("case_id") or ""
        if case is None:
            yield _answer(case_id, None, "")
        else:
            yield _answer(case_id, pooled.get(place) or _determined(case), case.kind)


def _determined(case: Case) -> Determination:
    rules: Mapping[str, Any] = {
        "ENTITLE": determine,
        "CHANGE": change,
        "ACCEPT": settle,
        "INSTALMENT": instalment,
        "DATE": validity,
    }
    answer: Determination = rules[case.kind](case.facts, case.version)
    return answer


def _pooled(read: list[tuple[Row | None, Case | None]]) -> dict[int, Determination]:
    """The answers of the POOL rows by place: each group shares the pools which its first row names."""
    groups: dict[str, list[int]] = {}
    for place, (row, case) in enumerate(read):
        if row is not None and case is not None and case.kind == "POOL":
            groups.setdefault((row.get("group_id") or "").strip(), []).append(place)
    answers: dict[int, Determination] = {}
    for places in groups.values():
        cases = [case for place in places if (case := read[place][1]) is not None]
        first = cases[0]
        pool = PoolFacts(
            cases=tuple(case.facts for case in cases),
            central_pool=_first_named(cases, "central_pool"),
            local_pool=_first_named(cases, "local_pool"),
        )
        determined = allocate_each(pool, [case.version for case in cases], first.version)
        answers.update(zip(places, determined, strict=True))
    return answers


def _first_named(cases: list[Case], name: str) -> Decimal | None:
    for case in cases:
        if not case.facts.fault and (amount := getattr(case.facts, name)) is not None:
            return Decimal(amount)
    return None


def _answer(case_id: str, determination: Determination | None, kind: str) -> dict[str, str]:
    answer = dict.fromkeys(COLUMNS, "")
    answer["case_id"] = case_id
    answer["verdict"] = BAD_INPUT if determination is None else determination.verdict
    if determination is None:
        return answer
    names = ANSWERED[kind]
    if determination.refused:
        names = ("ceiling",) if determination.verdict == ABOVE_CEILING else ()
    for name in names:
        amount = getattr(determination, name)
        answer[name] = "" if amount is None else f"{amount:.2f}"
    return answer


def _read(row: Row | None, version: Version) -> Case | None:
    """The row as facts; None where it cannot be read."""
    if row is None or "__surplus__" in row:
        return None
    kind = (row.get("kind") or "").strip()
    reader = _READERS.get(kind)
    if reader is None:
        return None
    try:
        return Case(kind, reader(row), _version(row, version))
    except (ValueError, ArithmeticError, RecursionError, PolicyDataError):
        return None


def _version(row: Row, version: Version) -> Version:
    text = _cell(row, "config")
    if not text:
        return version
    config = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    if not isinstance(config, dict):
        raise MalformedRow("config 须为 JSON 对象")
    return version.varied(settings=config) if config else version


def _no_constant(name: str) -> None:
    raise MalformedRow(f"config 里不能有 {name}")


def _cell(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


def _number(row: Row, name: str) -> Decimal | None:
    text = _cell(row, name)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise MalformedRow(f"{name} 不是数")
    return Decimal(text) + 0 if len(text) < 28 else Decimal(text)


def _amount(row: Row, name: str) -> Decimal:
    number = _number(row, name)
    return ZERO if number is None else number


def _needed(row: Row, name: str) -> Decimal:
    number = _number(row, name)
    if number is None:
        raise MalformedRow(f"缺少 {name}")
    return number


def _flag(row: Row, name: str, *, needed: bool = False) -> bool:
    text = _cell(row, name)
    if text not in ("0", "1") and (text or needed):
        raise MalformedRow(f"{name} 须为 0 或 1")
    return text == "1"


def _project(row: Row) -> Facts:
    return Facts(
        mode=_cell(row, "mode"),
        chain_leader=_flag(row, "chain_leader"),
        industry4=_cell(row, "industry4"),
        project_kind=_cell(row, "project_kind") or "TECH_REFORM",
        demo_recognised=_flag(row, "demo_recognised"),
        invest_total=_needed(row, "invest_total"),
        land_infra=_amount(row, "land_infra"),
        input_vat=_amount(row, "input_vat"),
        dup_invoice=_amount(row, "dup_invoice"),
        special_amount=_number(row, "special_amount"),
        approved=_number(row, "approved"),
        other_local_entitlement=_amount(row, "other_local_entitlement"),
        other_received=_amount(row, "other_received"),
        central_pool=_number(row, "central_pool"),
        local_pool=_number(row, "local_pool"),
        review_score=_number(row, "review_score"),
        enterprise_already=_amount(row, "enterprise_already"),
    )


def _change(row: Row) -> ChangeFacts:
    return ChangeFacts(
        project=_project(row),
        approved=_needed(row, "approved"),
        paid=_amount(row, "paid"),
        other_received=_amount(row, "other_received"),
        change_major=_flag(row, "change_major", needed=True),
    )


def _acceptance(row: Row) -> AcceptanceFacts:
    return AcceptanceFacts(
        mode=_cell(row, "mode"),
        chain_leader=_flag(row, "chain_leader"),
        approved=_needed(row, "approved"),
        audited_eligible=_needed(row, "audited_eligible"),
        planned_eligible=_number(row, "planned_eligible"),
        stat_invest=_number(row, "stat_invest"),
        paid=_amount(row, "paid"),
        other_received=_amount(row, "other_received"),
        fraud=_flag(row, "fraud"),
        central_committed=_number(row, "central_committed"),
        central_paid=_amount(row, "central_paid"),
        local_paid=_amount(row, "local_paid"),
    )


def _instalment(row: Row) -> InstalmentFacts:
    plan = json.loads(_cell(row, "plan"), parse_float=Decimal, parse_constant=_no_constant)
    if not isinstance(plan, list) or not all(_NUMBER.fullmatch(str(share)) for share in plan):
        raise MalformedRow("plan 须为比例的列表")
    tranche = _cell(row, "tranche_no")
    if not re.fullmatch(r"[0-9]{1,4}", tranche):
        raise MalformedRow("tranche_no 须为整数")
    return InstalmentFacts(
        approved=_needed(row, "approved"),
        plan=tuple(Decimal(str(share)) for share in plan),
        tranche_no=int(tranche),
        paid=_amount(row, "paid"),
        central_received_ratio=_number(row, "central_received_ratio"),
        progress_ratio=_number(row, "progress_ratio"),
    )


def _date(row: Row) -> DateFacts:
    text = _cell(row, "date")
    if not _DATE.fullmatch(text):
        raise MalformedRow("date 须为 年-月-日")
    return DateFacts(on=date.fromisoformat(text))


_READERS: Final[Mapping[str, Any]] = {
    "ENTITLE": _project,
    "POOL": _project,
    "CHANGE": _change,
    "ACCEPT": _acceptance,
    "INSTALMENT": _instalment,
    "DATE": _date,
}
