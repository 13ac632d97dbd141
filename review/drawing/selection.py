"""Who is drawn for which project: least loaded first, field before no field, ties by lot. Deterministic in list and seed.

`candidates`: {"rules": {...}, "experts": [{"code", "fields", "load"}], "projects": [{"code", "fields", "wanted",
"excluded": {expert code: [kinds]}}]}. All codes are texts; loads are counts of open assignments when the list was locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from review.drawing.canonical import fingerprint

Candidates = Mapping[str, Any]


@dataclass(slots=True)
class Selection:
    """Codes drawn by project, projects that got nobody and why, loads after the draw, and why some are above others."""

    drawn: dict[str, list[str]] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    forced: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"drawn": self.drawn, "short": self.short, "loads": self.loads, "forced": self.forced}


def select(candidates: Candidates, seed: str, *, told: Callable[[int], None] | None = None) -> Selection:
    """Draw for every project of the list, the scarcest first. Never fewer than wanted: then nobody, and it says why.

    `told` is called now and then with the number of projects done.

    An expert is taken before one with less load only where that one is excluded or of another field; each time is
    counted in `forced` under "conflict" or "field". So loads differ by more than one (or than they did before the
    draw) at most by what is counted there.
    """
    experts = sorted(candidates["experts"], key=lambda one: one["code"])
    loads = {one["code"]: int(one["load"]) for one in experts}
    fields = {one["code"]: frozenset(one["fields"]) for one in experts}
    found = Selection(loads=loads)
    forced: dict[str, Counter[str]] = {}
    for place, project in enumerate(_in_order(candidates["projects"], experts, seed)):
        if told and place % 200 == 0:
            told(place)
        open_to = [code for code in loads if code not in project["excluded"]]
        wanted = project["wanted"]
        if len(open_to) < wanted:
            found.short[project["code"]] = f"需要 {wanted} 名，无利害关系的只有 {len(open_to)} 名，没有抽取。"
            continue
        drawn = _least_loaded(open_to, project, fields, loads, seed)[:wanted]
        _count_forced(drawn, project, loads, forced)
        for code in drawn:
            loads[code] += 1
        found.drawn[project["code"]] = drawn
    found.forced = {code: dict(sorted(count.items())) for code, count in sorted(forced.items())}
    return found


def _in_order(projects: Sequence[Any], experts: Sequence[Any], seed: str) -> list[Any]:
    def scarcity(project: Any) -> tuple[int, str, str]:
        left = len(experts) - len(project["excluded"])
        return left, fingerprint(seed, "order", project["code"]), project["code"]

    return sorted(projects, key=scarcity)


def _least_loaded(
    open_to: Iterable[str], project: Any, fields: Mapping[str, frozenset[str]], loads: Mapping[str, int], seed: str
) -> list[str]:
    wanted, code = frozenset(project["fields"]), project["code"]
    return sorted(
        open_to,
        key=lambda one: (fields[one].isdisjoint(wanted), loads[one], fingerprint(seed, "lot", code, one), one),
    )


def _count_forced(
    drawn: Sequence[str], project: Any, loads: Mapping[str, int], forced: dict[str, Counter[str]]
) -> None:
    """For each one drawn while somebody less loaded was not: was he excluded, or of another field?"""
    chosen, highest = set(drawn), max(loads[code] for code in drawn)
    idle = [code for code, load in loads.items() if load < highest and code not in chosen]
    for code in drawn:
        less = [one for one in idle if loads[one] < loads[code]]
        if less:
            why = "field" if any(one not in project["excluded"] for one in less) else "conflict"
            forced.setdefault(code, Counter())[why] += 1


def reserve_of(candidates: Candidates, seed: str, project_code: str, drawn: Iterable[str]) -> list[str]:
    """Who comes next for a project when somebody declines: those not excluded and not drawn, field first, then by lot."""
    project = next(one for one in candidates["projects"] if one["code"] == project_code)
    wanted, taken = frozenset(project["fields"]), set(drawn)
    left = [one for one in candidates["experts"] if one["code"] not in taken and one["code"] not in project["excluded"]]
    left.sort(
        key=lambda one: (
            wanted.isdisjoint(one["fields"]),
            fingerprint(seed, "reserve", project_code, one["code"]),
            one["code"],
        )
    )
    return [one["code"] for one in left]
