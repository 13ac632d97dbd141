import core.encryption
import core.money
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applications", "0003_submissions_are_append_only"),
        ("core", "0003_score_sheets_are_a_ground"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "待委托"),
                            ("assigned", "第三方评估中"),
                            ("reported", "待作结论"),
                            ("passed", "通过"),
                            ("rectifying", "整改后复验"),
                            ("failed", "不通过"),
                        ],
                        default="requested",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="第几次")),
                ("requested_at", models.DateTimeField()),
                ("completed_on", models.DateField(verbose_name="竣工日期")),
                ("summary", models.TextField(verbose_name="竣工说明")),
                ("claimed_investment", core.money.YuanField(verbose_name="申报完成投资")),
                ("progress_text", models.TextField(blank=True, verbose_name="进度及可行性")),
                ("investment_text", models.TextField(blank=True, verbose_name="投资")),
                ("technology_text", models.TextField(blank=True, verbose_name="技术水平")),
                ("domestic_text", models.TextField(blank=True, verbose_name="国产化设备及软件投入")),
                ("effect_text", models.TextField(blank=True, verbose_name="应用成效")),
                ("audited_eligible", core.money.YuanField(blank=True, null=True, verbose_name="审定合格投资")),
                ("opinion", models.CharField(blank=True, max_length=12, verbose_name="第三方意见")),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="core.organisation",
                    ),
                ),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="applications.project",
                    ),
                ),
                (
                    "report_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "验收",
                "ordering": ["project", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "round"), name="acceptances_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audited_eligible__isnull", True), ("audited_eligible__gte", 0), _connector="OR"
                        ),
                        name="an_audited_investment_is_not_negative",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drawn", "待签署"),
                            ("half_signed", "一方已签"),
                            ("in_force", "有效"),
                            ("lapsed", "逾期失效"),
                            ("ended", "已终止"),
                        ],
                        default="drawn",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="任务书编号")),
                ("text", models.JSONField(default=dict, verbose_name="内容")),
                ("sign_by", models.DateField(verbose_name="签署期限")),
                ("drawn_at", models.DateTimeField()),
                ("bureau_signed_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise_signed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bureau_signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enterprise_signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务书",
                "ordering": ["project", "-edition"],
                "constraints": [models.UniqueConstraint(fields=("project", "edition"), name="agreements_are_counted")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "市工信局拟定"),
                            ("checked", "市工信局已复核"),
                            ("reviewed", "市财政局已审核"),
                            ("agreed", "两局已商定"),
                            ("approved", "市政府已批复"),
                            ("cancelled", "已作废"),
                        ],
                        default="drafted",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("drafted_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="applications.call"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "资金方案",
                "ordering": ["-drafted_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_by", None),
                                models.Q(("checked_by", models.F("drafted_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("agreed_by", None),
                                ("reviewed_by", None),
                                models.Q(("agreed_by", models.F("reviewed_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="four_different_persons_settle_a_proposal",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="批复文号")),
                ("on", models.DateField(verbose_name="批复日期")),
                ("recorded_at", models.DateTimeField()),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approval", to="core.ground"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approval", to="disbursement.proposal"
                    ),
                ),
            ],
            options={
                "verbose_name": "市政府批复",
                "ordering": ["-on"],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limit", core.money.YuanField(verbose_name="支持上限")),
                ("ceiling", core.money.YuanField(blank=True, null=True, verbose_name="第六条上限")),
                ("granted", core.money.YuanField(verbose_name="核定额（未扣已获支持）")),
                ("amount", core.money.YuanField(verbose_name="核定支持")),
                ("central", core.money.YuanField(default=0, verbose_name="其中中央资金")),
                ("entitlement", core.money.YuanField(verbose_name="现行应享支持")),
                ("in_payment", core.money.YuanField(default=0, verbose_name="拨付中")),
                ("paid", core.money.YuanField(default=0, verbose_name="已拨")),
                ("returned", core.money.YuanField(default=0, verbose_name="银行退回")),
                ("demanded", core.money.YuanField(default=0, verbose_name="应追回")),
                ("recovered", core.money.YuanField(default=0, verbose_name="已追回")),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="disbursement.approval"
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="award", to="applications.project"
                    ),
                ),
            ],
            options={
                "verbose_name": "核定支持",
                "ordering": ["project"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__lte", models.F("granted")),
                            ("entitlement__gte", 0),
                            ("entitlement__lte", models.F("amount")),
                            ("granted__lte", models.F("limit")),
                        ),
                        name="an_award_is_within_its_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("central", 0),
                            models.Q(("ceiling__isnull", False), ("central__lte", models.F("ceiling"))),
                            _connector="OR",
                        ),
                        name="central_money_is_within_the_ceiling",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "in_payment__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("amount"), "+", models.F("returned")
                                        ),
                                        "+",
                                        models.F("recovered"),
                                    ),
                                    "-",
                                    models.F("paid"),
                                ),
                            )
                        ),
                        name="no_payment_beyond_the_award",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "demanded__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("paid"), "-", models.F("returned")
                                ),
                            ),
                            ("recovered__lte", models.F("demanded")),
                        ),
                        name="recovered_within_demanded_within_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("central", "中央"), ("provincial", "省级"), ("city", "市级"), ("district", "区级")],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("direction", models.CharField(default="技术改造", max_length=40, verbose_name="方向")),
                ("budget", core.money.YuanField(default=0, verbose_name="预算")),
                ("received", core.money.YuanField(default=0, verbose_name="到位")),
                ("committed", core.money.YuanField(default=0, verbose_name="承诺")),
                ("in_payment", core.money.YuanField(default=0, verbose_name="拨付中")),
                ("paid", core.money.YuanField(default=0, verbose_name="已拨")),
                ("returned", core.money.YuanField(default=0, verbose_name="退回")),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools",
                        to="core.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "资金池",
                "ordering": ["-year", "source", "district_id", "direction"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "district", "year", "direction"),
                        name="one_pool_a_source_year_and_direction",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("district__isnull", False), ("source", "district")),
                            models.Q(models.Q(("source", "district"), _negated=True), ("district__isnull", True)),
                            _connector="OR",
                        ),
                        name="only_district_money_names_a_district",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("committed__lte", models.F("budget"))), name="committed_within_the_budget"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "central"), _negated=True),
                            (
                                "paid__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("received"), "+", models.F("returned")
                                    ),
                                    "-",
                                    models.F("in_payment"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="central_money_is_paid_only_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "central"),
                            (
                                "paid__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("budget"), "+", models.F("returned")
                                    ),
                                    "-",
                                    models.F("in_payment"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="local_money_is_paid_within_the_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget__gte", 0),
                            ("committed__gte", 0),
                            ("in_payment__gte", 0),
                            ("paid__gte", 0),
                            ("received__gte", 0),
                            ("returned__gte", 0),
                        ),
                        name="pool_totals_are_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("committed", core.money.YuanField(verbose_name="承诺")),
                ("paid", core.money.YuanField(default=0, verbose_name="已拨")),
                ("returned", core.money.YuanField(default=0, verbose_name="退回或追回")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="disbursement.award"
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="award_lines", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "核定支持来源",
                "ordering": ["award", "pk"],
                "constraints": [models.UniqueConstraint(fields=("award", "pool"), name="one_line_a_pool_in_an_award")],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待拨付"),
                            ("in_payment", "拨付中"),
                            ("paid", "已拨付"),
                            ("cancelled", "不再拨付"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="批次")),
                (
                    "condition",
                    models.CharField(
                        choices=[("signed", "任务书签署"), ("progress", "项目进度"), ("accepted", "验收通过，终核后")],
                        max_length=10,
                        verbose_name="条件",
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(verbose_name="比例（万分之）")),
                ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="条件成就")),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalments",
                        to="disbursement.agreement",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instalments", to="disbursement.award"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.ground",
                    ),
                ),
            ],
            options={
                "verbose_name": "分批款",
                "ordering": ["award", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("award", "position"), name="instalments_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 10000)), name="an_instalment_is_a_part"
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="InstalmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                (
                    "award_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalment_lines",
                        to="disbursement.awardline",
                    ),
                ),
                (
                    "instalment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="disbursement.instalment"
                    ),
                ),
            ],
            options={
                "verbose_name": "分批款来源",
                "ordering": ["instalment", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("instalment", "award_line"), name="one_line_a_pool_in_an_instalment"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="an_instalment_line_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="幂等键")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("memo", models.CharField(max_length=200, verbose_name="摘要")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="journal_entries", to="core.ground"
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="disbursement.journalentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "分录",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PaymentBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "已编制"),
                            ("checked", "市工信局已复核"),
                            ("reviewed", "市财政局已审核"),
                            ("released", "市财政局已放行"),
                            ("sent", "已送银行"),
                            ("completed", "已完成"),
                            ("cancelled", "已作废"),
                        ],
                        default="prepared",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="批次号")),
                ("prepared_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bank_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ground"),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "拨付批次",
                "ordering": ["-prepared_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_by", None),
                                models.Q(("checked_by", models.F("prepared_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("released_by", None),
                                ("reviewed_by", None),
                                models.Q(("released_by", models.F("reviewed_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="maker_and_checker_of_a_batch_differ",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "待拨付"),
                            ("sent", "已送银行"),
                            ("paid", "已到账"),
                            ("failed", "支付失败"),
                            ("returned", "已退票"),
                            ("cancelled", "已取消"),
                        ],
                        default="prepared",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("account_holder", models.CharField(max_length=120, verbose_name="户名")),
                ("account_bank", models.CharField(max_length=120, verbose_name="开户行")),
                ("account_cnaps", models.CharField(max_length=12, verbose_name="联行号")),
                ("account_number", core.encryption.EncryptedTextField(verbose_name="账号")),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="回单号")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="失败或退票原因")),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="企业确认到账")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="applications.bankaccount",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="disbursement.instalmentline",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="applications.project"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="disbursement.paymentbatch",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "拨付",
                "ordering": ["batch", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("prepared", "sent", "paid"))),
                        fields=("line",),
                        name="an_instalment_line_is_paid_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_payment_pays_something"),
                    models.UniqueConstraint(
                        condition=models.Q(("receipt_number", ""), _negated=True),
                        fields=("receipt_number",),
                        name="a_bank_receipt_proves_one_payment",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appropriation", "预算来源"),
                            ("available", "可安排预算"),
                            ("committed", "已承诺未拨"),
                            ("in_payment", "拨付中"),
                            ("paid", "已拨付企业"),
                            ("transfer_in", "资金来款"),
                            ("cash", "资金结存"),
                            ("spent", "资金支出"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="applications.project",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "账户",
                "ordering": ["pool", "kind", "project"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "pool", "project"), name="one_account_of_a_kind", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("budget", "预算下达"), ("receipt", "资金到位")], max_length=8, verbose_name="种类"
                    ),
                ),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("document_number", models.CharField(max_length=60, verbose_name="下达文号")),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "ground",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ground"),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "预算与到位",
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_budget_line_brings_money")
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="disbursement.ledgeraccount",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="disbursement.journalentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "记账",
                "ordering": ["entry", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="a_posting_moves_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limit", core.money.YuanField(verbose_name="支持上限")),
                ("ceiling", core.money.YuanField(blank=True, null=True, verbose_name="第六条上限")),
                ("granted", core.money.YuanField(verbose_name="拟核定额")),
                ("award", core.money.YuanField(verbose_name="拟支持额")),
                ("live", models.BooleanField(default=True)),
                (
                    "determination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.determination"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal_items",
                        to="applications.project",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="disbursement.proposal"
                    ),
                ),
            ],
            options={
                "verbose_name": "方案项目",
                "ordering": ["proposal", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("award__gte", 0),
                            ("award__lte", models.F("granted")),
                            ("granted__gte", 0),
                            ("granted__lte", models.F("limit")),
                        ),
                        name="a_proposed_amount_is_within_its_limit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("live", True)),
                        fields=("project",),
                        name="a_project_stands_in_one_live_proposal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalSplit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits",
                        to="disbursement.proposalitem",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "资金来源",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "pool"), name="one_split_a_pool"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_split_is_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="进入当前环节时间"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "待通知"),
                            ("demanded", "已通知"),
                            ("complete", "已收回"),
                            ("referred", "已移送"),
                        ],
                        default="raised",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("settlement", "终核核减"),
                            ("failed", "验收不通过"),
                            ("terminated", "项目终止"),
                            ("revoked", "弄虚作假取消资格"),
                            ("late_payment", "停拨后到账"),
                        ],
                        max_length=16,
                        verbose_name="原因",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="通知文号")),
                ("demanded", core.money.YuanField(verbose_name="应退")),
                ("recovered", core.money.YuanField(default=0, verbose_name="已退")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("raised_at", models.DateTimeField()),
                ("demanded_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ground",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ground"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "追回",
                "ordering": ["-raised_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("demanded__gt", 0), ("recovered__gte", 0), ("recovered__lte", models.F("demanded"))
                        ),
                        name="no_more_recovered_than_demanded",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="RecoveryLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demanded", core.money.YuanField(verbose_name="应退")),
                ("recovered", core.money.YuanField(default=0, verbose_name="已退")),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disbursement.pool"
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="disbursement.recovery"
                    ),
                ),
            ],
            options={
                "verbose_name": "追回来源",
                "ordering": ["recovery", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("recovery", "pool"), name="one_line_a_pool_in_a_recovery"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("demanded__gt", 0), ("recovered__gte", 0), ("recovered__lte", models.F("demanded"))
                        ),
                        name="a_pool_gets_back_no_more_than_its_part",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("receipt_number", models.CharField(max_length=60, unique=True, verbose_name="回单号")),
                ("on", models.DateField(verbose_name="日期")),
                ("recorded_at", models.DateTimeField()),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ground"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="disbursement.recovery"
                    ),
                ),
            ],
            options={
                "verbose_name": "追回到账",
                "ordering": ["on", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_receipt_brings_money")
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("policy_version", models.CharField(max_length=40)),
                ("policy_digest", models.CharField(max_length=64)),
                ("facts", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("result", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("final", core.money.YuanField(verbose_name="终核额")),
                ("payable", core.money.YuanField(verbose_name="应补拨")),
                ("clawback", core.money.YuanField(verbose_name="应退回")),
                ("made_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acceptance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="disbursement.acceptance",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settlement", to="core.ground"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "终核清算",
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clawback__gte", 0),
                            ("final__gte", 0),
                            ("payable__gte", 0),
                            models.Q(("payable", 0), ("clawback", 0), _connector="OR"),
                        ),
                        name="a_settlement_pays_or_claims_never_both",
                    )
                ],
            },
        ),
    ]
