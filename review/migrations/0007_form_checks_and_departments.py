import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0015_the_district_clock_stands_still"),
        ("core", "0008_grounds_of_draw_round_and_visit"),
        ("core", "__first__"),
        ("review", "0006_the_district_judges_rules_and_signs_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField(verbose_name="领取时间")),
                ("passed_at", models.DateTimeField(blank=True, null=True, verbose_name="通过时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                (
                    "passed_by",
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
                        related_name="form_checks",
                        to="applications.project",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form_checks",
                        to="applications.submission",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "形式审查",
                "ordering": ["-taken_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("project",),
                        name="one_form_check_in_force_a_project",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed_at__isnull", True), ("passed_by__isnull", True)),
                            models.Q(("passed_at__isnull", False), ("passed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_passed_form_check_says_who_passed_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "point",
                    models.CharField(
                        choices=[
                            ("letter", "区县推荐函、初审意见齐全，签批完整"),
                            ("materials", "材料清单逐项齐全，文件可以打开"),
                            ("consistent", "申报书、备案证明与投资明细相互一致"),
                            ("eligible", "申报主体、行业和类别符合申报通知"),
                            ("in_time", "在申报时间内提交，程序和期限符合通知"),
                            ("honest", "不在失信名单，没有重复申报"),
                        ],
                        max_length=12,
                        verbose_name="要点",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("verified", "核实"), ("questioned", "存疑"), ("not_applicable", "不适用")],
                        max_length=16,
                        verbose_name="结论",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "form_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="review.formcheck"
                    ),
                ),
            ],
            options={
                "verbose_name": "形式审查要点",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("form_check", "point"), name="one_answer_a_point"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "questioned"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_questioned_point_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("finance", "市财政局"),
                            ("ecology", "市生态环境局"),
                            ("emergency", "市应急管理局"),
                            ("statistics", "市统计局"),
                            ("development", "市发展和改革委员会"),
                            ("resources", "市自然资源局"),
                            ("market", "市市场监督管理局"),
                            ("tax", "市税务局"),
                        ],
                        max_length=12,
                        verbose_name="部门",
                    ),
                ),
                ("question", models.CharField(max_length=500, verbose_name="征求意见的事项")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("asked_at", models.DateTimeField(verbose_name="发出时间")),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[("none", "无意见"), ("remarks", "有意见"), ("against", "不同意支持")],
                        max_length=8,
                        verbose_name="意见",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复内容")),
                ("letter_number", models.CharField(blank=True, max_length=60, verbose_name="复函文号")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="登记时间")),
                (
                    "asked_by",
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="applications.project",
                    ),
                ),
                (
                    "recorded_by",
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
                "verbose_name": "联审意见",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["recorded_at", "due_on"], name="departments_by_clock")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("recorded_at__isnull", True)),
                        fields=("project", "department"),
                        name="a_department_is_asked_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_on__isnull", True),
                                ("recorded_at__isnull", True),
                                ("recorded_by__isnull", True),
                                ("stance", ""),
                            ),
                            models.Q(
                                ("answered_on__isnull", False),
                                ("recorded_at__isnull", False),
                                ("recorded_by__isnull", False),
                                models.Q(("stance", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_recorded_answer_is_whole",
                    ),
                ],
            },
        ),
    ]
