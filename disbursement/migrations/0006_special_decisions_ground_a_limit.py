"""一事一议: a decision document gives a project its limit."""

import core.money
import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0007_lines_can_be_compared'),
        ('core', '0003_score_sheets_are_a_ground'),
        ('disbursement', '0005_pools_spend_and_allocate_later'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SpecialDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='进入当前环节时间')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版次')),
                ('state', models.CharField(choices=[('entered', '待复核'), ('confirmed', '已入账'), ('refused', '已退回')], default='entered', max_length=12, verbose_name='状态')),
                ('amount', core.money.YuanField(verbose_name='决定支持额')),
                ('number', models.CharField(max_length=60, verbose_name='决定文号')),
                ('on', models.DateField(verbose_name='决定日期')),
                ('entered_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='退回原因')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('determination', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='special_decision', to='applications.determination')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='special_decisions', to='applications.project')),
            ],
            options={
                'verbose_name': '一事一议决定',
                'ordering': ['-entered_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_special_decision_grants_something'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='two_persons_record_a_special_decision'), models.UniqueConstraint(condition=models.Q(('state', 'entered')), fields=('project',), name='one_special_decision_waits_a_project')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
    ]
