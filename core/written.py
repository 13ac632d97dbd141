"""Questions that every page asks: their SQL is written down once a process, and only what differs is put into it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Ask = Callable[..., "QuerySet[Any]"]


def answers(ask: Ask, *given: int | date) -> list[tuple[Any, ...]]:
    """The rows of `ask(*given)`, a `values_list` whose shape depends on nothing but its arguments: keys and days.

    Django takes longer to write such a question down than the database to answer it.
    """
    sql, params = _written(ask, connection.vendor, tuple(type(one) for one in given))
    put = {_as_given(_mark(place, type(one))): _as_given(one) for place, one in enumerate(given)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [put.get(one, one) for one in params])
        return cursor.fetchall()


@cache
def _written(ask: Ask, vendor: str, kinds: tuple[type, ...]) -> tuple[str, tuple[Any, ...]]:
    marked = ask(*(_mark(place, kind) for place, kind in enumerate(kinds)))
    return marked.query.get_compiler(connection=connection).as_sql()


def _mark(place: int, kind: type) -> Any:
    """What stands for an argument while the question is written down: no key and no day of ours."""
    return date(1, 1, 1 + place) if issubclass(kind, date) else -1_000_001 - place


def _as_given(one: Any) -> Any:
    return connection.ops.adapt_datefield_value(one) if isinstance(one, date) else one
