"""The bank beside the ledger, months closed; running projects of earlier years taken over."""

import core.money
import django.db.models.deletion
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
        ("disbursement", "0006_special_decisions_ground_a_limit"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="账户")),
                ("from_on", models.DateField(verbose_name="起")),
                ("to_on", models.DateField(verbose_name="止")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="内容指纹")),
                ("imported_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "银行对账单",
                "ordering": ["-imported_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_on__lte", models.F("to_on"))),
                        name="a_statement_begins_before_it_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="行键")),
                ("on", models.DateField(verbose_name="日期")),
                ("outgoing", models.BooleanField(verbose_name="支出")),
                ("amount", core.money.YuanField(verbose_name="金额")),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="回单号")),
                ("counterparty", models.CharField(blank=True, max_length=120, verbose_name="对方户名")),
                ("tail", models.CharField(blank=True, max_length=4, verbose_name="对方账号尾号")),
                ("memo", models.CharField(blank=True, max_length=200, verbose_name="摘要")),
                ("matched_by", models.CharField(blank=True, max_length=40, verbose_name="勾对依据")),
                (
                    "budget_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="disbursement.budgetline",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="disbursement.payment",
                    ),
                ),
                (
                    "recovery_receipt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="disbursement.recoveryreceipt",
                    ),
                ),
                (
                    "spending",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="disbursement.spending",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="disbursement.bankstatement",
                    ),
                ),
            ],
            options={
                "verbose_name": "银行流水",
                "ordering": ["on", "pk"],
                "indexes": [models.Index(fields=["amount", "on"], name="bank_lines_by_amount")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_bank_line_moves_something"),
                    models.UniqueConstraint(
                        condition=models.Q(("payment__isnull", False)),
                        fields=("payment", "outgoing"),
                        name="a_payment_leaves_the_bank_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("spending__isnull", False)),
                        fields=("spending", "outgoing"),
                        name="a_spending_leaves_the_bank_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("budget_line__isnull", False)),
                        fields=("budget_line",),
                        name="a_receipt_reaches_the_bank_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recovery_receipt__isnull", False)),
                        fields=("recovery_receipt",),
                        name="a_recovery_reaches_the_bank_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=400, verbose_name="说明")),
                ("explained_at", models.DateTimeField()),
                (
                    "explained_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanation",
                        to="disbursement.bankline",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_explanation",
                        to="disbursement.payment",
                    ),
                ),
                (
                    "spending",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_explanation",
                        to="disbursement.spending",
                    ),
                ),
            ],
            options={
                "verbose_name": "差异说明",
                "ordering": ["-explained_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line__isnull", False), ("payment", None), ("spending", None)),
                            models.Q(("line", None), ("payment__isnull", False), ("spending", None)),
                            models.Q(("line", None), ("payment", None), ("spending__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_explanation_is_about_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                ("figures", models.JSONField(verbose_name="数额")),
                ("bank_paid", core.money.YuanField(verbose_name="银行已勾对支出")),
                ("bank_open", models.PositiveIntegerField(verbose_name="未说明的差异")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="months", to="disbursement.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "月结单",
                "ordering": ["-month", "pool"],
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "month"), name="one_statement_a_pool_and_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="TakeOverSheet",
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
                            ("imported", "待复核"),
                            ("checked", "市工信局已复核"),
                            ("confirmed", "已接续"),
                            ("discarded", "已作废"),
                        ],
                        default="imported",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("sha256", models.CharField(max_length=64, verbose_name="内容指纹")),
                ("imported_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "接续清单",
                "ordering": ["-imported_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("sha256",),
                        name="a_take_over_sheet_is_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_by", None),
                                models.Q(("checked_by", models.F("imported_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("confirmed_by", None),
                                models.Q(
                                    models.Q(("confirmed_by", models.F("checked_by")), _negated=True),
                                    models.Q(("confirmed_by", models.F("imported_by")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="three_persons_take_over",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="TakeOverRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="行")),
                ("title", models.CharField(max_length=120, verbose_name="项目名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="申报年度")),
                ("track", models.CharField(max_length=12, verbose_name="类别")),
                ("industry", models.CharField(max_length=4, verbose_name="行业")),
                ("chain_leader", models.BooleanField(default=False, verbose_name="链主")),
                ("investment", core.money.YuanField(verbose_name="投资总额")),
                ("land_and_building", core.money.YuanField(verbose_name="土地厂房")),
                ("notice_closed_on", models.DateField(verbose_name="公示结束")),
                ("approval_number", models.CharField(max_length=60, verbose_name="批复文号")),
                ("approved_on", models.DateField(verbose_name="批复日期")),
                ("agreement_number", models.CharField(blank=True, max_length=40, verbose_name="任务书编号")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="签署日期")),
                (
                    "reached",
                    models.CharField(
                        choices=[("agreement", "任务书"), ("disbursement", "分批拨付"), ("acceptance", "验收")],
                        max_length=24,
                        verbose_name="环节",
                    ),
                ),
                ("award", core.money.YuanField(verbose_name="核定支持")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="take_over_row",
                        to="applications.project",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="disbursement.takeoversheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "接续项目",
                "ordering": ["sheet", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "position"), name="take_over_rows_are_counted"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reached", "agreement"),
                            models.Q(("signed_on__isnull", False), models.Q(("agreement_number", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="what_is_paid_is_signed_for",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TakeOverPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="disbursement.takeoverrow",
                    ),
                ),
            ],
            options={
                "verbose_name": "接续资料",
                "ordering": ["row", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OpeningBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("granted", core.money.YuanField(verbose_name="核定")),
                ("paid", core.money.YuanField(verbose_name="已拨")),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening",
                        to="disbursement.awardline",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="disbursement.pool"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="disbursement.takeoverrow",
                    ),
                ),
            ],
            options={
                "verbose_name": "期初余额",
                "ordering": ["row", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("row", "pool"), name="one_opening_a_pool"),
                    models.CheckConstraint(
                        condition=models.Q(("granted__gt", 0), ("paid__gte", 0), ("paid__lte", models.F("granted"))),
                        name="an_opening_paid_no_more_than_granted",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="approval",
            name="proposal",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approval",
                to="disbursement.proposal",
            ),
        ),
        protect_again("disbursement_approval"),
        protect("disbursement_explanation"),
        protect("disbursement_monthstatement"),
    ]
