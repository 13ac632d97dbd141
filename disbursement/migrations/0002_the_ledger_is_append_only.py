"""The database refuses to change or delete a journal entry, a posting, a budget line, an approval, a receipt."""

from django.db import migrations

from core.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("disbursement", "0001_initial")]

    operations = [
        protect("disbursement_journalentry"),
        protect("disbursement_posting"),
        protect("disbursement_budgetline"),
        protect("disbursement_approval"),
        protect("disbursement_recoveryreceipt"),
    ]
