"""What is typed of progress, and of the bureau's plans of instalments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm, UploadsField, YuanFormField
from disbursement.forms.agreements import PlanRows
from disbursement.models import PlanTemplate
from disbursement.plans import Part


class ProgressForm(PortalForm):
    """How far the project is, and the papers that show it."""

    as_of = forms.DateField(label="截至日期")
    invested = YuanFormField(label="累计完成投资", min_value=Decimal(0), help_text="自开工起，不含税，单位元。")
    progress = forms.IntegerField(
        label="建设进度（%）", min_value=0, max_value=100, help_text="完成投资占计划投资的百分比，取整数。",
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "numeric"}),
    )  # fmt: skip
    summary = forms.CharField(
        label="进展说明", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="设备到货安装、调试投产、绩效目标完成情况和下一步安排。",
    )  # fmt: skip
    papers = UploadsField(
        label="佐证材料", help_text="现场照片、发票、付款凭证、监理或到货记录；PDF、OFD 或图片，可多选。"
    )


class PlanForm(PlanRows, PortalForm):
    """A template of instalments, as a new edition."""

    name = forms.CharField(label="模板名称", max_length=40, help_text="与已有模板同名的，成为它的新版。")
    reason = forms.CharField(label="理由", max_length=200)
    is_default = forms.BooleanField(label="采用后，新生成的任务书默认用这个模板", required=False)

    def __init__(self, *args: Any, plan: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_rows(plan, spare=max(1, 4 - len(plan)))

    def main_fields(self) -> list[Any]:
        return [self["name"], self["reason"], self["is_default"]]


class ChoosePlanForm(PortalForm):
    """Which plan a 任务书 nobody has signed is to have."""

    plan = forms.ModelChoiceField(label="拨付计划", queryset=PlanTemplate.objects.none(), empty_label=None)

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
