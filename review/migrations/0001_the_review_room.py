import core.encryption
import django.db.models.deletion
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
            name="DefectList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="补正期限")),
                ("issued_at", models.DateTimeField(verbose_name="告知时间")),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defect_list", to="core.ground"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defect_lists",
                        to="applications.project",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defect_lists",
                        to="applications.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "缺陷清单",
                "ordering": ["-issued_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Expert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fields", models.JSONField(default=list, verbose_name="专业领域")),
                ("is_active", models.BooleanField(default=True, verbose_name="在库")),
                (
                    "employer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="experts_employed",
                        to="core.organisation",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expert", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "专家",
                "ordering": ["user__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("employer", "任职"),
                            ("shareholding", "持股"),
                            ("service", "三年内提供服务"),
                            ("kin", "亲属"),
                            ("supplier", "供应商"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="关系",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("declared_at", models.DateTimeField(verbose_name="申报时间")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="失效")),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="review.expert"
                    ),
                ),
            ],
            options={
                "verbose_name": "利益申报",
                "ordering": ["-declared_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("open", models.BooleanField(default=True, verbose_name="评分开放")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="评分期限")),
                ("assigned_at", models.DateTimeField(verbose_name="指派时间")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="回避时间")),
                ("declined_because", models.CharField(blank=True, max_length=200, verbose_name="回避原因")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="applications.project",
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="review.expert"
                    ),
                ),
            ],
            options={
                "verbose_name": "专家指派",
                "ordering": ["project", "pk"],
                "indexes": [models.Index(fields=["expert", "open"], name="expert_desk")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("declined_at__isnull", True), ("retired_at__isnull", True)),
                        fields=("project", "expert"),
                        name="an_expert_judges_a_project_once_a_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open", False),
                            models.Q(("declined_at__isnull", True), ("retired_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_declined_or_retired_assignment_is_shut",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="material_checks",
                        to="applications.project",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.callmaterial"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="material_checks",
                        to="applications.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "材料核验",
                "ordering": ["requirement__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "requirement"), name="one_check_a_material_of_a_submission"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "questioned"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_questioned_material_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
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
                        choices=[("draft", "拟稿"), ("published", "公示中"), ("closed", "已结束")],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="文号")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("days", models.PositiveSmallIntegerField(verbose_name="公示期（工作日）")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_notices",
                        to="applications.call",
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
                    "ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_notice",
                        to="core.ground",
                    ),
                ),
                (
                    "published_by",
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
                "verbose_name": "公示",
                "ordering": ["-published_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("days__gte", 1)), name="a_notice_runs_at_least_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("ends_on__isnull", False), ("ground__isnull", False), ("published_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_published_notice_has_its_ground_and_its_end",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="NoticeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("number", models.CharField(max_length=24, verbose_name="项目编号")),
                ("enterprise_name", models.CharField(max_length=120, verbose_name="单位")),
                ("project_title", models.CharField(max_length=120, verbose_name="项目")),
                ("track_name", models.CharField(max_length=8, verbose_name="类别")),
                ("district_name", models.CharField(max_length=20, verbose_name="区县")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("shown", "公示中"), ("passed", "公示期满"), ("removed", "已移出")],
                        default="shown",
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="结论时间")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_entries",
                        to="applications.project",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="review.publicnotice"
                    ),
                ),
            ],
            options={
                "verbose_name": "公示项目",
                "ordering": ["notice", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "project"), name="a_project_stands_once_in_a_notice"),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "shown")),
                        fields=("project",),
                        name="a_project_is_shown_in_one_notice_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("outcome", "shown")),
                            models.Q(models.Q(("outcome", "shown"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_outcome_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                        choices=[("received", "核查中"), ("dismissed", "不成立"), ("upheld", "成立")],
                        default="received",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("receipt", models.CharField(max_length=24, unique=True, verbose_name="受理编号")),
                ("name", core.encryption.EncryptedTextField(verbose_name="姓名")),
                ("organisation", core.encryption.EncryptedTextField(blank=True, default="", verbose_name="单位")),
                ("contact", core.encryption.EncryptedTextField(verbose_name="联系方式")),
                ("grounds", models.TextField(verbose_name="事实与理由")),
                ("filed_at", models.DateTimeField(verbose_name="提出时间")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                (
                    "answer_ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objection_answered",
                        to="core.ground",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="review.noticeentry"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objection", to="core.ground"
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objection", to="applications.hold"
                    ),
                ),
            ],
            options={
                "verbose_name": "公示异议",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["state", "due_on"], name="objections_by_clock")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer_ground__isnull", True), ("state", "received")),
                            models.Q(
                                ("answer_ground__isnull", False),
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_objection_has_its_answer",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conclusion",
                    models.CharField(
                        choices=[("recommend", "建议推荐"), ("decline", "建议不予推荐")],
                        max_length=12,
                        verbose_name="结论",
                    ),
                ),
                ("text", models.TextField(verbose_name="初审意见")),
                ("written_at", models.DateTimeField(verbose_name="填写时间")),
                ("countersigned_at", models.DateTimeField(blank=True, null=True, verbose_name="签批时间")),
                (
                    "countersigned_by",
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
                    "ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="core.ground",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="applications.project"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="applications.submission",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "初审意见",
                "ordering": ["-written_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("countersigned_by__isnull", True),
                            models.Q(("countersigned_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="the_person_who_countersigns_an_opinion_did_not_write_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("countersigned_at__isnull", True),
                                ("countersigned_by__isnull", True),
                                ("ground__isnull", True),
                            ),
                            models.Q(
                                ("countersigned_at__isnull", False),
                                ("countersigned_by__isnull", False),
                                ("ground__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_countersigned_opinion_is_a_ground",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ground__isnull", True)),
                        fields=("submission",),
                        name="one_opinion_in_hand_a_submission",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="文号")),
                ("text", models.TextField(verbose_name="评审结论")),
                ("concluded_at", models.DateTimeField(verbose_name="时间")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_reports",
                        to="applications.call",
                    ),
                ),
                (
                    "concluded_by",
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
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review_report", to="core.ground"
                    ),
                ),
            ],
            options={
                "verbose_name": "评审报告",
                "ordering": ["-concluded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("experts", models.PositiveSmallIntegerField(verbose_name="专家人数")),
                ("mean_hundredths", models.PositiveIntegerField(verbose_name="平均分（百分之一分）")),
                ("remark", models.TextField(blank=True, verbose_name="评审意见")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_entries",
                        to="applications.project",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="review.reviewreport"
                    ),
                ),
            ],
            options={
                "verbose_name": "评审报告项目",
                "ordering": ["report", "-mean_hundredths", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "project"), name="a_project_stands_once_in_a_report"),
                    models.CheckConstraint(
                        condition=models.Q(("mean_hundredths__lte", 10000)), name="a_mean_is_at_most_a_hundred"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreSheet",
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
                        choices=[("draft", "评分中"), ("submitted", "已提交")],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("total_half_points", models.PositiveSmallIntegerField(default=0, verbose_name="总分（半分）")),
                ("comment", models.TextField(blank=True, verbose_name="总体意见")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="保存时间")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheet", to="review.assignment"
                    ),
                ),
                (
                    "ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score_sheet",
                        to="core.ground",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分表",
                "ordering": ["assignment"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total_half_points__lte", 200)), name="a_total_is_at_most_a_hundred"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground__isnull", True), ("state", "draft")),
                            models.Q(
                                ("ground__isnull", False), ("state", "submitted"), ("submitted_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_submitted_sheet_has_its_ground",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ItemScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half_points", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="得分（半分）")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="评分理由")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.rubricitem"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="review.scoresheet"
                    ),
                ),
            ],
            options={
                "verbose_name": "单项得分",
                "ordering": ["item__position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("sheet", "item"), name="one_score_an_item")],
            },
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("about", models.CharField(max_length=120, verbose_name="所指")),
                ("what", models.CharField(max_length=500, verbose_name="问题")),
                ("todo", models.CharField(max_length=500, verbose_name="怎么改")),
                (
                    "defect_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="review.defectlist"
                    ),
                ),
            ],
            options={
                "verbose_name": "缺陷",
                "ordering": ["defect_list", "number"],
                "constraints": [models.UniqueConstraint(fields=("defect_list", "number"), name="defects_are_numbered")],
            },
        ),
    ]
