"""What is typed on the pages of a draw and of its invitations."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import PortalForm, half_width


class CommitForm(PortalForm):
    """Which projects a list is locked for is in the address; here only how long experts have to answer."""

    answer_days = forms.IntegerField(
        label="专家答复期限（工作日）", min_value=1, max_value=10, initial=2,
        help_text="逾期未答复的，按抽取记录的顺序由候补专家递补。",
    )  # fmt: skip


class NumberForm(PortalForm):
    """One person's number. It is never shown again before both are in, so the field keeps nothing on a return."""

    number = forms.CharField(
        label="号码", max_length=40, widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="4 至 12 位数字，自己想一个，不要告诉任何人。两个号码都封存后一并公开。",
    )  # fmt: skip

    def clean_number(self) -> str:
        typed = half_width(self.cleaned_data["number"]).strip()
        if not (typed.isascii() and typed.isdigit() and 4 <= len(typed) <= 12):
            raise forms.ValidationError("请填写 4 至 12 位数字。", code="digits")
        return typed


class ReasonForm(PortalForm):
    """Why something is given up."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea({"rows": 3}))


class AnswerForm(PortalForm):
    """An expert's answer to an invitation: one button accepts, the other declines with a reason."""

    because = forms.CharField(
        label="不能评审的原因", max_length=200, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="例如有利害关系、时间冲突、专业不符。只有市工信局可见。",
    )  # fmt: skip

    def __init__(self, *args: Any, declines: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].required = declines
        self.fields["because"].error_messages["required"] = "请写明不能评审的原因。"
