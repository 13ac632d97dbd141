import core.money
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def evidence_becomes_rows(apps, schema_editor):
    """The one file an objection had is the first of the many it may have."""
    objections = apps.get_model("review", "Objection").objects.exclude(evidence=None)
    rows = [apps.get_model("review", "ObjectionFile")(objection=one, file_id=one.evidence_id) for one in objections]
    apps.get_model("review", "ObjectionFile").objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0007_lines_can_be_compared"),
        ("core", "0007_papers_can_be_corrected"),
        ("core", "__first__"),
        ("review", "0001_the_review_room"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvestigationNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="核查记录")),
                ("written_at", models.DateTimeField(verbose_name="时间")),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="review.objection"
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
                "verbose_name": "异议核查记录",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ObjectionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_seal", models.BooleanField(default=False, verbose_name="单位盖章材料")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="review.objection"
                    ),
                ),
            ],
            options={
                "verbose_name": "异议材料",
                "ordering": ["-is_seal", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PanelMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="会议日期")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("others", models.CharField(blank=True, max_length=400, verbose_name="其他出席人员")),
                ("minutes", models.TextField(blank=True, verbose_name="会议纪要")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="保存时间")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_meetings",
                        to="applications.call",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "minutes_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel",
                        to="review.reviewreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审会",
                "ordering": ["-held_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PanelItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conclusion",
                    models.CharField(
                        blank=True,
                        choices=[("support", "建议支持"), ("decline", "不予支持"), ("again", "补充材料后再议")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("reasons", models.TextField(blank=True, verbose_name="理由")),
                ("proposed", core.money.YuanField(blank=True, null=True, verbose_name="建议金额")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_items",
                        to="applications.project",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="review.panelmeeting"
                    ),
                ),
            ],
            options={
                "verbose_name": "评审会项目",
                "ordering": ["meeting", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "project"), name="a_project_lies_once_on_a_table")
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_chair", models.BooleanField(default=False, verbose_name="主持")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="review.panelmeeting"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评审会成员",
                "ordering": ["-is_chair", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "user"), name="a_person_sits_once_on_a_panel"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_chair", True)), fields=("meeting",), name="a_panel_has_one_chair"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party",
                    models.CharField(
                        choices=[("enterprise", "申报企业"), ("district", "区县工信部门")],
                        max_length=12,
                        verbose_name="对象",
                    ),
                ),
                ("question", models.TextField(verbose_name="需要说明的情况")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("asked_at", models.DateTimeField(verbose_name="时间")),
                ("answer", models.TextField(blank=True, verbose_name="说明")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
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
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="review.objection"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="applications.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "情况说明",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_answered_statement_has_its_words",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="an_answered_objection_has_its_answer",
        ),
        migrations.AddField(
            model_name="noticeentry",
            name="amount",
            field=core.money.YuanField(blank=True, null=True, verbose_name="拟支持金额"),
        ),
        migrations.AddField(
            model_name="objection",
            name="assigned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="指派时间"),
        ),
        migrations.AddField(
            model_name="objection",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="finding",
            field=models.TextField(blank=True, verbose_name="核查结论"),
        ),
        migrations.AddField(
            model_name="objection",
            name="prolonged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="延期时间"),
        ),
        migrations.AddField(
            model_name="objection",
            name="prolonged_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="延期理由"),
        ),
        migrations.AddField(
            model_name="objection",
            name="reported_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提交核查结论时间"),
        ),
        migrations.AddField(
            model_name="objection",
            name="told",
            field=models.TextField(blank=True, verbose_name="告知企业的内容"),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="shows_amounts",
            field=models.BooleanField(default=False, verbose_name="公开拟支持金额"),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="conclusion",
            field=models.CharField(
                choices=[("support", "建议支持"), ("decline", "不予支持"), ("again", "补充材料后再议")],
                default="support",
                max_length=10,
                verbose_name="结论",
            ),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="determination",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.determination",
            ),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="limit",
            field=core.money.YuanField(blank=True, null=True, verbose_name="测算上限"),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="proposed",
            field=core.money.YuanField(blank=True, null=True, verbose_name="建议金额"),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="rank",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="名次"),
        ),
        migrations.AddField(
            model_name="reportentry",
            name="spread_half_points",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="极差（半分）"),
        ),
        migrations.AlterField(
            model_name="objection",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "待指派"),
                    ("assigned", "核查中"),
                    ("reported", "待答复"),
                    ("dismissed", "不成立"),
                    ("upheld", "成立"),
                ],
                default="received",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_ground__isnull", True), ("state__in", ("received", "assigned", "reported"))),
                    models.Q(
                        ("answer_ground__isnull", False),
                        ("answered_at__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_answered_objection_has_its_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["assigned", "reported"]), _negated=True),
                    models.Q(("assigned_at__isnull", False), ("assigned_to__isnull", False)),
                    _connector="OR",
                ),
                name="an_objection_under_investigation_has_its_investigator",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("assigned_to")), _negated=True),
                    _connector="OR",
                ),
                name="whoever_answers_an_objection_did_not_investigate_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed__isnull", True),
                    models.Q(("limit__isnull", False), ("proposed__lte", models.F("limit"))),
                    _connector="OR",
                ),
                name="a_panel_proposes_within_the_limit",
            ),
        ),
        migrations.RunPython(evidence_becomes_rows, migrations.RunPython.noop),
    ]
