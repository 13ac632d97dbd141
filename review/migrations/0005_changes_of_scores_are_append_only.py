"""What was once written on a score sheet stays written: the database refuses to change or delete a change."""

from django.db import migrations

from core.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("review", "0004_experts_are_drawn_by_lot")]

    operations = [protect("review_scorechange")]
