"""An enterprise registers itself; the district answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from applications.services.registrations import ASK_A_COLLEAGUE, code_taken
from core import codes
from core.forms import PortalForm
from core.models import APPLICANT_KINDS, District, OrganisationKind, Zone

NEW_PASSWORD = {"autocomplete": "new-password"}


class PasswordTwiceForm(PortalForm):
    """A password of one's own, typed twice, judged by the portal's rules."""

    password = forms.CharField(
        label="密码", strip=False, max_length=128, widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text="至少 10 位，不要用常见密码。",
    )  # fmt: skip
    again = forms.CharField(
        label="再次输入密码", strip=False, max_length=128, widget=forms.PasswordInput(attrs=NEW_PASSWORD)
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "两次输入的密码不一致，请重新输入。")
        return data


class RegisterForm(PasswordTwiceForm):
    """Kind, credit code, name and place of the applicant; name and addresses of the person."""

    field_order = ("kind", "uscc", "enterprise", "place", "name", "email", "phone", "password", "again")
    kind = forms.ChoiceField(
        label="单位类别", widget=forms.RadioSelect, initial=OrganisationKind.ENTERPRISE,
        choices=[(kind.value, kind.label) for kind in APPLICANT_KINDS],
        help_text="改造项目由企业申报；其他单位可以申报服务商培育、平台、诊断、培训等地方方向（第七条二）。",
    )  # fmt: skip
    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=40,
        help_text="18 位，见营业执照或法人证书。",
        widget=forms.TextInput({"class": "mono"}),
    )
    enterprise = forms.CharField(label="单位名称", max_length=120, help_text="与营业执照或法人证书完全一致。")
    place = forms.ChoiceField(label="所在区县或开发区", help_text="按注册地选择；开发区由所在区县受理（第九条一）。")
    name = forms.CharField(label="您的姓名", max_length=40)
    email = forms.EmailField(
        label="邮箱", max_length=150, help_text="用作登录账号，办理通知也发到这里。",
        error_messages={"invalid": "邮箱格式不正确，例如 name@example.com。"},
    )  # fmt: skip
    phone = forms.CharField(label="手机", max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = [(f"district-{one.pk}", one.name) for one in District.objects.order_by("code")]
        zones = [
            (f"zone-{one.pk}", f"{one.name}（{one.district.name}受理）")
            for one in Zone.objects.select_related("district")
        ]
        choices: list[Any] = [("", "请选择"), ("区县", districts)]
        self.fields["place"].choices = [*choices, ("开发区", zones)] if zones else choices

    def clean_uscc(self) -> str:
        code = codes.clean_applicant_uscc(self.cleaned_data["uscc"], self.cleaned_data.get("kind", ""))
        if code_taken(code):
            raise forms.ValidationError(ASK_A_COLLEAGUE, code="taken")
        return code

    def clean_phone(self) -> str:
        return codes.clean_phone(self.cleaned_data["phone"])

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes: the place as the district that receives it."""
        kind, _, key = self.cleaned_data["place"].partition("-")
        district = Zone.objects.get(pk=key).district if kind == "zone" else District.objects.get(pk=key)
        kept = ("kind", "uscc", "enterprise", "name", "email", "phone", "password")
        return {name: self.cleaned_data[name] for name in kept} | {"district": district}


class DecideRegistrationForm(PortalForm):
    """Yes, or no with a reason the enterprise can act on."""

    decision = forms.ChoiceField(
        label="核验结论", choices=[("yes", "核验通过"), ("no", "不予通过")], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="不予通过的必填，原样告知企业：哪里不符，怎样更正。",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("decision") == "no" and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "不予通过须写明原因，企业据此更正。")
        return data
