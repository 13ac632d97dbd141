"""Updating many rows at once: one UPDATE joined with its values on PostgreSQL, where bulk_update builds a CASE a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

ROWS = 1000  # in one statement


def update_rows(rows: Iterable[models.Model], fields: Sequence[str]) -> None:
    """Save the named fields of rows of one model; what QuerySet.bulk_update does, in a fixed number of queries a thousand."""
    given = list(rows)
    if not given or not fields:
        return
    model = type(given[0])
    if connection.vendor != "postgresql":
        model._base_manager.bulk_update(given, fields, batch_size=ROWS // 2)
        return
    columns = [model._meta.get_field(name) for name in fields]
    for start in range(0, len(given), ROWS):
        _update(model, given[start : start + ROWS], columns)


def _update(model: type[models.Model], rows: list[models.Model], fields: list[Any]) -> None:
    quote = connection.ops.quote_name
    key, table = model._meta.pk, quote(model._meta.db_table)
    every = [key, *fields]
    one = ", ".join(f"%s::{field.db_type(connection)}" for field in every)
    names = ", ".join(quote(field.column) for field in every)
    sets = ", ".join(f"{quote(field.column)} = given.{quote(field.column)}" for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in every]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM (VALUES {', '.join([f'({one})'] * len(rows))}) AS given ({names})"  # noqa: S608 - names of our own models; every value is a parameter
            f" WHERE {table}.{quote(key.column)} = given.{quote(key.column)}",
            values,
        )
