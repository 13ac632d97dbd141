import core.money
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0007_lines_can_be_compared"),
        ("core", "0004_organisations_that_are_no_enterprise"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="名称")),
                ("added_at", models.DateTimeField(verbose_name="添加时间")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="applications.call"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "通知附件",
                "ordering": ["call", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CallRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("least_investment", "最低投资额"),
                            ("filing_window", "备案时间"),
                            ("contract_window", "合同签订时间"),
                            ("invoice_window", "发票开具时间"),
                            ("payment_window", "付款时间"),
                            ("above_scale", "规上工业企业"),
                            ("statistics", "固定资产投资纳统"),
                            ("credit_report", "信用报告查询日期"),
                            ("unfinished", "以前年度项目逾期未验收"),
                            ("other_central", "同一项目已获其他财政资金"),
                            ("second_hand", "二手、办公和自制设备"),
                            ("related_party", "关联交易"),
                            ("payments", "付款与合同、发票相符"),
                            ("accidents", "安全、环保、质量事故"),
                            ("disputes", "法律纠纷与处罚"),
                            ("permits", "环评、用地、节能、安评"),
                            ("obsolete", "淘汰类产能"),
                            ("other", "其他条件"),
                        ],
                        max_length=20,
                        verbose_name="条件",
                    ),
                ),
                (
                    "weight",
                    models.CharField(
                        choices=[("hard", "硬性"), ("hint", "提示"), ("manual", "人工")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("amount", core.money.YuanField(blank=True, null=True, verbose_name="金额（元）")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="起")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="止")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="天数")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="applications.call"
                    ),
                ),
            ],
            options={
                "verbose_name": "申报条件",
                "ordering": ["call", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "other"), _negated=True),
                        fields=("call", "kind"),
                        name="one_condition_of_a_kind_in_a_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_on__isnull", True),
                            ("to_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="a_window_begins_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "other"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_condition_in_words_has_them",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="project",
            name="only_line_and_area_have_a_group",
        ),
        migrations.AddField(
            model_name="call",
            name="blind_review",
            field=models.BooleanField(default=False, verbose_name="匿名评审"),
        ),
        migrations.AddField(
            model_name="call",
            name="direction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("service_providers", "数字化转型服务商培育"),
                    ("diagnosis", "诊断服务"),
                    ("digital_infrastructure", "数字基础设施建设"),
                    ("park_platforms", "园区公共服务平台建设"),
                    ("training", "培训、宣传推广活动"),
                ],
                default="",
                max_length=24,
                verbose_name="地方方向",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="publish_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="定时发布"),
        ),
        migrations.AddField(
            model_name="call",
            name="publish_number",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="发布文号"),
        ),
        migrations.AddField(
            model_name="call",
            name="reason_above",
            field=models.PositiveSmallIntegerField(default=90, verbose_name="总分高于此分须写理由"),
        ),
        migrations.AddField(
            model_name="call",
            name="reason_below",
            field=models.PositiveSmallIntegerField(default=60, verbose_name="总分低于此分须写理由"),
        ),
        migrations.AddField(
            model_name="call",
            name="tasks",
            field=models.JSONField(blank=True, default=list, verbose_name="方案任务"),
        ),
        migrations.AddField(
            model_name="callmaterial",
            name="amount",
            field=core.money.YuanField(blank=True, null=True, verbose_name="投资额（元）"),
        ),
        migrations.AddField(
            model_name="callmaterial",
            name="blind",
            field=models.BooleanField(default=False, verbose_name="匿名稿可见"),
        ),
        migrations.AddField(
            model_name="callmaterial",
            name="confidential",
            field=models.BooleanField(default=False, verbose_name="涉密，不上传"),
        ),
        migrations.AddField(
            model_name="draft",
            name="credit_report_date",
            field=models.DateField(blank=True, null=True, verbose_name="信用报告查询日期"),
        ),
        migrations.AddField(
            model_name="draft",
            name="filing_date",
            field=models.DateField(blank=True, null=True, verbose_name="备案日期"),
        ),
        migrations.AddField(
            model_name="rubricitem",
            name="step",
            field=models.DecimalField(decimal_places=1, default=Decimal("0.5"), max_digits=3, verbose_name="评分间隔"),
        ),
        migrations.AddField(
            model_name="submission",
            name="credit_report_date",
            field=models.DateField(blank=True, null=True, verbose_name="信用报告查询日期"),
        ),
        migrations.AddField(
            model_name="submission",
            name="filing_date",
            field=models.DateField(blank=True, null=True, verbose_name="备案日期"),
        ),
        migrations.AlterField(
            model_name="call",
            name="state",
            field=models.CharField(
                choices=[("draft", "拟稿"), ("scheduled", "待发布"), ("published", "已发布"), ("closed", "已截止")],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="callmaterial",
            name="need",
            field=models.CharField(
                choices=[
                    ("required", "必交"),
                    ("optional", "选交"),
                    ("point_only", "点类必交"),
                    ("line_only", "线类必交"),
                    ("area_only", "面类必交"),
                    ("leader_only", "链主必交"),
                    ("begun_only", "已实施的必交"),
                    ("from_amount", "达到投资额的必交"),
                ],
                default="required",
                max_length=12,
                verbose_name="要求",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="track",
            field=models.CharField(
                choices=[("point", "点"), ("line", "线"), ("area", "面"), ("local", "地方方向")],
                max_length=8,
                verbose_name="类别",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "scheduled"), _negated=True), ("publish_at__isnull", False), _connector="OR"
                ),
                name="a_call_that_waits_knows_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason_above__lte", 100), ("reason_below__lte", models.F("reason_above"))),
                name="the_bounds_of_a_reason_are_points_of_a_hundred",
            ),
        ),
        migrations.AddConstraint(
            model_name="callmaterial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("need", "from_amount"), _negated=True), ("amount__isnull", False), _connector="OR"
                ),
                name="a_material_due_from_an_amount_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="callmaterial",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidential", False), ("blind", False), _connector="OR"),
                name="what_is_never_uploaded_is_in_no_blind_copy",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__isnull", True), ("track__in", ["line", "area"]), _connector="OR"),
                name="only_line_and_area_have_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="rubricitem",
            constraint=models.CheckConstraint(condition=models.Q(("step__gt", 0)), name="an_item_is_scored_in_steps"),
        ),
    ]
