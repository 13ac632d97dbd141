import core.encryption
import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_a_sealed_filing_is_tied_to_its_version"),
        ("core", "0008_grounds_of_draw_round_and_visit"),
        ("core", "__first__"),
        ("review", "0003_evidence_lies_in_rows_of_its_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
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
                        choices=[("committed", "名单已锁定"), ("drawn", "已抽取"), ("cancelled", "已作废")],
                        default="committed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="编号")),
                ("candidates", models.TextField(verbose_name="候选名单与规则")),
                ("commitment", models.CharField(max_length=64, verbose_name="名单指纹")),
                ("seed", models.CharField(blank=True, max_length=64, verbose_name="种子")),
                ("selection", models.TextField(blank=True, verbose_name="抽取结果")),
                ("answer_days", models.PositiveSmallIntegerField(default=2, verbose_name="答复期限（工作日）")),
                ("committed_at", models.DateTimeField(verbose_name="锁定时间")),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽取时间")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="applications.call"
                    ),
                ),
                (
                    "committed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "drawn_ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draw",
                        to="core.ground",
                    ),
                ),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draw_committed", to="core.ground"
                    ),
                ),
            ],
            options={
                "verbose_name": "专家抽取",
                "ordering": ["-committed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("drawn_at__isnull", False),
                                ("drawn_ground__isnull", False),
                                ("state", "drawn"),
                                models.Q(("seed", ""), _negated=True),
                                models.Q(("selection", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "drawn"), _negated=True),
                                ("drawn_ground__isnull", True),
                                ("selection", ""),
                            ),
                            _connector="OR",
                        ),
                        name="a_finished_draw_has_its_seed_and_its_record",
                    )
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="DrawEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted", models.PositiveSmallIntegerField(verbose_name="应抽人数")),
                ("eligible", models.PositiveIntegerField(verbose_name="可抽人数")),
                ("exclusions", models.JSONField(default=list, verbose_name="回避")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="review.draw"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draw_entries",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽取项目",
                "ordering": ["draw", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "project"), name="a_project_stands_once_in_a_draw"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wanted__gt", 0),
                            (
                                "wanted__in",
                                [
                                    1,
                                    3,
                                    5,
                                    7,
                                    9,
                                    11,
                                    13,
                                    15,
                                    17,
                                    19,
                                    21,
                                    23,
                                    25,
                                    27,
                                    29,
                                    31,
                                    33,
                                    35,
                                    37,
                                    39,
                                    41,
                                    43,
                                    45,
                                    47,
                                    49,
                                    51,
                                    53,
                                    55,
                                    57,
                                    59,
                                    61,
                                    63,
                                    65,
                                    67,
                                    69,
                                    71,
                                    73,
                                    75,
                                    77,
                                    79,
                                    81,
                                    83,
                                    85,
                                    87,
                                    89,
                                    91,
                                    93,
                                    95,
                                    97,
                                    99,
                                ],
                            ),
                        ),
                        name="an_odd_number_is_drawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slot",
                    models.CharField(
                        choices=[("first", "经办人的号码"), ("second", "负责人或监督的号码")],
                        max_length=8,
                        verbose_name="席位",
                    ),
                ),
                ("number", core.encryption.EncryptedTextField(verbose_name="号码")),
                ("salt", models.CharField(max_length=32, verbose_name="盐")),
                ("sealed", models.CharField(max_length=64, verbose_name="封存指纹")),
                ("entered_at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="review.draw"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "抽取号码",
                "ordering": ["draw", "slot"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "slot"), name="one_number_a_seat"),
                    models.UniqueConstraint(fields=("draw", "person"), name="two_different_persons_give_the_numbers"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnterpriseRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("parent", "控股"), ("common_control", "同一控制人"), ("shares", "参股")],
                        max_length=16,
                        verbose_name="关系",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("from_on", models.DateField(verbose_name="起")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="止")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations_from",
                        to="core.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="relations_to", to="core.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "企业关系",
                "ordering": ["one__name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("one", models.F("other")), _negated=True), name="a_relation_has_two_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_on", None), ("to_on__gte", models.F("from_on")), _connector="OR"),
                        name="a_relation_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterestDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declared_at", models.DateTimeField(verbose_name="声明时间")),
                ("valid_to", models.DateField(verbose_name="有效期至")),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="review.expert"
                    ),
                ),
            ],
            options={
                "verbose_name": "利益关系声明",
                "ordering": ["-declared_at", "-pk"],
                "indexes": [models.Index(fields=["expert", "valid_to"], name="declarations_in_force")],
            },
        ),
        migrations.CreateModel(
            name="ScoreChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half_points", models.PositiveSmallIntegerField(null=True, verbose_name="得分（半分）")),
                ("comment", models.TextField(blank=True, verbose_name="理由")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.rubricitem",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="review.scoresheet"
                    ),
                ),
            ],
            options={
                "verbose_name": "评分修改记录",
                "ordering": ["sheet", "at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ScoreResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                ("asked", models.PositiveSmallIntegerField(default=0, verbose_name="专家人数")),
                ("handed_in", models.PositiveSmallIntegerField(default=0, verbose_name="已交")),
                ("mean_hundredths", models.PositiveIntegerField(null=True, verbose_name="平均分（百分之一分）")),
                ("spread_half_points", models.PositiveSmallIntegerField(null=True, verbose_name="极差（半分）")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score_results",
                        to="applications.call",
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score_result",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分结果",
                "ordering": ["project"],
                "indexes": [models.Index(fields=["call", "-mean_hundredths", "project"], name="ranking_of_a_call")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mean_hundredths__isnull", True), ("spread_half_points__isnull", True)),
                            models.Q(
                                ("handed_in", models.F("asked")),
                                ("mean_hundredths__isnull", False),
                                ("spread_half_points__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_mean_stands_only_when_all_are_in",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("reason", models.TextField(verbose_name="复评理由")),
                ("mean_hundredths", models.PositiveIntegerField(verbose_name="上一轮平均分（百分之一分）")),
                ("spread_half_points", models.PositiveSmallIntegerField(verbose_name="上一轮极差（半分）")),
                ("opened_at", models.DateTimeField(verbose_name="时间")),
                (
                    "ground",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="second_round", to="core.ground"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_rounds",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "复评",
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="rounds_of_a_project_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 2), models.Q(("reason", ""), _negated=True)),
                        name="a_second_round_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned_on", models.DateField(verbose_name="核查日期")),
                ("place", models.CharField(max_length=200, verbose_name="地点")),
                ("purpose", models.TextField(verbose_name="核查内容")),
                ("planned_at", models.DateTimeField(verbose_name="安排时间")),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="实际核查日期")),
                ("findings", models.TextField(blank=True, verbose_name="核查情况")),
                ("blind_findings", models.TextField(blank=True, verbose_name="匿名核查情况")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="填报时间")),
                (
                    "ground",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_visit",
                        to="core.ground",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_visits",
                        to="applications.project",
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
            ],
            options={
                "verbose_name": "现场核查",
                "ordering": ["-planned_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("findings", ""), ("ground__isnull", True), ("reported_at__isnull", True)),
                            models.Q(
                                ("ground__isnull", False),
                                ("reported_at__isnull", False),
                                ("visited_on__isnull", False),
                                models.Q(("findings", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_reported_visit_has_its_findings_and_its_ground",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SitePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caption", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="review.sitevisit"
                    ),
                ),
            ],
            options={
                "verbose_name": "核查照片",
                "ordering": ["visit", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SiteVisitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visitors", to="review.sitevisit"
                    ),
                ),
            ],
            options={
                "verbose_name": "核查人员",
                "ordering": ["visit", "pk"],
                "constraints": [models.UniqueConstraint(fields=("visit", "person"), name="a_person_visits_once")],
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="accepted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="接受时间"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="answer_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="答复期限"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="invited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="邀请时间"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="review.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="评审轮次"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="skipped",
            field=models.JSONField(blank=True, default=list, verbose_name="跳过的候补"),
        ),
        migrations.AddField(
            model_name="conflict",
            name="district",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.district"
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="关系结束"),
        ),
        migrations.AddField(
            model_name="conflict",
            name="name",
            field=models.CharField(blank=True, max_length=120, verbose_name="单位名称"),
        ),
        migrations.AddField(
            model_name="conflict",
            name="uscc",
            field=models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
        ),
        migrations.AddField(
            model_name="expert",
            name="district",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="experts",
                to="core.district",
            ),
        ),
        migrations.AddField(
            model_name="expert",
            name="inactive_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="出库原因"),
        ),
        migrations.AddField(
            model_name="expert",
            name="title",
            field=models.CharField(blank=True, max_length=40, verbose_name="职称"),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="assigned_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="conflict",
            name="kind",
            field=models.CharField(
                choices=[
                    ("employer", "任职"),
                    ("shareholding", "持股"),
                    ("service", "三年内提供服务"),
                    ("kin", "亲属"),
                    ("supplier", "供应商"),
                    ("district", "与区县有合同"),
                    ("other", "其他"),
                ],
                max_length=16,
                verbose_name="关系",
            ),
        ),
        migrations.AlterField(
            model_name="conflict",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("district__isnull", True), ("organisation__isnull", False), ("uscc", "")),
                    models.Q(
                        ("district__isnull", True),
                        ("organisation__isnull", True),
                        models.Q(("uscc", ""), _negated=True),
                        models.Q(("name", ""), _negated=True),
                    ),
                    models.Q(
                        ("district__isnull", False), ("kind", "district"), ("organisation__isnull", True), ("uscc", "")
                    ),
                    _connector="OR",
                ),
                name="an_interest_is_in_one_body_or_one_district",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="draw",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="review.draw",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("open", False), ("invited_at__isnull", True), ("accepted_at__isnull", False), _connector="OR"
                ),
                name="an_invited_expert_sees_nothing_before_he_accepts",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("invited_at", None), ("answer_due_on__isnull", False), _connector="OR"),
                name="an_invitation_has_its_term",
            ),
        ),
    ]
