"""What is typed at a panel: who sits over what, the table of conclusions, the report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from core.forms import DayInput, PortalForm, UploadField, YuanFormField, YuanInput
from review.forms import SeenForm
from review.models import PanelConclusion, PanelItem
from review.services.panels import FEWEST_MEMBERS, MOST_PROJECTS, Said


class ConveneForm(PortalForm):
    """Who sits, when, over which projects of a call."""

    projects = forms.ModelMultipleChoiceField(
        label="上会项目", queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个项目。"}, help_text=f"按平均分由高到低，最多 {MOST_PROJECTS} 个。",
    )  # fmt: skip
    members = forms.ModelMultipleChoiceField(
        label="评审会成员", queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择评审会成员。"},
        help_text=f"至少 {FEWEST_MEMBERS} 人。办理过项目区县初审的人不能参加。",
    )  # fmt: skip
    chair = forms.ModelChoiceField(label="主持人", queryset=None, empty_label="请选择")
    held_on = forms.DateField(label="会议日期", widget=DayInput())
    place = forms.CharField(label="地点", max_length=80)
    others = forms.CharField(
        label="其他出席人员", max_length=400, required=False, help_text="没有账号的出席人员，写姓名和单位。"
    )

    def __init__(self, *args: Any, projects: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = projects
        self.fields["projects"].label_from_instance = _ranked
        for name in ("members", "chair"):
            self.fields[name].queryset = people
            self.fields[name].label_from_instance = lambda one: f"{one.name}（{one.organisation or '无单位'}）"


def _ranked(project: Any) -> str:
    mean = Decimal(project.mean_hundredths).scaleb(-2)
    return f"第 {project.rank} 名 · {mean} 分 · {project.title}（{project.number}，{project.enterprise.name}）"


class TableForm(SeenForm):
    """Minutes, and for each project its conclusion, reasons and proposed amount, in one plain form post."""

    minutes = forms.CharField(
        label="会议纪要", required=False, max_length=20_000, widget=forms.Textarea({"rows": 6}),
        help_text="议题、主要意见、表决情况。可以只上传签字扫描件。",
    )  # fmt: skip
    minutes_file = UploadField(label="纪要扫描件", required=False, help_text="PDF 或图片，单个不超过 20 MB。")

    def __init__(self, *args: Any, items: Sequence[PanelItem], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)
        for item in items:
            key, title = item.project_id, item.project.title
            self.fields[f"conclusion_{key}"] = forms.ChoiceField(
                label=f"{title}：结论", required=False, choices=[("", "未定"), *PanelConclusion.choices],
                initial=item.conclusion, widget=forms.Select({"class": "form-select-sm"}),
            )  # fmt: skip
            self.fields[f"reasons_{key}"] = forms.CharField(
                label=f"{title}：理由", required=False, max_length=2000, initial=item.reasons,
                widget=forms.Textarea({"rows": 2, "class": "form-control-sm", "placeholder": "理由"}),
            )  # fmt: skip
            self.fields[f"proposed_{key}"] = YuanFormField(
                label=f"{title}：建议金额", required=False, initial=item.proposed, widget=YuanInput(unit=None)
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The table: an item with its three fields."""
        names = ("conclusion", "reasons", "proposed")
        return [{"item": item, "fields": [self[f"{name}_{item.project_id}"] for name in names]} for item in self.items]

    def said(self) -> dict[int, Said]:
        typed = self.cleaned_data
        return {
            key: Said(typed[f"conclusion_{key}"], typed[f"reasons_{key}"], typed[f"proposed_{key}"])
            for key in (item.project_id for item in self.items)
        }


class ReportForm(SeenForm):
    number = forms.CharField(label="评审报告文号", max_length=60, help_text="例如 示例评审〔2026〕2号。")
    text = forms.CharField(
        label="评审结论", widget=forms.Textarea({"rows": 6}), max_length=4000, help_text="写入报告正文“评审结论”一节。"
    )
