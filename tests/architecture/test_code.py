"""What the code itself promises: views write nothing, money knows no float, every move has its service and its letter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from core import moves

ROOT = Path(settings.BASE_DIR)
ROOMS = ("core", "policy", "applications", "review", "disbursement", "portal")
VIEWS = sorted(path for room in ROOMS for path in (ROOT / room).glob("views/**/*.py"))
MONEY = sorted(
    [ROOT / "core" / "money.py", *(ROOT / "policy").rglob("*.py")]
    + [*(ROOT / "applications" / "services").rglob("*.py"), *(ROOT / "applications" / "facts").rglob("*.py")]
    + [path for path in (ROOT / "disbursement").rglob("*.py") if "migrations" not in path.parts]
)

WRITES = {
    "save", "create", "delete", "update_or_create", "get_or_create", "bulk_create", "bulk_update", "perform",
    "perform_many", "issue", "enqueue",
}  # fmt: skip
# Files that write through an allowed door, and why.
MAY_CALL: dict[str, dict[str, str]] = {
    "portal/views/accounts.py": {"save": "Django's own password form"},
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _is_update_of_rows(call: ast.Call) -> bool:
    """`.update(field=…)` on rows; a dict's update takes a mapping."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "update" and bool(call.keywords)


@pytest.mark.parametrize("path", VIEWS, ids=named)
def test_views_write_nothing(path):
    allowed = MAY_CALL.get(named(path), {})
    wrote = [
        f"line {call.lineno}: .{call.func.attr}()"
        for call in calls(tree_of(path))
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr in WRITES - set(allowed) or _is_update_of_rows(call))
    ]

    assert wrote == []


def floats_in(tree: ast.AST) -> list[str]:
    """Where a float comes into being: written down, made by `float`, or kept in a column."""
    found = [
        f"line {n.lineno}: {n.value}"
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, float)
    ]
    makers = {"float", "FloatField"}
    return found + [
        f"line {c.lineno}: {name}()"
        for c in calls(tree)
        if (name := getattr(c.func, "id", getattr(c.func, "attr", ""))) in makers
    ]


@pytest.mark.parametrize("path", MONEY, ids=named)
def test_money_knows_no_float(path):
    assert floats_in(tree_of(path)) == []


@pytest.mark.parametrize("line", ["rate = 0.5", "paid = float(paid)", "paid = models.FloatField()", "due += 1e2 * n"])
def test_the_search_for_floats_finds_one(line):
    assert len(floats_in(ast.parse(line))) == 1


def services() -> list[Path]:
    """Modules that may perform moves: services of the rooms, and the clocks' exits among them."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return [path for path in found if "services" in path.parts or path.name == "services.py"]


def performed() -> dict[str, list[tuple[str, ast.FunctionDef]]]:
    """Every function of a service, by the words it names: a move is performed by its name."""
    by_word: dict[str, list[tuple[str, ast.FunctionDef]]] = {}
    for path in services():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                for word in {
                    c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)
                }:
                    by_word.setdefault(word, []).append((named(path), node))
    return by_word


MOVES = sorted({(model._meta.label, name) for model in moves.machines() for name in moves.moves_of(model)})
PERFORMED = performed()


@pytest.mark.parametrize(("label", "move"), MOVES)
def test_every_move_is_made_by_a_service_of_its_own(label, move):
    assert PERFORMED.get(move), f"no service performs {move}"


# Moves whose letter is sent by the function around them, or by the paper they ride on.
TOLD_ELSEWHERE = {
    "submit": "services.submissions._file writes to the district and to the enterprise",
    "resubmit": "services.submissions._file writes to the district and to the enterprise",
    "sign": "the 任务书 tells both sides that it is in force",
    "recall": "the enterprise takes its own filing back before anybody opened it",
}


@pytest.mark.parametrize(("label", "move"), [case for case in MOVES if case[0] == "applications.Project"])
def test_every_move_of_a_project_is_told_to_somebody(label, move):
    told = [
        name
        for name, function in PERFORMED.get(move, [])
        if "letter" in ast.unparse(function) or "notices" in ast.unparse(function)
    ]

    assert told or move in TOLD_ELSEWHERE
