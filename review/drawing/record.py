"""The published record of a draw, and whether it replays: anybody may check it with this file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from review.drawing.canonical import FORMAT, commitment_of, sealed, seed_of
from review.drawing.selection import reserve_of, select


def faults_of(record: Any) -> list[str]:
    """One sentence for everything in a record that does not follow from its own list and numbers; none: it replays."""
    try:
        return list(_faults(record))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as broken:
        return [f"记录不完整或格式不对（{type(broken).__name__}: {broken}）。"]


def _faults(record: Mapping[str, Any]) -> Iterator[str]:
    if record["format"] != FORMAT:
        yield f"不认识的格式 {record['format']}。"
        return
    commitment = commitment_of(record["candidates"])
    if commitment != record["commitment"]:
        yield "候选名单与锁定时的指纹不符：名单被改动过。"
    numbers = {one["slot"]: one for one in record["numbers"]}
    for slot, one in numbers.items():
        if sealed(record["commitment"], slot, one["number"], one["salt"]) != one["sealed"]:
            yield f"号码（{slot}）与封存时的指纹不符。"
    if seed_of(record["commitment"], numbers["first"]["number"], numbers["second"]["number"]) != record["seed"]:
        yield "种子不是由名单和两个号码得出的。"
    candidates = json.loads(record["candidates"])
    yield from _of_the_selection(candidates, record)
    yield from _of_the_replacements(candidates, record)


def _of_the_selection(candidates: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[str]:
    again, told = select(candidates, record["seed"]).as_dict(), record["selection"]
    projects = {one["code"]: one for one in candidates["projects"]}
    for code, drawn in told["drawn"].items():
        excluded = [one for one in drawn if one in projects[code]["excluded"]]
        if excluded:
            yield f"{code}：抽中了应当回避的 {'、'.join(excluded)}。"
        if len(drawn) != projects[code]["wanted"] or len(drawn) % 2 == 0:
            yield f"{code}：抽中 {len(drawn)} 名，不是应抽的单数。"
    for code in sorted({*again["drawn"], *told["drawn"]}):
        if again["drawn"].get(code) != told["drawn"].get(code):
            yield f"{code}：重新推算得到的专家与记录不同。"
    for part in ("short", "loads", "forced"):
        if again[part] != told[part]:
            yield f"重新推算得到的“{part}”与记录不同。"


def _of_the_replacements(candidates: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[str]:
    """Each replacement is the next of the recorded order, those passed over named with their reason."""
    places: dict[str, int] = {}
    orders: dict[str, list[str]] = {}
    for one in record["replacements"]:
        code = one["project"]
        if code not in orders:
            orders[code] = reserve_of(candidates, record["seed"], code, record["selection"]["drawn"].get(code, []))
        walked = [*(skipped for skipped, _ in one["skipped"]), *([one["in"]] if one["in"] else [])]
        start = places.get(code, 0)
        if orders[code][start : start + len(walked)] != walked:
            yield f"{code}：递补 {one['in']} 不是记录顺序里的下一名。"
        if any(not reason for _, reason in one["skipped"]):
            yield f"{code}：递补 {one['in']} 时跳过的人没有写明原因。"
        places[code] = start + len(walked)
