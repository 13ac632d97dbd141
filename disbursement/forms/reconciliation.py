"""What is typed for reconciliation: a statement to import, how a difference was cleared up, a month to close."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from core.forms import PortalForm, UploadField


class StatementForm(PortalForm):
    """A bank statement: whose account, and the workbook."""

    name = forms.CharField(label="账户", max_length=80, help_text="例如 市工信局技改专户。")
    file = UploadField(label="对账单", help_text="按模板整理的 .xlsx，最多 5,000 行。")


class ExplanationForm(PortalForm):
    """How a difference was cleared up."""

    words = forms.CharField(label="原因和处理结果", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    document_number = forms.CharField(label="依据文号或回单号", max_length=60)
    file = UploadField(label="依据文件", required=False, help_text="银行说明、回单等，PDF、OFD 或图片。")


class MonthForm(PortalForm):
    """A month to close (2026-03)."""

    month = forms.CharField(label="月份", max_length=7, help_text="例如 2026-03；月末之后才能编制。")

    def clean_month(self) -> date:
        said: Any = self.cleaned_data["month"].strip().replace("年", "-").replace("月", "")
        try:
            year, month = said.split("-")
            return date(int(year), int(month), 1)
        except ValueError:
            raise forms.ValidationError("请按 2026-03 的样子填写月份。") from None
