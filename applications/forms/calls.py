"""The bureau's call as forms: the notice, its material list, its rubric, and the decision to extend it."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.forms.grids import GridFormSet
from applications.models import Need, Track
from core.forms import MomentInput, PortalForm
from policy.queries import versions_for_calls

FULL_MARKS = 100
DAY_LABELS = {
    "district_days": "区县初审",
    "correction_days": "补正",
    "review_days": "市级评审",
    "notice_days": "公示",
    "objection_days": "异议复核",
    "agreement_days": "签署任务书",
    "rectification_days": "整改",
}


class CallForm(PortalForm):
    title = forms.CharField(label="标题", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2024, max_value=2100)
    text = forms.CharField(
        label="正文",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="支持重点、申报程序和要求（第八条）。空一行分段。",
    )
    opens_at = forms.DateTimeField(label="开始时间", widget=MomentInput)
    closes_at = forms.DateTimeField(label="截止时间", widget=MomentInput)
    tracks = forms.MultipleChoiceField(
        label="受理类别", choices=Track, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个类别。"},
    )  # fmt: skip
    policy_version = forms.ChoiceField(label="政策版本")
    district_days = forms.IntegerField(min_value=1, max_value=250)
    correction_days = forms.IntegerField(min_value=1, max_value=250)
    review_days = forms.IntegerField(min_value=1, max_value=250)
    notice_days = forms.IntegerField(min_value=1, max_value=250)
    objection_days = forms.IntegerField(min_value=1, max_value=250)
    agreement_days = forms.IntegerField(min_value=1, max_value=250)
    rectification_days = forms.IntegerField(min_value=1, max_value=250)
    max_returns = forms.IntegerField(label="最多退回补正次数", min_value=0, max_value=9)
    experts_needed = forms.IntegerField(
        label="每项目专家人数", min_value=1, max_value=15, help_text="不少于 5 人，单数为宜。"
    )
    pass_mark = forms.IntegerField(label="通过分数", min_value=1, max_value=100)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy_version"].choices = [(choice.key, choice.label) for choice in versions_for_calls()]
        for name, label in DAY_LABELS.items():
            self.fields[name].label = f"{label}（工作日）"
            self.fields[name].error_messages["required"] = f"请填写{label}的工作日数。"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens, closes = found.get("opens_at"), found.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "截止时间须晚于开始时间，请核对。")
        return found


class MaterialRowForm(PortalForm):
    grid_columns = (("name", "材料名称"), ("need", "要求"), ("hint", "说明"))

    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label="材料名称", max_length=80)
    need = forms.ChoiceField(label="要求", choices=Need, initial=Need.REQUIRED)
    hint = forms.CharField(label="说明", max_length=200, required=False)


class MaterialRows(GridFormSet):
    """The material list; a new entry gets a code of its own."""

    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid() and form.has_changed()]
        if len(names) != len(set(names)):
            raise forms.ValidationError("材料清单中有同名的材料，请合并或改名。")

    @property
    def rows(self) -> list[dict[str, Any]]:
        found, taken = super().rows, {row["code"] for row in super().rows}
        for row in found:
            number = 1
            while not row["code"]:
                code = f"material-{number}"
                row["code"], number = ("" if code in taken else code), number + 1
            taken.add(row["code"])
        return found


class RubricRowForm(PortalForm):
    grid_columns = (("dimension", "维度"), ("name", "评分项"), ("points", "分值"), ("guide", "评分说明"))

    dimension = forms.CharField(label="维度", max_length=40)
    name = forms.CharField(label="评分项", max_length=80)
    points = forms.IntegerField(label="分值", min_value=1, max_value=100)
    guide = forms.CharField(label="评分说明", max_length=200, required=False)


class RubricRows(GridFormSet):
    """The rubric; its points make one hundred."""

    def clean(self) -> None:
        if any(self.errors):
            return
        points = sum(row["points"] for row in self.rows)
        if points != FULL_MARKS:
            raise forms.ValidationError(f"评分表各项合计应为 {FULL_MARKS} 分，现在是 {points} 分。")


MaterialRowFormSet = forms.formset_factory(MaterialRowForm, formset=MaterialRows, extra=2, can_delete=True, max_num=60)
RubricRowFormSet = forms.formset_factory(RubricRowForm, formset=RubricRows, extra=2, can_delete=True, max_num=60)


class PublishForm(PortalForm):
    number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="例如 沈工信发〔2026〕12号；没有的可不填。"
    )


class ExtendForm(PortalForm):
    closes_at = forms.DateTimeField(label="新的截止时间", widget=MomentInput)
    reason = forms.CharField(
        label="延长的理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="理由会公开，并通知已有草稿的企业。",
    )
