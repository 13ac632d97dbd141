import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0015_the_district_clock_stands_still"),
        ("core", "0008_grounds_of_draw_round_and_visit"),
        ("core", "__first__"),
        ("review", "0005_changes_of_scores_are_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecommendationLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("signed_at", models.DateTimeField(verbose_name="签批时间")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.call"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_letters",
                        to="core.district",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_letter",
                        to="core.ground",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐函",
                "ordering": ["-signed_at", "-pk"],
                "indexes": [models.Index(fields=["district", "-signed_at"], name="letters_of_a_district")],
            },
        ),
        migrations.CreateModel(
            name="RuleCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.SlugField(max_length=40, verbose_name="规则")),
                ("label", models.CharField(max_length=40, verbose_name="名称")),
                ("found", models.TextField(verbose_name="系统核对所见")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("verified", "核实"), ("questioned", "存疑"), ("not_applicable", "不适用")],
                        max_length=16,
                        verbose_name="结论",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("page", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="页码")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
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
                    "material",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.callmaterial",
                        verbose_name="依据材料",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_checks",
                        to="applications.project",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_checks",
                        to="applications.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "规则核验",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "rule"), name="one_judgement_a_rule_of_a_submission"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "questioned"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_questioned_rule_says_why",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="opinion",
            name="the_person_who_countersigns_an_opinion_did_not_write_it",
        ),
        migrations.RemoveConstraint(
            model_name="opinion",
            name="one_opinion_in_hand_a_submission",
        ),
        migrations.AddField(
            model_name="materialcheck",
            name="page",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="页码"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="countersigned_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="refusal",
            field=models.CharField(blank=True, max_length=500, verbose_name="不予签批的理由"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="refused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="退回重写时间"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="refused_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="written_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="opinion",
            name="ground",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="core.ground",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="letter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="review.recommendationletter",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("countersigned_by__isnull", True),
                    ("written_by__isnull", True),
                    models.Q(("countersigned_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="the_person_who_countersigns_an_opinion_did_not_write_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("countersigned_for__isnull", True),
                        ("written_by__isnull", True),
                        models.Q(("countersigned_for", models.F("written_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("countersigned_by__isnull", True),
                        ("written_for__isnull", True),
                        models.Q(("countersigned_by", models.F("written_for")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("countersigned_for__isnull", True),
                        ("written_for__isnull", True),
                        models.Q(("countersigned_for", models.F("written_for")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="nobody_countersigns_an_opinion_in_the_name_of_its_writer",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refusal", ""), ("refused_at__isnull", True), ("refused_by__isnull", True)),
                    models.Q(
                        ("ground__isnull", True),
                        ("refused_at__isnull", False),
                        ("refused_by__isnull", False),
                        models.Q(("refusal", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_opinion_sent_back_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ground__isnull", True), ("refused_at__isnull", True)),
                fields=("submission",),
                name="one_opinion_in_hand_a_submission",
            ),
        ),
    ]
