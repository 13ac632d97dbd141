"""Two to four scenarios side by side: one row a figure, one column a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.money import wan
from portal.sandbox.figures import Shown, shown
from portal.sandbox.models import Scenario


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of every scenario, as words."""

    label: str
    cells: list[str]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The comparison as a page shows it."""

    columns: list[Shown]
    blocks: list[tuple[str, list[Line]]]
    chart: list[dict[str, Any]]

    @property
    def width(self) -> int:
        """Columns of the table, the names of its rows included."""
        return len(self.columns) + 1


def side_by_side(scenarios: Sequence[Scenario]) -> Table:
    """The results as they are kept; nothing is worked out again."""
    columns = [shown(one, one.result) for one in scenarios]
    blocks = [
        ("项目", _projects(columns)),
        ("资金（万元）", _money(columns)),
        ("资金池", _pools(columns)),
        ("按方向，可安排（万元）", _groups(columns, 0)),
        ("按区县，可安排（万元）", _groups(columns, 1)),
    ]
    return Table(columns, blocks, _chart(columns))


def _line(label: str, columns: Sequence[Shown], words: Any) -> Line:
    return Line(label, [words(one) for one in columns])


def _projects(columns: Sequence[Shown]) -> list[Line]:
    return [
        _line("项目数", columns, lambda one: str(one.result.projects)),
        _line("增加的项目", columns, lambda one: str(one.gain["count"])),
        _line("减少的项目", columns, lambda one: str(one.lose["count"])),
    ]


def _money(columns: Sequence[Shown]) -> list[Line]:
    sums = [
        Line(first.label, [wan(one.sums[place].new) for one in columns]) for place, first in enumerate(columns[0].sums)
    ]
    return [
        *sums,
        _line("与基准相比", columns, lambda one: one.total.change_words),
        _line("其中增加", columns, lambda one: one.gain["words"]),
        _line("其中减少", columns, lambda one: one.lose["words"]),
    ]


def _pools(columns: Sequence[Shown]) -> list[Line]:
    return [
        _line("中央资金池（万元）", columns, lambda one: _limit(one.pool["central_pool"])),
        _line("中央口径共需（万元）", columns, lambda one: wan(one.pool["claims"])),
        _line("中央满足的比例", columns, lambda one: one.pool["share"]),
        _line("须由地方补足（万元）", columns, lambda one: wan(one.pool["gap"])),
        _line("中央资金用到", columns, _end),
    ]


def _limit(pool: Any) -> str:
    return "不限" if pool is None else wan(pool)


def _end(one: Shown) -> str:
    end = one.pool["ends_at"]
    if end:
        return f"第 {end['place']} 名"
    return "按比例分配" if one.pool["gap"] else "够用"


def _groups(columns: Sequence[Shown], place: int) -> list[Line]:
    held = [{row["label"]: row["total"] for row in one.groups[place]["rows"]} for one in columns]
    labels = dict.fromkeys(label for groups in held for label in groups)
    return [Line(label, [wan(groups[label]) if label in groups else "—" for groups in held]) for label in labels]


def _chart(columns: Sequence[Shown]) -> list[dict[str, Any]]:
    bars = []
    for number, one in enumerate(columns, start=1):
        for label, tone in (("中央资金", "paid"), ("地方资金", "due"), ("待安排", "now")):
            amount = one.of(label).new
            bars.append(
                {
                    "label": f"{number} · {label.removesuffix('资金')}",
                    "value": amount,
                    "text": wan(amount),
                    "tone": tone,
                }
            )
    return bars
