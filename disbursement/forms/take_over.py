"""What is typed for 接续: the sheet, and a paper beside a row."""

from __future__ import annotations

from django import forms

from core.forms import PortalForm, UploadField


class SheetForm(PortalForm):
    """A 接续清单."""

    title = forms.CharField(label="清单名称", max_length=120, help_text="例如 2024年立项在建项目接续清单。")
    file = UploadField(label="清单", help_text="按模板整理的 .xlsx。有一行不对就都不导入，并逐行说明。")


class PaperForm(PortalForm):
    """A document of an earlier year."""

    name = forms.CharField(label="资料名称", max_length=80, help_text="例如 批复、任务书、拨付回单。")
    file = UploadField(label="文件", help_text="PDF、OFD 或图片。")
