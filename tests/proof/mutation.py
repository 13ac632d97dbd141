"""Mutation testing of policy/rules: every small fault put in by hand must be found by tests/policy.

Each mutant is one changed node of the syntax tree, tried in a forked process that reads the mutated module instead of
the file. `script/proof mutation [MODULE ...] [sample=N]`, e.g. `script/proof mutation pools`, or `sample=300` of them all. Ends with
the figure; fails below 90 %.
"""

from __future__ import annotations

import ast
import copy
import io
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "policy" / "rules"
STAGES = [["explanations", "facts"], ["cases", "versions", "invariants"]]  # the quick ones find most
BAR = 90
SECONDS = 60
WORKERS = 2

# Survivors that change nothing anybody can see: the line and the fault, and the reason. They count as survivors.
EXPLAINED: dict[str, str] = {
    "entitlement: left = amount - received if amount > received else ZERO [Gt→GtE]": "equal amounts leave zero either way",
    "entitlement: paid = amount if pool is None or pool >= amount else pool [GtE→Gt]": "equal amounts are the same amount",
    "entitlement: None, None, None, None, None, binding, tuple(trace), \"\", [''→changed]": "the refusal's clause is read of refusals only",
    'facts: major: str = field(init=False, repr=False, compare=False, default="") [False→True]': "repr only",
    'facts: standard_key: str = field(init=False, repr=False, compare=False, default="") [False→True]': "repr only",
    'facts: sheet = SHEETS.get(str(data.get("kind", ""))) [\'\'→changed]': "an unknown kind is refused whatever stands for none",
    'steps: return {"name": "", "rate": "", "cap": ""} [\'\'→changed]': "no wording without a source names them",
    "version: digest = hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).he [False→True]": "another spelling of the same digest",  # noqa: E501 - the line of the rules as it stands
    'wordings: MULTIPLY, "× {rate}（{name}）", "计算基数 {taken} 元", "乘以地方支持方向“{name}”的比例 {rate}，向下取整", "" [\'\'→changed]': "the clause is the direction's own",  # noqa: E501 - the line of the rules as it stands
}

COMPARES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where, what, and the module with it."""

    module: str
    line: int
    what: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.what}"


class _Skeleton(ast.NodeVisitor):
    """The nodes that may be mutated: no annotations, docstrings, decorators, __all__ or messages for programmers."""

    def __init__(self) -> None:
        self.nodes: list[ast.AST] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *(item for item in node.args.kw_defaults if item)]:
            self.visit(default)
        self._body(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._body(node.body)

    def visit_Module(self, node: ast.Module) -> None:
        self._body(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if "__all__" not in named and not _is_alias(node.value):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in ("cast", "TypeError"):
            return
        self.generic_visit(node)

    def _body(self, body: list[ast.stmt]) -> None:
        for number, statement in enumerate(body):
            if isinstance(statement, ast.Import | ast.ImportFrom) or (number == 0 and _is_text(statement)):
                continue
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        self.nodes.append(node)
        super().generic_visit(node)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_alias(value: ast.expr) -> bool:
    """A union of types, which Python evaluates and nobody runs."""
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr)


def faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What could be wrong with a node: words for it, and the node to put in its place."""
    yield from _operator_faults(node)
    yield from _flow_faults(node)
    yield from _constant_faults(node)


def _operator_faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                for other in COMPARES[type(operator)]:
                    changed = [other() if at == place else kept for at, kept in enumerate(operators)]
                    yield f"{type(operator).__name__}→{other.__name__}", _with(node, ops=changed)
        case ast.AugAssign(value=ast.Tuple()):
            return  # a step is written down; there is nothing to subtract
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in OPERATORS:
            other_operator = OPERATORS[type(operator)]
            yield f"{type(operator).__name__}→{other_operator.__name__}", _with(node, op=other_operator())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield "sign dropped", operand


def _flow_faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BoolOp(op=ast.And()):
            yield "and→or", _with(node, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "or→and", _with(node, op=ast.And())
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "condition turned", _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            other_name = {"min": "max", "max": "min"}[name]
            yield f"{name}→{other_name}", _with(node, func=ast.Name(other_name, ast.Load()))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "return→None", ast.Return(ast.Constant(None))


def _constant_faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Constant(value=bool() as value):
            yield f"{value}→{not value}", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield f"{value}→{value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield f"{value!r}→changed", ast.Constant(f"{value}7")


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of one module."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    skeleton = _Skeleton()
    skeleton.visit(tree)
    for node in skeleton.nodes:
        for what, other in faults(node):
            changed = ast.fix_missing_locations(_replaced(tree, node, other))
            yield Mutant(path.stem, getattr(node, "lineno", 0), what, compile(changed, str(path), "exec"))


def _replaced(tree: ast.Module, node: ast.AST, other: ast.AST) -> ast.Module:
    memo: dict[int, object] = {id(node): ast.copy_location(copy.deepcopy(other), node)}
    return copy.deepcopy(tree, memo)


class _Mutated(MetaPathFinder, Loader):
    """Gives the mutated module where the rules would be read from their file."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, origin="mutant") if name == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def is_killed(mutant: Mutant | None) -> bool:
    """Whether the tests fail with this mutant in place, or do not end; in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(_tests(mutant))
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _tests(mutant: Mutant | None) -> int:
    import pytest

    if mutant is not None:
        sys.meta_path.insert(0, _Mutated(f"policy.rules.{mutant.module}", mutant.code))
    plugins = [f"-pno:{name}" for name in ("django", "cacheprovider", "xdist")]
    options = ["-q", "-x", "-c", os.devnull, f"--rootdir={ROOT}", "--noconftest", "--import-mode=importlib"]
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            for names in STAGES:
                files = [str(ROOT / "tests" / "policy" / f"test_{name}.py") for name in names]
                if pytest.main([*options, *plugins, *files]):
                    return 1
    except BaseException:
        return 1
    return 0


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    _warm_up()
    if is_killed(None):
        print("The tests fail without any mutant: mend them first.")
        return 1
    sample = next((int(word.removeprefix("sample=")) for word in arguments if word.startswith("sample=")), 0)
    names = [word for word in arguments if "=" not in word]
    paths = [
        path for path in sorted(RULES.glob("*.py")) if path.stem != "__init__" and (path.stem in names or not names)
    ]
    found = [mutant for path in paths for mutant in mutants(path)]
    tried = sorted(random.Random(1).sample(found, sample), key=str) if 0 < sample < len(found) else found
    print(f"{len(found)} mutants of {len(paths)} modules, {len(tried)} tried", flush=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        survived = sum(pool.map(_survives, tried))
    figure = 100 * (len(tried) - survived) / len(tried)
    print(f"killed {len(tried) - survived} of {len(tried)}: {figure:.1f} % (bar {BAR} %)")
    return 0 if figure >= BAR else 1


def _survives(mutant: Mutant) -> bool:
    if is_killed(mutant):
        return False
    reason = EXPLAINED.get(_name(mutant), "")
    print(f"survived: {_name(mutant)}{' · ' + reason if reason else ''} (line {mutant.line})", flush=True)
    return True


def _name(mutant: Mutant) -> str:
    line = (RULES / f"{mutant.module}.py").read_text("utf-8").splitlines()[mutant.line - 1].strip()
    return f"{mutant.module}: {line[:90]} [{mutant.what}]"


def _warm_up() -> None:
    """Everything but the rules and their tests is imported once, before the forks."""
    import hypothesis
    import pytest  # noqa: F401 - imported for the children

    hypothesis.settings.register_profile("mutants", max_examples=40, derandomize=True, deadline=None, database=None)
    hypothesis.settings.load_profile("mutants")
    import csv  # noqa: F401
    import json  # noqa: F401
    import tomllib  # noqa: F401


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
