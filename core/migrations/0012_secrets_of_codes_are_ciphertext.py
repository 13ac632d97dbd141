"""Authenticators of our own, with ciphertext for a secret; those of the library move over, recovery codes become hashes."""

import core.encryption
import core.models.authenticators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORMERLY = "otp_totp_totpdevice"  # the library's table, whose app is no longer installed
COLUMNS = ("user_id", "name", "confirmed", "secret", "drift", "last_step")


def move_over(apps, schema_editor):
    connection = schema_editor.connection
    if FORMERLY in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT user_id, name, confirmed, key, drift, last_t FROM otp_totp_totpdevice")
            rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute("DELETE FROM otp_totp_totpdevice")
        for row in rows:
            apps.get_model("core", "Authenticator").objects.create(**row)
    for code in apps.get_model("otp_static", "StaticToken").objects.filter(device__name="恢复码"):
        code.token = core.encryption.keyed_hash(code.token)[:16]
        code.save(update_fields=["token"])


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0011_hearings_have_their_grounds'),
        ('otp_static', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('secret', core.encryption.EncryptedTextField(default=core.models.authenticators.new_secret, verbose_name='密钥')),
                ('drift', models.SmallIntegerField(default=0, verbose_name='时钟偏差')),
                ('last_step', models.BigIntegerField(default=-1, verbose_name='最近用过的时段')),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '验证器',
                'verbose_name_plural': '验证器',
                'abstract': False,
            },
        ),
        migrations.RunPython(move_over, migrations.RunPython.noop),
    ]
