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


class Protect(migrations.operations.base.Operation):
    """A migration operation: from here on rows of `table` can only be added.

    An operation of its own, and no RunPython: that would draw up every model of the portal, which takes a second each.
    """

    reversible = True

    def __init__(self, table: str, again: bool = False) -> None:
        self.table, self.again = table, again

    def state_forwards(self, app_label: str, state: Any) -> None:
        """A trigger changes nothing that models know of."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.again and is_protected(schema_editor.connection, self.table):
            return
        statements = (_POSTGRES,) if schema_editor.connection.vendor == "postgresql" else _SQLITE
        for statement in statements:
            schema_editor.execute(statement.format(table=self.table), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.again:
            return
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_is_append_only ON {self.table}", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER {self.table}_refuses_update", params=None)
            schema_editor.execute(f"DROP TRIGGER {self.table}_refuses_delete", params=None)

    def describe(self) -> str:
        return f"Refuse to change or delete rows of {self.table}"


def protect(table: str) -> Protect:
    """From here on rows of `table` can only be added."""
    return Protect(table)


def protect_again(table: str) -> Protect:
    """The same after columns were added: SQLite builds a table anew for that, and its triggers are lost."""
    return Protect(table, again=True)


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
