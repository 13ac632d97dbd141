"""Writing many rows at once: what bulk_create and bulk_update do, without a model or a CASE for each row on PostgreSQL.

PostgreSQL is given each column as one array; SQLite, which knows none, gets what Django makes of the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.expressions import BaseExpression

ROWS = 2500  # in one statement

# Values of these types go to the database as they are, so long as their field has no ways of its own.
AS_THEY_ARE: dict[Any, type] = {
    models.CharField.get_prep_value: str,
    models.TextField.get_prep_value: str,
    models.IntegerField.get_prep_value: int,
}


@dataclass(frozen=True, slots=True)
class Same:
    """The same value for every row."""

    value: Any


Column = Sequence[Any] | Same


def insert_rows(
    model: type[models.Model],
    columns: Mapping[str, Column],
    *,
    returning: Sequence[str] = (),
    unless_there: bool = False,
) -> list[tuple[Any, ...]]:
    """Add as many rows as the columns are long, by field name; fields not named get their defaults.

    `returning`: fields of the new rows to give back, in no promised order. `unless_there`: leave out, and do not give
    back, what another connection added since the caller looked. No `save` runs, and no signal.
    """
    count = max((len(column) for column in columns.values() if not isinstance(column, Same)), default=0)
    if not count:
        return []
    if connection.vendor != "postgresql":
        return _insert_by_django(model, columns, count, returning)
    given = {model._meta.get_field(name): column for name, column in columns.items()}
    for field in model._meta.concrete_fields:
        if field not in given and field is not model._meta.auto_field:
            given[field] = Same(field.get_default())
    found: list[tuple[Any, ...]] = []
    for start in range(0, count, ROWS):
        found += _insert(model, given, slice(start, start + ROWS), returning, unless_there)
    return found


def _insert(
    model: type[models.Model], given: Mapping[Any, Column], part: slice, returning: Sequence[str], unless_there: bool
) -> list[tuple[Any, ...]]:
    quote = connection.ops.quote_name
    names, values, arrays, same, varying = [], [], [], [], []
    for field, column in given.items():
        names.append(quote(field.column))
        if isinstance(column, Same):
            values.append(f"%s::{_type(field)}")
            same.append(field.get_db_prep_save(column.value, connection))
        else:
            values.append(f"u.{quote(field.column)}")
            arrays.append(field)
            varying.append(_array(field, column[part]))
    unnested = ", ".join(f"%s::{_type(field)}[]" for field in arrays)
    back = ", ".join(quote(model._meta.get_field(name).column) for name in returning)
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) SELECT {', '.join(values)}"  # noqa: S608 - names of our own models
        f" FROM unnest({unnested}) AS u ({', '.join(quote(field.column) for field in arrays)})"
        + (" ON CONFLICT DO NOTHING" if unless_there else "")
        + (f" RETURNING {back}" if back else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*same, *varying])
        return list(cursor.fetchall()) if back else []


def _insert_by_django(
    model: type[models.Model], columns: Mapping[str, Column], count: int, returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    named = {model._meta.get_field(name).attname: column for name, column in columns.items()}
    rows = [
        model(**{name: column.value if isinstance(column, Same) else column[place] for name, column in named.items()})
        for place in range(count)
    ]
    made = model._base_manager.bulk_create(rows, batch_size=200)
    return [tuple(getattr(row, model._meta.get_field(name).attname) for name in returning) for row in made]


def insert_from(model: type[models.Model], rows: models.QuerySet[Any], fields: Mapping[str, Any]) -> None:
    """Add one row for each of `rows`, in the order of their keys, in a single statement; each field from an expression
    over that row.

    What is copied from a column stays as the database has it: an encrypted value is not opened.
    """
    quote = connection.ops.quote_name
    given = {model._meta.get_field(name): value for name, value in fields.items()}
    for field in model._meta.concrete_fields:
        if field not in given and field is not model._meta.auto_field:
            given[field] = field.get_default()
    shown = {
        f"column_{place}": value
        if isinstance(value, (BaseExpression, models.F))
        else models.Value(value, output_field=_plain(field))
        for place, (field, value) in enumerate(given.items())
    }
    sql, params = rows.order_by("pk").annotate(**shown).values_list(*shown).query.sql_with_params()
    names = ", ".join(quote(field.column) for field in given)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({names}) {sql}", params)


def _plain(field: Any) -> Any:
    return field.target_field if field.remote_field else field


def update_rows(rows: Iterable[models.Model], fields: Sequence[str]) -> None:
    """Save the named fields of rows of one model; what QuerySet.bulk_update does, in a fixed number of queries a chunk."""
    given = list(rows)
    if not given or not fields:
        return
    model = type(given[0])
    if connection.vendor != "postgresql":
        model._base_manager.bulk_update(given, fields, batch_size=ROWS // 5)
        return
    attnames = {name: model._meta.get_field(name).attname for name in fields}
    values = {name: [getattr(row, attname) for row in given] for name, attname in attnames.items()}
    update_columns(model, [row.pk for row in given], values)


def update_columns(
    model: type[models.Model], keys: Sequence[Any], columns: Mapping[str, Column], *, add: bool = False
) -> None:
    """Set columns of the rows with these keys, or with `add` raise them by what is given."""
    if connection.vendor != "postgresql":
        _update_by_django(model, keys, columns, add=add)
        return
    for start in range(0, len(keys), ROWS):
        _update(model, keys, columns, slice(start, start + ROWS), add=add)


def _update(
    model: type[models.Model], keys: Sequence[Any], columns: Mapping[str, Column], part: slice, *, add: bool
) -> None:
    quote = connection.ops.quote_name
    key, table = model._meta.pk, quote(model._meta.db_table)
    fields = {model._meta.get_field(name): column for name, column in columns.items()}
    varying = {key: keys} | {field: column for field, column in fields.items() if not isinstance(column, Same)}
    sets, same = [], []
    for field, column in fields.items():
        name = quote(field.column)
        value = f"%s::{_type(field)}" if isinstance(column, Same) else f"given.{name}"
        sets.append(f"{name} = {table}.{name} + {value}" if add else f"{name} = {value}")
        if isinstance(column, Same):
            same.append(field.get_db_prep_save(column.value, connection))
    arrays = [_array(field, column[part]) for field, column in varying.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(sets)}"  # noqa: S608 - names of our own models; every value is a parameter
            f" FROM unnest({', '.join(f'%s::{_type(field)}[]' for field in varying)})"
            f" AS given ({', '.join(quote(field.column) for field in varying)})"
            f" WHERE {table}.{quote(key.column)} = given.{quote(key.column)}",
            [*same, *arrays],
        )


def _update_by_django(
    model: type[models.Model], keys: Sequence[Any], columns: Mapping[str, Column], *, add: bool
) -> None:
    for place, key in enumerate(keys):
        row = {name: column.value if isinstance(column, Same) else column[place] for name, column in columns.items()}
        if add:
            row = {
                name: models.F(name) + models.Value(value, output_field=_plain(model._meta.get_field(name)))
                for name, value in row.items()
            }
        model._base_manager.filter(pk=key).update(**row)


# --- a column as one array -------------------------------------------------------------------------------------------


def _array(field: Any, values: Sequence[Any]) -> Any:
    """The values as the text PostgreSQL reads an array from; of types not known here, the list for the driver.

    An ARRAY[…] of thousands is an expression for each of its values, which takes the database longer than the rows.
    """
    words = _json_texts(field, values) if isinstance(field, models.JSONField) else _stored(field, values)
    kinds = {type(word) for word in words} - {type(None)}
    if kinds == {int}:
        write: Callable[[Any], str] = str
    elif all(issubclass(kind, str) for kind in kinds):
        write = _quoted
    else:
        return list(words)
    return "{" + ",".join(["NULL" if word is None else write(word) for word in words]) + "}"


def _stored(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """What the field would save of each value."""
    target = field.target_field if field.remote_field else field
    as_it_is = AS_THEY_ARE.get(type(target).get_prep_value)
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {as_it_is} or (as_it_is is str and all(issubclass(kind, str) for kind in kinds)):
        return values
    return [field.get_db_prep_save(value, connection) for value in values]


def _json_texts(field: Any, values: Sequence[Any]) -> list[str | None]:
    """The same object is written once."""
    known: dict[int, str | None] = {id(None): None}
    for value in values:
        if id(value) not in known:
            known[id(value)] = json.dumps(value, cls=field.encoder)
    return [known[id(value)] for value in values]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _type(field: Any) -> str:
    """The type of a column; texts without their length, for a cast would cut them and the column refuses them."""
    kind = field.db_type(connection)
    return "text" if kind.startswith("varchar") else kind
