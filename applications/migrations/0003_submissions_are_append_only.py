"""What was submitted stays readable as it was: the database refuses to change or delete it."""

from django.db import migrations

from core.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_initial")]

    operations = [
        protect("applications_submission"),
        protect("applications_submissionline"),
        protect("applications_submissionmaterial"),
        protect("applications_projectground"),
    ]
