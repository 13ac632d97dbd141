"""The head of each audit chain keeps the state its last move led to, filled in from the events that are there."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    to = "facts ->> 'to'" if schema_editor.connection.vendor == "postgresql" else "json_extract(facts, '$.to')"
    last = "FROM core_auditevent event WHERE event.stream = core_auditstream.name AND NOT event.refused"
    found = f"SELECT {to} {last} AND {to} IS NOT NULL ORDER BY event.sequence DESC LIMIT 1"
    schema_editor.execute(f"UPDATE core_auditstream SET state = COALESCE(({found}), '')")  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("core", "0008_grounds_of_draw_round_and_visit")]

    operations = [
        migrations.AddField("auditstream", "state", models.CharField(default="", max_length=40)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
