"""Budget is entered and confirmed, pools pay for more than projects, 待安排 gets its money, results are published."""

import core.money
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models

from core.append_only import protect, protect_again


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0007_lines_can_be_compared"),
        ("core", "0003_score_sheets_are_a_ground"),
        ("core", "__first__"),
        ("disbursement", "0004_unique_on_both_databases"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetEntry",
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
                        choices=[("entered", "待复核"), ("confirmed", "已入账"), ("refused", "已退回")],
                        default="entered",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("budget", "预算下达"),
                            ("supplement", "追加预算"),
                            ("reduction", "调减预算"),
                            ("receipt", "资金到位"),
                        ],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("document_number", models.CharField(max_length=60, verbose_name="下达文号")),
                ("on", models.DateField(verbose_name="日期")),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="disbursement.budgetline",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "预算登记",
                "ordering": ["-entered_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_budget_entry_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_persons_book_a_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None), ("line", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("line__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_confirmed_budget_has_its_line",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ResultNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("published_at", models.DateTimeField(verbose_name="公布时间")),
                (
                    "approval",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="result_notice",
                        to="disbursement.approval",
                    ),
                ),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="result_notice", to="core.ground"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "支持项目名单",
                "ordering": ["-published_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PublishedResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("project_title", models.CharField(max_length=120, verbose_name="项目名称")),
                ("enterprise_name", models.CharField(max_length=120, verbose_name="企业名称")),
                ("district_name", models.CharField(max_length=20, verbose_name="区县")),
                ("track", models.CharField(max_length=12, verbose_name="类别")),
                ("amount", core.money.YuanField(verbose_name="核定支持")),
                ("central", core.money.YuanField(verbose_name="中央资金已安排")),
                ("local", core.money.YuanField(verbose_name="地方资金已安排")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_results",
                        to="applications.project",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="disbursement.resultnotice",
                    ),
                ),
            ],
            options={
                "verbose_name": "支持项目",
                "ordering": ["notice", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "project"), name="a_project_is_published_once_in_a_list"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("central"), "+", models.F("local")
                                ),
                            )
                        ),
                        name="published_money_is_within_the_award",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Spending",
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
                            ("entered", "待复核"),
                            ("committed", "已列支，待支付"),
                            ("paid", "已支付"),
                            ("returned", "已退回资金池"),
                            ("cancelled", "已撤销"),
                        ],
                        default="entered",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training", "培训"),
                            ("promotion", "宣传推广"),
                            ("review", "评审"),
                            ("other", "其他公共支出"),
                        ],
                        max_length=12,
                        verbose_name="用途",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="事项")),
                ("payee", models.CharField(max_length=120, verbose_name="收款单位")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("document_number", models.CharField(max_length=60, verbose_name="合同或审批文号")),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="银行回单号")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spendings", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "非项目支出",
                "ordering": ["-entered_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_spending_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("paid_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="two_persons_book_a_spending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_at", None),
                            models.Q(("confirmed_at__isnull", False), ("paid_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_confirmed_spending_is_paid",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Supplement",
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
                            ("agreed", "两局已商定，资金已落实"),
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
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
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
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplements",
                        to="disbursement.approval",
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
                "verbose_name": "补充安排",
                "ordering": ["-drafted_at", "-pk"],
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
                        name="four_different_persons_settle_a_supplement",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="SupplementItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplement_items",
                        to="disbursement.award",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disbursement.pool"
                    ),
                ),
                (
                    "supplement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="disbursement.supplement"
                    ),
                ),
            ],
            options={
                "verbose_name": "补充安排明细",
                "ordering": ["supplement", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplement", "award", "pool"), name="one_supplement_item_a_pool"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_supplement_is_positive"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="budgetline",
            name="a_budget_line_brings_money",
        ),
        migrations.AlterField(
            model_name="budgetline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("budget", "预算下达"),
                    ("supplement", "追加预算"),
                    ("reduction", "调减预算"),
                    ("receipt", "资金到位"),
                ],
                max_length=12,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lt", 0), ("kind", "reduction")),
                    models.Q(models.Q(("kind", "reduction"), _negated=True), ("amount__gt", 0)),
                    _connector="OR",
                ),
                name="only_a_reduction_takes_budget_away",
            ),
        ),
        protect_again("disbursement_budgetline"),
        protect("disbursement_resultnotice"),
        protect("disbursement_publishedresult"),
    ]
