"""A promise asked of the database itself: one statement counts the rows and the breaches, and so sees one instant.

Only where it finds a breach does a second statement fetch the broken rows. The SQL is that of both databases; the few
words in which they differ are translated here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

ROOM = {"work_mem": "'256MB'", "jit": "off"}
# An amount (below 10¹⁵ 分) times one of them is still a bigint.
PRIMES = [number for number in range(6000, 9200) if all(number % divisor for divisor in range(2, 96))]


@dataclass(frozen=True)
class Part:
    """Amounts that count towards keys: `rows` and `where` as in a Question, (key, amount) of each row, both numbers."""

    rows: str
    columns: tuple[tuple[str, str], ...]
    where: str = "1 = 1"

    def sums(self, primes: list[int]) -> str:
        weighted = (" + ".join(f"({amount}) * (({key}) % {prime})" for key, amount in self.columns) for prime in primes)
        sums = ", ".join(f"SUM({terms}) AS sum{place}" for place, terms in enumerate(weighted))
        return f"(SELECT COUNT(*) AS rows, {sums} FROM {self.rows} WHERE {self.where})"


@dataclass(frozen=True)
class Evened:
    """A glance over millions of rows: do the amounts of all parts sum to nothing for every key?

    To group them by key is much work; to sum them is little. So each amount is weighted with the remainder of its key
    by a prime and all are summed: where every key comes to nothing, so does this sum, for any prime. Two primes are
    drawn anew for each look: nobody can prepare errors that cancel in both sums, and two errors that cancel one another
    never do while keys are below the product of the primes (3.6 × 10⁷). Where a sum is left, each key is looked at.

    `index`: a unique index that must be there too; what it forbids, no sum would show.
    """

    parts: tuple[Part, ...]
    index: str = ""

    def answer(self) -> tuple[int, bool]:
        """How many rows the first part has, and whether all sums vanish; one statement."""
        primes = secrets.SystemRandom().sample(PRIMES, 2)
        names = [f"part{place}" for place in range(len(self.parts))]
        left = [" + ".join(f"COALESCE({name}.sum{place}, 0)" for name in names) for place in range(len(primes))]
        tables = [f"{part.sums(primes)} {name}" for part, name in zip(self.parts, names, strict=True)]
        [(rows, *sums)] = _asked(f"SELECT part0.rows, {', '.join(left)} FROM {' CROSS JOIN '.join(tables)}")
        return rows, not any(sums) and self._is_kept_unique()

    def _is_kept_unique(self) -> bool:
        asked = f"SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('{self.index}') AND indisunique AND indisvalid"
        return not self.index or bool(_asked(asked))


@dataclass(frozen=True)
class Question:
    """`rows`: what stands after FROM; `where`: which of them are looked at; `broken`: when one is a breach; `told`: its
    columns, given to `say`, which makes the sentence (or sentences). Amounts are 分, as the database keeps them.
    `evened`: the same promise as sums, where there are millions of rows. `kept_by`: the constraint by which PostgreSQL
    refuses what would break it; while that is there and valid, the rows are counted and not read."""

    rows: str
    broken: str
    told: str
    say: Callable[..., str | Iterator[str]]
    where: str = "1 = 1"
    evened: Evened | None = None
    kept_by: str = ""

    def answer(self) -> tuple[int, int]:
        """How many rows were looked at, and how many are broken."""
        if self._is_kept():
            [(checked,)] = _asked(f"SELECT COUNT(*) FROM {self.rows} WHERE {self.where}")
            return checked, 0
        if self.evened and connection.vendor == "postgresql":  # SQLite sums no more than 64 bits hold
            checked, holds = self.evened.answer()
            if holds:
                return checked, 0
        count = f"COUNT(*), COUNT(CASE WHEN {self.broken} THEN 1 END)"
        [(checked, broken)] = _asked(f"SELECT {count} FROM {self.rows} WHERE {self.where}")
        return checked, broken

    def _is_kept(self) -> bool:
        asked = f"SELECT 1 FROM pg_constraint WHERE conname = '{self.kept_by}' AND contype = 'c' AND convalidated"
        return bool(self.kept_by and connection.vendor == "postgresql" and _asked(asked))

    def faults(self) -> Iterator[str]:
        """One sentence a breach."""
        for row in _asked(f"SELECT {self.told} FROM {self.rows} WHERE ({self.where}) AND ({self.broken})"):
            said = self.say(*row)
            yield from [said] if isinstance(said, str) else said


def fen(text: str) -> str:
    """SQL for the 分 of an amount in 元 kept as text."""
    return f"CAST(ROUND(CAST({text} AS numeric) * 100) AS bigint)"


@contextmanager
def room_to_sort() -> Iterator[None]:
    """Inside, PostgreSQL hashes and sorts in memory, and compiles no statement that runs once."""
    with transaction.atomic():
        _set(ROOM)
        yield
        _set(dict.fromkeys(ROOM, "DEFAULT"))


def _set(settings: dict[str, str]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute(f"SET LOCAL {name} = {value}")


def _asked(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_in_dialect(sql))
        return cursor.fetchall()


def _in_dialect(sql: str) -> str:
    """SQLite before 3.38 has another name for the text at a key."""
    if connection.vendor == "postgresql":
        return sql
    return re.sub(r"([\w.]+) ->> '(\w+)'", r"json_extract(\1, '$.\2')", sql)
