"""What is typed about an objection: by the public, by its investigator, by the side that is asked to explain."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import DayInput, PortalForm, UploadField, UploadsField
from review.forms import SeenForm
from review.models import Party
from review.services.objections import MOST_FILES


class ObjectionForm(PortalForm):
    name = forms.CharField(label="姓名", max_length=40, help_text="实名提出。您的身份只有经办异议的市级人员可见。")
    organisation = forms.CharField(
        label="单位",
        max_length=120,
        required=False,
        help_text="以个人名义提出的不填。以单位名义提出的填写全称，并上传盖章材料。",
    )
    contact = forms.CharField(label="联系方式", max_length=80, help_text="电话或邮箱，仅用于核实与答复。")
    grounds = forms.CharField(label="事实与理由", max_length=4000, widget=forms.Textarea({"rows": 6}))
    evidence = UploadsField(
        label="证据材料", required=False, help_text=f"PDF 或图片，最多 {MOST_FILES} 份，单个不超过 20 MB。"
    )
    seal = UploadField(label="单位盖章材料", required=False, help_text="以单位名义提出时必交：加盖公章的异议书。")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("organisation") and not said.get("seal") and "seal" not in self.errors:
            self.add_error("seal", "以单位名义提出的，请上传加盖公章的异议材料。")
        return said


class ReceiptForm(PortalForm):
    receipt = forms.CharField(
        label="受理编号", max_length=24, help_text="提出异议时得到的编号，例如 YY-7K2M-9QXA-4HTB。"
    )


class AssignOfficerForm(SeenForm):
    officer = forms.ModelChoiceField(
        label="核查人", queryset=None, empty_label="请选择", help_text="办理过这个项目的人应当回避，不在名单里。"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = people


class ProlongAnswerForm(PortalForm):
    due_on = forms.DateField(label="延长至", widget=DayInput())
    because = forms.CharField(
        label="延长的理由", max_length=200, widget=forms.Textarea({"rows": 3}),
        help_text="只能延长一次。异议人凭受理编号可以看到新的期限和理由。",
    )  # fmt: skip


class NoteForm(PortalForm):
    text = forms.CharField(
        label="核查记录", max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text="写明查了什么、向谁核实、看到什么。保存后不能修改。",
    )  # fmt: skip


class AskForm(PortalForm):
    party = forms.ChoiceField(label="请谁说明", choices=Party.choices, widget=forms.RadioSelect)
    question = forms.CharField(
        label="需要说明的情况", max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text="对方会看到全文。不得透露异议人是谁，也不要照抄异议原文。",
    )  # fmt: skip
    due_on = forms.DateField(label="答复期限", widget=DayInput(), required=False, help_text="不填则为 3 个工作日。")


class FindingForm(SeenForm):
    finding = forms.CharField(
        label="核查结论", max_length=4000, widget=forms.Textarea({"rows": 6}),
        help_text="写明查明的事实和处理建议，供负责人答复。",
    )  # fmt: skip


class StatementForm(PortalForm):
    answer = forms.CharField(label="情况说明", max_length=4000, widget=forms.Textarea({"rows": 8}))
    file = UploadField(label="佐证材料", required=False, help_text="PDF 或图片，单个不超过 20 MB；多份请合并。")
