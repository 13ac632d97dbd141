"""What is typed to get a paper, or to verify one."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.queries.issued import Issued, issued_with_digest, issued_with_number
from applications.services.papers import PAPERS
from core.forms import PortalForm


class PaperForm(forms.Form):
    """Which paper of which submission."""

    kind = forms.ChoiceField(choices=list(PAPERS.items()))
    sequence = forms.IntegerField(min_value=1, max_value=32000)


class VerifyForm(PortalForm):
    """The digest, or the number with the short code."""

    digest = forms.CharField(
        label="内容摘要（SHA-256）", required=False, max_length=80, help_text="文件末页二维码里的 64 位摘要，或文件本身的 SHA-256。"
    )  # fmt: skip
    number = forms.CharField(label="编号", required=False, max_length=40, help_text="例如 SYJG-2026-106-001。")
    code = forms.CharField(label="核验码", required=False, max_length=20, help_text="印在编号旁的 12 位核验码。")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("digest") and not (found.get("number") and found.get("code")):
            raise forms.ValidationError("请填写内容摘要，或编号和核验码。", code="empty")
        return found

    @property
    def issued(self) -> Issued | None:
        """The paper asked about, if the portal issued it."""
        asked = self.cleaned_data
        if asked["digest"]:
            return issued_with_digest(asked["digest"])
        return issued_with_number(asked["number"], asked["code"])
