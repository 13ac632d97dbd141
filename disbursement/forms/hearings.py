"""What is typed for 告知与陈述申辩."""

from __future__ import annotations

from django import forms

from core.forms import PortalForm, UploadField, UploadsField
from disbursement.forms.closing import text_area
from disbursement.forms.money import SeenForm


class NotifyForm(PortalForm):
    """拟决定告知书: its number, the facts, and the days to answer."""

    number = forms.CharField(label="告知书文号", max_length=60)
    facts = text_area("事实与理由", rows=6, help_text="写明查明的事实和证据。企业据此陈述申辩，决定书也以此为准。")
    days = forms.IntegerField(
        label="陈述申辩期限（工作日）",
        min_value=3,
        max_value=30,
        initial=5,
        help_text="自告知次日起算，不少于 3 个工作日。",
    )


class AnswerForm(SeenForm):
    """陈述申辩 of the enterprise, with papers."""

    words = text_area("陈述申辩", rows=8, help_text="逐条写明不同意的事实、理由或请求。")
    files = UploadsField(label="证明材料", required=False, help_text="PDF、OFD 或图片，可以选多份。")


class WeighForm(SeenForm):
    """How the bureau weighed what the enterprise said."""

    upheld = forms.ChoiceField(
        label="是否采纳",
        choices=[("no", "不采纳，由另一人签发决定"), ("yes", "采纳，不作这一决定")],
        widget=forms.RadioSelect,
    )
    reasons = text_area("复核意见", help_text="逐条回应企业的事实、理由和材料。企业会看到这段话。")

    def clean_upheld(self) -> bool:
        return bool(self.cleaned_data["upheld"] == "yes")


class SignForm(SeenForm):
    """The decision as signed: its number, its words, its sealed paper."""

    number = forms.CharField(label="决定书文号", max_length=60)
    reason = text_area("事实与理由", help_text="写入决定书，企业会看到这段话。")
    file = UploadField(label="决定书（盖章）", required=False, help_text="PDF、OFD 或图片。")
