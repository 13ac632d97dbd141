"""What the administrator types about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.forms import PortalForm
from core.models import APPLICANT_KINDS, ENTERPRISE_ROLES, Organisation, OrganisationKind, Role, User

# Which roles people of which kind of organisation can hold.
ROLES_OF_KIND = {
    **{kind: set(ENTERPRISE_ROLES) for kind in APPLICANT_KINDS},
    OrganisationKind.DISTRICT_BUREAU: {Role.DISTRICT_OFFICER, Role.DISTRICT_LEAD},
    OrganisationKind.CITY_BUREAU: {Role.BUREAU_OFFICER, Role.BUREAU_LEAD},
    OrganisationKind.CITY_FINANCE: {Role.FINANCE_OFFICER, Role.FINANCE_LEAD},
    OrganisationKind.GOVERNMENT_OFFICE: {Role.GOVERNMENT_OFFICE},
    OrganisationKind.THIRD_PARTY: {Role.ASSESSOR},
    OrganisationKind.SUPERVISION: {Role.SUPERVISOR},
    OrganisationKind.EXPERT_EMPLOYER: {Role.EXPERT},
    OrganisationKind.OPERATOR: {Role.ADMINISTRATOR},
}


class OpenAccountForm(PortalForm):
    """A new account: who, of which organisation, with which roles."""

    username = forms.SlugField(label="账号", max_length=60, help_text="登录时填写，字母、数字和连字符。")
    name = forms.CharField(label="姓名", max_length=40)
    organisation = forms.ModelChoiceField(label="单位", queryset=Organisation.objects.none())
    title = forms.CharField(label="职务", max_length=40, required=False)
    email = forms.EmailField(label="邮箱", required=False, help_text="办理通知发到这里。")
    roles = forms.MultipleChoiceField(label="岗位", choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    password = forms.CharField(
        label="初始密码", widget=forms.PasswordInput, help_text="至少 10 位。第一次登录后请本人马上修改。"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("这个账号已经有人使用，请另选一个。")
        return username

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        organisation, roles = data.get("organisation"), data.get("roles")
        if organisation and roles and set(roles) - ROLES_OF_KIND.get(organisation.kind, set()):
            kind = organisation.get_kind_display()
            self.add_error("roles", f"“{kind}”的人员不能担任所选岗位，请只选本单位的岗位。")
        return data


class SwitchAccountForm(PortalForm):
    """Closing or reopening an account, and why."""

    reason = forms.CharField(label="原因", max_length=200, help_text="记入审计记录，例如：调离岗位。")
