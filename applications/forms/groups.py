"""Opening a 线 or 面 group and inviting its members."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.models import Track
from core.codes import clean_enterprise_uscc
from core.forms import PortalForm


class GroupForm(PortalForm):
    track = forms.ChoiceField(label="类别", widget=forms.RadioSelect)
    name = forms.CharField(label="协同组名称", max_length=120, help_text="例如 沈阳工业母机产业链协同改造")
    place = forms.CharField(label="产业链或园区", max_length=80)
    plan = forms.CharField(
        label="协同方案",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="上下游或园区内如何同步改造，各成员做什么。",
    )

    def __init__(self, *args: Any, call: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [Track.LINE, Track.AREA]
        self.fields["track"].choices = [(track.value, track.label) for track in offered if track in call.tracks]


class InviteForm(PortalForm):
    uscc = forms.CharField(label="被邀请企业的统一社会信用代码", max_length=40, help_text="18 位，照营业执照填写。")

    def clean_uscc(self) -> str:
        return clean_enterprise_uscc(self.cleaned_data["uscc"])
