"""An Excel workbook of investment lines, and whether it replaces what stands."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.facts.line_reading import Reading, read_lines
from core.forms import PortalForm, UploadField

REPLACE, APPEND = "replace", "append"


class LineSheetForm(PortalForm):
    """The workbook; what is wrong inside it is told row by row in `reading`, not at the field."""

    file = UploadField(label="Excel 文件", help_text=".xlsx，5 MB 以内，最多 2,000 行，金额单位为元。")
    mode = forms.ChoiceField(
        label="导入方式", choices=[(REPLACE, "替换已保存的全部明细"), (APPEND, "接在已保存的明细后面")],
        widget=forms.RadioSelect, initial=REPLACE,
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.reading: Reading = read_lines(upload)
        if not self.reading.is_clean:
            message = (
                f"文件里有 {len(self.reading.faults)} 处需要改正，一行也没有导入。请按下面的清单改好后重新选择文件。"
            )
            raise forms.ValidationError(message, code="faults")
        return upload

    @property
    def append(self) -> bool:
        return self.cleaned_data["mode"] == APPEND

    def opened_again(self, fingerprint: str) -> None:
        """Post against what stands now, after somebody else saved."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint
