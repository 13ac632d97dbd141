"""From here on the database refuses to change or delete what the audit trail and the grounds say."""

from django.db import migrations

from core.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [protect("core_auditevent"), protect("core_auditcheckpoint"), protect("core_ground")]
