"""What is typed around 市政府审定: the number of the 请示, and a 一事一议 decision."""

from __future__ import annotations

from django import forms

from core.forms import PortalForm, UploadField, YuanFormField
from disbursement.forms.money import ONE_FEN


class RequestForm(PortalForm):
    """The 文号 of the 请示, when it has one."""

    number = forms.CharField(
        label="请示文号", max_length=60, required=False, help_text="例如 沈工信请〔2026〕3号；没有编号可先不填。"
    )


class DecisionForm(PortalForm):
    """A 一事一议 decision document."""

    amount = YuanFormField(label="决定支持额", min_value=ONE_FEN)
    number = forms.CharField(label="决定文号", max_length=60)
    on = forms.DateField(label="决定日期")
    file = UploadField(label="决定文件", required=False, help_text="PDF、OFD 或图片。")
