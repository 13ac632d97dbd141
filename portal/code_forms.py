"""What is typed to enrol, renew and turn off one-time codes."""

from __future__ import annotations

from django import forms

from core.signing_forms import ProvenForm


class EnrolForm(ProvenForm):
    """The first code of a new authenticator, and the password."""

    first = forms.CharField(
        label="验证器显示的 6 位数字", max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip
    field_order = ("first", "password")
