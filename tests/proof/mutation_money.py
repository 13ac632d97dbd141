"""Mutation testing of money and ledger: every small fault put in by hand must be found by the tests of the money room.

As `mutation` does it for the rules, but with a database: each mutant's functions are put in place of the module's own in a forked
process. `script/proof mutation_money [MODULE ...] [sample=N]`, e.g. `script/proof mutation_money ledger`. Ends with the figure;
fails below the bar.
"""

from __future__ import annotations

import importlib
import io
import os
import random
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import FunctionType

from tests.proof.mutation import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
BAR = 90
SECONDS = 300
MONEY_ROOM = ("tests/disbursement/test_batches.py", "tests/disbursement/test_results.py")
# The modules, and the tests that must find their faults, the quick ones first.
TESTS: dict[str, tuple[str, ...]] = {
    "core.money": ("tests/core/test_money.py",),
    "disbursement.ledger": ("tests/disbursement/test_funds.py", *MONEY_ROOM),
    "disbursement.funds": (
        "tests/disbursement/test_funds.py",
        *MONEY_ROOM,
        "tests/disbursement/test_pools.py",
        "tests/disbursement/test_settlement.py",
    ),
}

# Survivors that change nothing anybody can see: the line and the fault, and the reason. They count as survivors.
EXPLAINED: dict[str, str] = {
    "money: Yuan: TypeAlias = \"Decimal | int | str\" ['Decimal | int | str'→changed]": "a name for readers and mypy only",
    "money: DIGITS = \"零壹贰叁肆伍陆柒捌玖\" ['零壹贰叁肆伍陆柒捌玖'→changed]": "an eleventh digit is never asked for",
}


def put_in_place(module: str, mutant: Mutant) -> None:
    """Give the functions of a loaded module the mutated code, whoever imported them already; its values follow."""
    loaded = importlib.import_module(module)
    mutated: dict[str, object] = {"__name__": module}
    exec(mutant.code, mutated)
    for name, value in mutated.items():
        own = vars(loaded).get(name)
        if isinstance(value, FunctionType) and isinstance(own, FunctionType):
            _swap(own, value)
        elif isinstance(value, type) and isinstance(own, type) and value.__module__ == module:
            for part, method in vars(value).items():
                if isinstance(method, FunctionType) and isinstance(vars(own).get(part), FunctionType):
                    _swap(vars(own)[part], method)
        elif not name.startswith("__"):
            setattr(loaded, name, value)


def _swap(own: FunctionType, mutated: FunctionType) -> None:
    if own.__code__.co_freevars == mutated.__code__.co_freevars:
        own.__code__ = mutated.__code__
        own.__defaults__, own.__kwdefaults__ = mutated.__defaults__, mutated.__kwdefaults__


def is_killed(module: str, mutant: Mutant | None) -> bool:
    """Whether the tests fail with this mutant in place, or do not end; in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(_tests(module, mutant))
    deadline = time.monotonic() + SECONDS if mutant else float("inf")  # the first run makes the database
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _tests(module: str, mutant: Mutant | None) -> int:
    import pytest

    try:
        if mutant is not None:
            put_in_place(module, mutant)
            _keep_the_database()
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(said):
            failed = pytest.main(["-q", "-x", "-n0", "--reuse-db", "-p", "no:cacheprovider", *TESTS[module]])
        if failed and mutant is None:
            print(said.getvalue()[-2000:])
    except BaseException:
        return 1
    return int(failed)


def _keep_the_database() -> None:
    """The first run made it; to look through its migrations again costs more than the tests."""
    from django.db.backends.base.creation import BaseDatabaseCreation

    def present(self: BaseDatabaseCreation, *_: object, **__: object) -> str:
        name = self._get_test_db_name()
        self.connection.close()
        self.connection.settings_dict["NAME"] = name
        return name

    BaseDatabaseCreation.create_test_db = present  # type: ignore[method-assign]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    importlib.import_module("tests.factories.disbursement")  # once, before the forks
    sample = next((int(word.removeprefix("sample=")) for word in arguments if word.startswith("sample=")), 0)
    names = [word for word in arguments if "=" not in word]
    if unknown := set(names) - {module.rpartition(".")[2] for module in TESTS}:
        print(
            f"no such module: {', '.join(sorted(unknown))}; there are {', '.join(one.rpartition('.')[2] for one in TESTS)}"
        )
        return 2
    chosen = [module for module in TESTS if module.rpartition(".")[2] in names or not names]
    if any(is_killed(module, None) for module in chosen):
        print("The tests fail without any mutant: mend them first.")
        return 1
    found = [(module, one) for module in chosen for one in mutants(ROOT / f"{module.replace('.', '/')}.py")]
    tried = random.Random(1).sample(found, sample) if 0 < sample < len(found) else found
    print(f"{len(found)} mutants of {len(chosen)} modules, {len(tried)} tried", flush=True)
    survived = [_name(*one) for one in tried if _survives(*one)]
    figure = 100 * (len(tried) - len(survived)) / len(tried)
    print(f"killed {len(tried) - len(survived)} of {len(tried)}: {figure:.1f} % (bar {BAR} %)")
    return 0 if figure >= BAR else 1


def _survives(module: str, mutant: Mutant) -> bool:
    if is_killed(module, mutant):
        return False
    reason = EXPLAINED.get(_name(module, mutant), "")
    print(f"survived: {_name(module, mutant)}{' · ' + reason if reason else ''} (line {mutant.line})", flush=True)
    return True


def _name(module: str, mutant: Mutant) -> str:
    line = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8").splitlines()[mutant.line - 1].strip()
    return f"{mutant.module}: {line[:90]} [{mutant.what}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
