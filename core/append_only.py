"""Triggers that make the database itself refuse to change or delete rows, on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_POSTGRES = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only table %: % refused', TG_TABLE_NAME, TG_OP; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
_SQLITE = (
    "CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'append-only table {table}: UPDATE refused'); END",
    "CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'append-only table {table}: DELETE refused'); END",
)


def protect(table: str) -> migrations.RunPython:
    """A migration operation: from here on rows of `table` can only be added."""

    def add(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES.format(table=table), params=None)
        else:
            for statement in _SQLITE:
                schema_editor.execute(statement.format(table=table), params=None)

    def remove(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_is_append_only ON {table}", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_update", params=None)
            schema_editor.execute(f"DROP TRIGGER {table}_refuses_delete", params=None)

    return migrations.RunPython(add, remove)


def protect_again(table: str) -> migrations.RunPython:
    """The same after columns were added: SQLite builds a table anew for that, and its triggers are lost."""

    def add(apps: Any, schema_editor: Any) -> None:
        if not is_protected(schema_editor.connection, table):
            protect(table).code(apps, schema_editor)

    return migrations.RunPython(add, migrations.RunPython.noop)


def trigger_names(connection: Any) -> set[str]:
    """The names of all triggers present, for `check_invariants`."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def is_protected(connection: Any, table: str) -> bool:
    """True when both changing and deleting a row of `table` are refused by the database."""
    present = trigger_names(connection)
    if connection.vendor == "postgresql":
        return f"{table}_is_append_only" in present
    return {f"{table}_refuses_update", f"{table}_refuses_delete"} <= present
