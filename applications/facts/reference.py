"""The lists a call or a filing starts from: materials, rubric, indicators, and the eleven tasks of the 方案."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


@lru_cache(maxsize=16)
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one data file of this room."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def default_materials(direction: str = "") -> list[dict[str, str]]:
    """code, name, need (of `Need`), hint; of a 改造项目, or of a local direction."""
    return [dict(row) for row in rows(_of("materials", direction))]


def default_rubric(direction: str = "") -> list[dict[str, Any]]:
    """dimension, name, points, guide, step where it is not the usual half; together 100 points."""
    return [{**row, "points": int(row["points"])} for row in rows(_of("rubric", direction))]


def default_conditions(direction: str = "") -> tuple[dict[str, str], ...]:
    """kind, weight (of `RuleKind`, `RuleWeight`) and thresholds as text."""
    return rows(_of("conditions", direction))


def _of(name: str, direction: str) -> str:
    return f"{name}-local.csv" if direction else f"{name}.csv"


def indicator_library() -> list[dict[str, str]]:
    """kind (产出 · 效益 · 满意度), name, unit, direction."""
    return [dict(row) for row in rows("indicators.csv")]


def tasks_for(track: str) -> list[tuple[int, str]]:
    """The tasks of the 方案 under 点, 线 or 面, as (number, name)."""
    return [(int(row["number"]), row["name"]) for row in rows("tasks.csv") if row["track"] == track]


def task_name(number: int | None) -> str:
    """The name of a task of the 方案, or an empty string."""
    return next((row["name"] for row in rows("tasks.csv") if row["number"] == str(number)), "")
