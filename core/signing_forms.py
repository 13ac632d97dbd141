"""The form of whoever signs: the password once more, and a one-time code where the account has a device for them."""

from __future__ import annotations

from typing import Any

from django import forms

from core import signing
from core.forms import PortalForm


class ProvenForm(PortalForm):
    """Valid only for the person of the account."""

    password = forms.CharField(
        label="再次输入密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if signing.needs_code(user):
            self.fields["code"] = forms.CharField(
                label="一次性验证码", max_length=16, help_text="验证器上当前显示的 6 位数字；手机不在身边时，填一个恢复码。",
                widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
                error_messages={"required": "请填写一次性验证码。"},
            )  # fmt: skip

    def clean_password(self) -> str:
        signing.prove_by_password(self.user, self.cleaned_data["password"])
        return ""

    def clean_code(self) -> str:
        if not self.errors:  # a code serves once: it is not spent on a wrong password
            signing.prove_by_code(self.user, self.cleaned_data["code"])
        return ""
