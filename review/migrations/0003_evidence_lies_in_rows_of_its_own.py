from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0002_panels_sit_and_objections_are_investigated'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='objection',
            name='evidence',
        ),
    ]
