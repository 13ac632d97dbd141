"""The lists a call or a filing starts from: materials, rubric, indicators, and the eleven tasks of the 方案."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@lru_cache(maxsize=8)
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one data file of this room."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def default_materials() -> list[dict[str, str]]:
    """code, name, need (of `Need`), hint."""
    return [dict(row) for row in rows("materials.csv")]


def default_rubric() -> list[dict[str, str]]:
    """dimension, name, points, guide; together 100 points."""
    return [dict(row) for row in rows("rubric.csv")]


def indicator_library() -> list[dict[str, str]]:
    """kind (产出 · 效益 · 满意度), name, unit, direction."""
    return [dict(row) for row in rows("indicators.csv")]


def tasks_for(track: str) -> list[tuple[int, str]]:
    """The tasks of the 方案 under 点, 线 or 面, as (number, name)."""
    return [(int(row["number"]), row["name"]) for row in rows("tasks.csv") if row["track"] == track]


def task_name(number: int | None) -> str:
    """The name of a task of the 方案, or an empty string."""
    return next((row["name"] for row in rows("tasks.csv") if row["number"] == str(number)), "")
