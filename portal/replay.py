"""Replay: whether a stored result is still what the rules answer to its stored facts under its policy version."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Model

from applications.models import Determination
from disbursement.models import Settlement
from policy import versions
from policy.rules import facts_from_dict, recompute
from policy.rules.determination import FIGURES, VERDICT_LABELS

CHUNK = 500
#: columns that repeat a figure of the result
COLUMNS = {
    Determination: ("eligible", "ceiling", "limit", "central", "total"),
    Settlement: ("final", "payable", "clawback"),
}


class Replayed(NamedTuple):
    """One stored result looked at: its row, and what differs (nothing where it replays)."""

    row: Any
    fault: str


def replayed(model: type[Model]) -> Iterator[Replayed]:
    """Every stored result of a table in the order of its key, read in chunks: memory does not grow with the table."""
    for row in model._default_manager.order_by("pk").iterator(chunk_size=CHUNK):
        yield Replayed(row, fault_of(row))


def fault_of(row: Any) -> str:
    """What differs between a stored result and its replay, in Chinese; empty where nothing does.

    Compares the version's content, the facts beside and inside the result, verdict, every figure, and the columns.
    """
    result = row.result or {}
    said = result.get("version") or {}
    try:
        version = versions.load(row.policy_version, said.get("variation") or None)
        again = recompute(facts_from_dict(row.facts), version)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        return f"不能重算（{error}）"
    if version.digest != row.policy_digest or said.get("digest") != row.policy_digest:
        return f"政策版本 {row.policy_version} 的内容已变"
    if result.get("facts") != row.facts:
        return "事实与结果中记下的事实不同"
    differing = _differing(again, result) + _columns(row, again)
    return "；".join(differing)


def _differing(again: Any, result: dict[str, Any]) -> list[str]:
    faults = []
    if result.get("verdict") != again.verdict:
        faults.append(f"结论：存 {_label(result.get('verdict'))}，重算 {again.label}")
    for name in FIGURES:
        kept, now = _figure(result.get(name)), getattr(again, name)
        if kept != now:
            faults.append(f"{name}：存 {kept}，重算 {now}")
    if result.get("binding") != again.binding:
        faults.append(f"起决定作用的一步：存 {result.get('binding')}，重算 {again.binding}")
    return faults


def _columns(row: Any, again: Any) -> list[str]:
    faults = [
        f"{name} 列：存 {getattr(row, name)}，重算 {getattr(again, name)}"
        for name in COLUMNS[type(row)]
        if getattr(row, name) != getattr(again, name)
    ]
    if getattr(row, "verdict", again.verdict) != again.verdict:
        faults.append(f"结论列：存 {_label(row.verdict)}，重算 {again.label}")
    return faults


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _label(verdict: Any) -> str:
    return VERDICT_LABELS.get(str(verdict), str(verdict))
