"""What is typed at the bureau's desk: form check, other departments."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import Choices, DayInput, PortalForm, UploadField
from review.models import Department, FormCheck, FormPoint, Stance, Verdict


class FormCheckForm(PortalForm):
    """Verdict and note for each point, in one plain form post."""

    def __init__(self, *args: Any, check: FormCheck | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = {row.point: row for row in check.answers.all()} if check else {}
        for point in FormPoint:
            row = found.get(point)
            self.fields[f"verdict_{point}"] = forms.ChoiceField(
                label=point.label, choices=Verdict.choices, widget=Choices(), required=False,
                initial=row.verdict if row else None,
            )  # fmt: skip
            self.fields[f"note_{point}"] = forms.CharField(
                label=f"{point.label}说明", required=False, max_length=500, initial=row.note if row else "",
                widget=forms.TextInput({"class": "form-control-sm", "placeholder": "说明（判为存疑时必填）"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        for point in FormPoint:
            if self.cleaned_data.get(f"verdict_{point}") == Verdict.QUESTIONED and not self.cleaned_data.get(
                f"note_{point}"
            ):
                self.add_error(f"note_{point}", "请写明存疑的原因。")
        return self.cleaned_data

    def answers(self) -> dict[str, tuple[str, str]]:
        """Verdict and note by point, of those judged."""
        said = self.cleaned_data
        return {
            point.value: (said[f"verdict_{point}"], said.get(f"note_{point}", ""))
            for point in FormPoint if said.get(f"verdict_{point}")
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"label": point.label, "verdict": self[f"verdict_{point}"], "note": self[f"note_{point}"]}
            for point in FormPoint
        ]


class ConsultForm(PortalForm):
    departments = forms.ModelMultipleChoiceField(
        label="部门", queryset=Department.objects.asked_now(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个部门。"},
    )  # fmt: skip
    question = forms.CharField(
        label="征求意见的事项", max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text="例如：环评手续是否齐全；近三年有无重大安全事故。",
    )  # fmt: skip
    due_on = forms.DateField(label="答复期限", widget=DayInput())


class DepartmentForm(PortalForm):
    """A department of the list."""

    name = forms.CharField(label="部门名称", max_length=40, help_text="全称，例如市生态环境局。")
    usual_question = forms.CharField(
        label="通常征求的事项", max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="征求意见时作为提示，可以不填。",
    )  # fmt: skip
    is_active = forms.TypedChoiceField(
        label="状态", choices=[("yes", "在用"), ("no", "停用，不再征求")], widget=forms.RadioSelect, initial="yes",
        coerce=lambda value: value == "yes",
    )  # fmt: skip

    @classmethod
    def of(cls, department: Department | None, data: Any) -> DepartmentForm:
        if department is None:
            return cls(data)
        said = {"name": department.name, "usual_question": department.usual_question}
        return cls(data, initial={**said, "is_active": "yes" if department.is_active else "no"})


class AnswerOfDepartmentForm(PortalForm):
    stance = forms.ChoiceField(label="意见", choices=Stance.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label="答复内容", required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text="有意见或不同意时必填。企业看不到。",
    )  # fmt: skip
    letter_number = forms.CharField(label="复函文号", required=False, max_length=60)
    answered_on = forms.DateField(label="答复日期", widget=DayInput())
    upload = UploadField(label="复函扫描件", required=False, help_text="PDF 或图片，单个不超过 20 MB。")
