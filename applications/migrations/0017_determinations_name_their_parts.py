"""The central part and the sum of a determination become columns, and may not pass its ceiling and its limit."""

from decimal import Decimal
from typing import Any

from django.db import migrations, models

from core.money import YuanField


def fill(apps: Any, schema_editor: Any) -> None:
    determination = apps.get_model("applications", "Determination")
    rows = []
    for row in determination.objects.only("pk", "result").iterator(chunk_size=500):
        said = row.result or {}
        row.central, row.total = (Decimal(said[name]) if said.get(name) else None for name in ("central", "total"))
        rows.append(row)
    determination.objects.bulk_update(rows, ["central", "total"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("applications", "0016_a_call_has_a_grace")]

    operations = [
        migrations.AddField("determination", "central", YuanField("中央部分", null=True)),
        migrations.AddField("determination", "total", YuanField("可支持合计", null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "determination",
            models.CheckConstraint(
                name="a_determination_is_within_ceiling_and_limit",
                condition=models.Q(central__lte=models.F("ceiling"), total__lte=models.F("limit")),
            ),
        ),
    ]
