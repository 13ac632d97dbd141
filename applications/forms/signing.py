"""Acts that bind: the person signs by typing his password again, and a one-time code where he has a device."""

from __future__ import annotations

from django import forms

from applications.services.materials import MATERIAL_TYPES
from core.forms import PortalForm, UploadField
from core.signing_forms import ProvenForm


class SigningForm(ProvenForm):
    """The password of the account that signs, and a one-time code where it has a device for them."""

    password = forms.CharField(
        label="签署密码", strip=False, help_text="再次输入您的登录密码，作为签署。",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class DeclarationForm(SigningForm):
    """The declaration of a filing, agreed to and signed."""

    field_order = ("agreed", "password")
    agreed = forms.BooleanField(
        label="我已核对全部内容，代表本单位作出以上承诺", error_messages={"required": "请先阅读并勾选承诺。"}
    )
    draft = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(SigningForm):
    """A signed request with its reason."""

    field_order = ("reason", "file", "password")
    reason = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 4}))


class WithdrawForm(ReasonForm):
    file = UploadField(
        label="盖章申请扫描件（可不传）", required=False, help_text="PDF、OFD 或图片。没有的，以本页签署为准。"
    )


class MaterialForm(PortalForm):
    """One file for one entry of the material list."""

    file = UploadField(label="文件")


class SealForm(PortalForm):
    """The code printed under the QR code of a 申报书."""

    code = forms.CharField(label="编码", max_length=40)


ACCEPTED = "、".join(name.upper() for name in MATERIAL_TYPES)
