from django.db import migrations, models

# What the list of departments began with: two that look at every renovation project, and those already asked.
BEGUN_WITH = (
    ("ecology", "市生态环境局", "环评手续是否齐全，近三年有无环境处罚。"),
    ("emergency", "市应急管理局", "安全评价是否齐全，近三年有无较大以上事故。"),
)
EARLIER = {
    "finance": "市财政局", "statistics": "市统计局", "development": "市发展和改革委员会", "resources": "市自然资源局",
    "market": "市市场监督管理局", "tax": "市税务局",
}  # fmt: skip


def write_down(apps, schema_editor):
    department, consultation = apps.get_model("review", "Department"), apps.get_model("review", "Consultation")
    made = {code: department.objects.create(name=name, usual_question=asked) for code, name, asked in BEGUN_WITH}
    for code in consultation.objects.order_by("department").values_list("department", flat=True).distinct():
        row = made.get(code) or department.objects.create(name=EARLIER[code])
        consultation.objects.filter(department=code).update(body=row)


class Migration(migrations.Migration):
    dependencies = [("review", "0007_form_checks_and_departments")]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                ("usual_question", models.CharField(blank=True, max_length=500, verbose_name="通常征求的事项")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={"verbose_name": "联审部门", "ordering": ["pk"]},
        ),
        migrations.RemoveConstraint("consultation", "a_department_is_asked_once_at_a_time"),
        migrations.AddField(
            "consultation",
            "body",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="consultations", to="review.department"),
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
    ]
