"""A result as its pages show it: sums side by side, groups, chart, pool, a sorted and filtered list of projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.facts.directions import NO_INDUSTRY
from core.money import from_fen, percent, wan
from policy.industries import industry_name
from policy.rules import Determination, Step
from portal.sandbox.compute import Row
from portal.sandbox.models import Scenario, ScenarioResult
from portal.sandbox.terms import Change, changes

TRACKS = {"DIAN": "点", "XIAN": "线", "MIAN": "面", "LOCAL": "地方方向"}
KINDS = {"DIAN": "point", "XIAN": "line", "MIAN": "area", "LOCAL": "local"}
GROUPS = (("mode", "按方向", "方向"), ("district", "按区县", "区县"), ("major", "按行业", "行业大类"))
SUMS = (
    ("central", "中央资金"),
    ("local", "地方资金"),
    ("total", "可安排合计"),
    ("unfunded", "待安排"),
    ("first_central", "首批需中央资金"),
    ("first_local", "首批需地方资金"),
)
CHARTED = ("central", "local", "unfunded")
SORTS = {
    "change": lambda row: row.change,
    "total": lambda row: row.total,
    "base": lambda row: row.base_total,
    "central": lambda row: row.central,
    "eligible": lambda row: row.eligible or 0,
    "unfunded": lambda row: row.unfunded,
    "place": lambda row: row.place,
    "number": lambda row: row.number,
}
WHO = {
    "gain": lambda row: row.change > 0,
    "lose": lambda row: row.change < 0,
    "short": lambda row: row.central < row.claim,
}
WHO_WORDS = {"gain": "增加的项目", "lose": "减少的项目", "short": "中央资金不足的项目"}


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure under the base and under the scenario, in 元."""

    label: str
    base: Decimal
    new: Decimal

    @property
    def change(self) -> Decimal:
        return self.new - self.base

    @property
    def change_words(self) -> str:
        return signed_wan(self.change)


@dataclass(frozen=True, slots=True)
class Answer:
    """One project under one policy, explained."""

    determination: Determination
    title: str

    @property
    def steps(self) -> list[Step]:
        """The steps without the closing sum, which the page shows as such."""
        return [step for step in self.determination.steps if step.key != "sum"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a result's page says besides its list of projects."""

    scenario: Scenario
    result: ScenarioResult
    changes: list[Change]
    sums: list[Sum]
    pool: dict[str, Any]
    groups: list[dict[str, Any]]
    bindings: list[dict[str, Any]]
    chart: list[dict[str, Any]]

    @property
    def gain(self) -> dict[str, Any]:
        return _counted(self.result.summary["gain"])

    @property
    def lose(self) -> dict[str, Any]:
        return _counted(self.result.summary["lose"])

    @property
    def unchanged(self) -> int:
        return self.result.projects - self.gain["count"] - self.lose["count"]

    @property
    def unreadable(self) -> int:
        return self.result.summary.get("unreadable", 0)

    @property
    def total(self) -> Sum:
        return self.of("可安排合计")

    @property
    def left_over(self) -> Sum:
        """待安排: due, but no pool has money for it."""
        return self.of("待安排")

    def of(self, label: str) -> Sum:
        return next(one for one in self.sums if one.label == label)


def shown(scenario: Scenario, result: ScenarioResult) -> Shown:
    """Everything a page or a workbook says of a result; nothing is worked out again."""
    summary = result.summary
    sums = [Sum(label, from_fen(summary["base"][name]), from_fen(summary["new"][name])) for name, label in SUMS]
    return Shown(
        scenario=scenario,
        result=result,
        changes=changes(scenario),
        sums=sums,
        pool=_pool(summary["pool"]),
        groups=[_group(summary["groups"][name], name, title, head) for name, title, head in GROUPS],
        bindings=[_binding(entry, place) for place, entry in enumerate(summary["bindings"])],
        chart=_chart(summary),
    )


def signed_wan(change: Decimal) -> str:
    """A difference in 万元 with its sign: +1,200.00, −300.00, 0.00."""
    return f"+{wan(change)}" if change > 0 else wan(change)


def rows_of(result: ScenarioResult) -> list[Row]:
    return [Row(*row) for row in result.rows]


def listed(rows: Iterable[Row], *, sort: str, who: str = "", binding: str = "") -> list[Row]:
    """The rows asked for, in the order asked for; the largest changes first where nothing was asked."""
    if who in WHO:
        rows = filter(WHO[who], rows)
    if binding.isdecimal():
        rows = [row for row in rows if row.binding == int(binding)]
    key = sort.removeprefix("-")
    if key not in SORTS:
        return sorted(rows, key=lambda row: (-abs(row.change), row.number))
    return sorted(rows, key=SORTS[key], reverse=sort.startswith("-"))


def lines(rows: Sequence[Row], projects: dict[int, Any], bindings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One page of rows with what a table names; amounts in 元."""
    return [
        {
            "project": projects.get(row.project),
            "number": row.number,
            "pk": row.project,
            "kind": KINDS[row.mode],
            "eligible": None if row.eligible is None else from_fen(row.eligible),
            "base": from_fen(row.base_total),
            "central": from_fen(row.central),
            "local": from_fen(row.local),
            "total": from_fen(row.total),
            "unfunded": from_fen(row.unfunded),
            "change": signed_wan(from_fen(row.change)),
            "binding": bindings[row.binding],
            "place": row.place,
            "score": row.score,
        }
        for row in rows
    ]


def _counted(pair: Sequence[int]) -> dict[str, Any]:
    count, total = pair
    return {"count": count, "amount": from_fen(total), "words": signed_wan(from_fen(total))}


def _group(entries: Sequence[dict[str, Any]], name: str, title: str, head: str) -> dict[str, Any]:
    rows = [
        {
            "label": _name(name, entry["key"]),
            "projects": entry["projects"],
            "base": from_fen(entry["base_total"]),
            "central": from_fen(entry["central"]),
            "local": from_fen(entry["local"]),
            "total": from_fen(entry["central"] + entry["local"]),
            "unfunded": from_fen(entry["unfunded"]),
            "change": signed_wan(from_fen(entry["central"] + entry["local"] - entry["base_total"])),
            "gain": entry["gain"][0],
            "lose": entry["lose"][0],
        }
        for entry in entries
    ]
    return {"name": name, "title": title, "caption": f"{title}的合计，万元", "head": head, "rows": rows}


def _name(group: str, key: str) -> str:
    if group == "mode":
        return TRACKS[key]
    if group == "major":
        return "没有行业代码" if key == NO_INDUSTRY[:2] else f"{key} {industry_name(key)}"
    return key


def _binding(entry: dict[str, Any], place: int) -> dict[str, Any]:
    return {**entry, "place": place, "total": from_fen(entry["total"])}


def _pool(pool: dict[str, Any]) -> dict[str, Any]:
    money = ("central_pool", "local_pool", "claims", "central", "gap", "local_need", "local", "unfunded")
    held = {name: None if pool[name] is None else from_fen(pool[name]) for name in money}
    share = Decimal(pool["central"]) / pool["claims"] if pool["claims"] else None
    return {**pool, **held, "share": percent(share), "left": _left(held), "ranks": pool["method"] == "RANK"}


def _left(held: dict[str, Decimal | None]) -> Decimal | None:
    pool, central = held["central_pool"], held["central"]
    return None if pool is None or central is None else pool - central


def _chart(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Pairs of bars in 万元: base, then scenario, for each source."""
    labels = dict(SUMS)
    bars = []
    for name in CHARTED:
        for side, words, tone in (("base", "基准", "paid"), ("new", "方案", "due")):
            amount = from_fen(summary[side][name])
            short = labels[name].removesuffix("资金")
            bars.append({"label": f"{short} · {words}", "value": amount, "text": wan(amount), "tone": tone})
    return bars


def step_words(bindings: Sequence[dict[str, Any]], place: str) -> str:
    """The binding step by which the list is narrowed, in words; empty where it is not."""
    if not place.isdecimal() or int(place) >= len(bindings):
        return ""
    return f"由“{bindings[int(place)]['label']}”决定的项目"
