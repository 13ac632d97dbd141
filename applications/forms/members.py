"""Inviting a colleague, accepting an invitation, closing a member's account."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.forms.registrations import PasswordTwiceForm
from core import codes
from core.forms import PortalForm
from core.models import ENTERPRISE_ROLES, Organisation


class InviteForm(PortalForm):
    """Who is invited, and what for."""

    name = forms.CharField(label="姓名", max_length=40)
    email = forms.EmailField(
        label="邮箱", max_length=150, help_text="邀请链接只发到这里；将来也是他的登录账号。",
        error_messages={"invalid": "邮箱格式不正确，例如 name@example.com。"},
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label="岗位", widget=forms.CheckboxSelectMultiple, help_text="填报人填写材料；审批人代表本单位提交和签署。",
    )  # fmt: skip

    def __init__(self, *args: Any, place: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label_at(place)) for role in ENTERPRISE_ROLES]


class AcceptForm(PasswordTwiceForm):
    """The invited person's own phone and password."""

    field_order = ("phone", "password", "again")
    phone = forms.CharField(label="手机", max_length=30)

    def clean_phone(self) -> str:
        return codes.clean_phone(self.cleaned_data["phone"])


class DeactivateForm(PortalForm):
    reason = forms.CharField(label="原因", max_length=200, help_text="记入办理记录，例如：调离岗位。")
