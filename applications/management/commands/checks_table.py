"""Prints docs/checks.md: each rule of the automatic checks, its clause, and the tests that hold it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from applications.checks import RULES
from applications.facts import conditions
from applications.models import RuleKind, RuleWeight

HEAD = """# 自动核对

Made by `python manage.py checks_table > docs/checks.md`. Each rule is one function of
`applications/checks/`; a test says that this table is up to date.

| 规则 | 键 | 依据 | 通过时 | 测试 |
|---|---|---|---|---|
"""


CONDITIONS = """
## 申报条件

The conditions a call may set; the bureau ticks them, gives them their weight and thresholds. Each is one entry of
`applications/facts/conditions.py`; those the portal can judge have a function in `applications/checks/eligibility.py`,
the others are listed for the district.

| 条件 | 键 | 依据 | 内容 | 可选类型 | 测试 |
|---|---|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Print the table rule ↔ clause ↔ test."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table(), ending="")


def table() -> str:
    """The whole document."""
    tests = held_by({rule.key for rule in RULES})
    rows = [
        f"| {rule.label} | `{rule.key}` | {rule.clause} | {rule.good} | {'<br>'.join(tests[rule.key])} |"
        for rule in RULES
    ]
    return HEAD + "\n".join(rows) + "\n" + CONDITIONS + "\n".join(_conditions()) + "\n"


def _conditions() -> list[str]:
    keys = {kind: f"call_{kind}" for kind in RuleKind.values}
    tests, rows = held_by(set(keys.values())), []
    for kind, one in conditions.CATALOGUE.items():
        weights = "、".join(str(RuleWeight(weight).label) for weight in one.weights)
        says = one.says.format(amount="…", window="在规定期间内", days="…", note="（由市工信局填写）")
        held = "<br>".join(tests[keys[kind]])
        rows.append(f"| {RuleKind(kind).label} | `{keys[kind]}` | {one.clause} | {says} | {weights} | {held} |")
    return rows


def held_by(keys: set[str]) -> dict[str, list[str]]:
    """For each rule the tests named after it, or run with its name as a parameter."""
    found: dict[str, list[str]] = {key: [] for key in sorted(keys)}
    for path in sorted(Path(settings.BASE_DIR, "tests", "applications").glob("test_check_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for key in sorted(_rules_of(node, keys)):
                    found[key].append(f"`{path.stem}.{node.name}`")
    return found


def _rules_of(test: ast.FunctionDef, keys: set[str]) -> set[str]:
    words = {node.value for node in ast.walk(test) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {key for key in keys if key in words or test.name.startswith(f"test_{key}_")}
