from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("review", "0008_departments_are_rows")]

    operations = [
        migrations.RemoveField("consultation", "department"),
        migrations.RenameField("consultation", "body", "department"),
        migrations.AlterField(
            "consultation",
            "department",
            models.ForeignKey(on_delete=models.PROTECT, related_name="consultations", to="review.department"),
        ),
        migrations.AddConstraint(
            "consultation",
            models.UniqueConstraint(
                condition=Q(recorded_at__isnull=True), fields=["project", "department"],
                name="a_department_is_asked_once_at_a_time",
            ),
        ),
    ]  # fmt: skip
