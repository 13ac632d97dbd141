"""An entry of the 链主 list: adding it, ending it."""

from __future__ import annotations

from django import forms

from core import codes
from core.forms import DayInput, PortalForm


class CertifyForm(PortalForm):
    uscc = forms.CharField(label="统一社会信用代码", max_length=40)
    chain = forms.CharField(label="产业链", max_length=40)
    document_number = forms.CharField(label="认定文号", max_length=60)
    valid_from = forms.DateField(label="生效日期", widget=DayInput)
    valid_to = forms.DateField(label="失效日期", widget=DayInput, required=False, help_text="没有规定的可不填。")

    def clean_uscc(self) -> str:
        return codes.clean_uscc(self.cleaned_data["uscc"])


class EndForm(PortalForm):
    valid_to = forms.DateField(label="失效日期", widget=DayInput, help_text="这一天仍在名单内，次日起不再是。")
    document_number = forms.CharField(label="依据文号", max_length=60)
