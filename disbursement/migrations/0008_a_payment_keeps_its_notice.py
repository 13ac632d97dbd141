"""A payment keeps its 拨付通知; those made so far are found by the jobs that made them."""

from typing import Any

from django.db import migrations, models


def keep(apps: Any, schema_editor: Any) -> None:
    made = apps.get_model("core", "Job").objects.filter(kind="payment.notice", result_file__isnull=False)
    payments = apps.get_model("disbursement", "Payment").objects
    for key, stored in made.values_list("key", "result_file"):
        payments.filter(pk=int(key)).update(notice=stored)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_grounds_of_draw_round_and_visit"),
        ("disbursement", "0007_reconciliation_and_take_over"),
    ]

    operations = [
        migrations.AddField(
            "payment",
            "notice",
            models.ForeignKey(
                blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="core.storedfile"
            ),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
