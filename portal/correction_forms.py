"""What is typed about a correction (更正): which value, how it should read, why; and why not."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import PortalForm
from core.models import CorrectedField, Ground
from core.services.corrections import in_words, read_day, value_of


class CorrectForm(PortalForm):
    field = forms.ChoiceField(label="更正什么", choices=CorrectedField.choices, widget=forms.RadioSelect)
    after = forms.CharField(label="更正为", max_length=200, help_text="日期写作 2026年3月5日，文号用六角括号〔〕。")
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="写明错在哪里、依据什么更正。公开的文件，理由一并公开。",
    )

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [
            (value, f"{label}（现为 {value_of(ground, value) or '空'}）") for value, label in CorrectedField.choices
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("field") == CorrectedField.ISSUED_ON and said.get("after"):
            try:
                said["after"] = in_words(read_day(said["after"]))
            except ValueError:
                self.add_error("after", "日期不正确，请按 2026年3月5日 的样子填写。")
        return said


class DecideCorrectionForm(PortalForm):
    reason = forms.CharField(label="不同意的理由", max_length=500, widget=forms.Textarea({"rows": 3}))
