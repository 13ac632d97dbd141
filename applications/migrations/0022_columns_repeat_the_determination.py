"""PostgreSQL itself refuses a determination whose columns are not those of its result; SQLite is asked by check_invariants."""

from typing import Any

from django.db import migrations

COLUMNS = ("eligible", "ceiling", "limit", "central", "total")
SAID = ", ".join(f"CAST(ROUND(CAST(result ->> '{name}' AS numeric) * 100) AS bigint)" for name in COLUMNS)
KEPT = ", ".join(f'"{name}"' for name in COLUMNS)
ADD = f"""ALTER TABLE applications_determination ADD CONSTRAINT columns_repeat_the_determination
    CHECK (result ->> 'verdict' IS NOT NULL AND ({KEPT}) IS NOT DISTINCT FROM ({SAID}))"""
DROP = "ALTER TABLE applications_determination DROP CONSTRAINT columns_repeat_the_determination"


def on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("applications", "0021_a_blind_copy_is_read")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
