"""Forms of the roof: signing in, a new password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from core.forms import PortalFormMixin


class SignInForm(PortalFormMixin, AuthenticationForm):
    """Account and password."""

    marks_required = False
    error_messages = {
        "invalid_login": "账号或密码不正确，请重新输入。连续 5 次不正确，这个账号将暂停登录 30 分钟。",
        "inactive": "这个账号已停用。如需恢复，请联系本单位的管理员。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"
        for name, purpose in (("username", "username"), ("password", "current-password")):
            field = self.fields[name]
            field.error_messages["required"] = f"请填写{field.label}。"
            field.widget.attrs |= {"class": "form-control-lg", "autocomplete": purpose, "spellcheck": "false"}
            field.widget.attrs.pop("autofocus", None)


class ChangePasswordForm(PortalFormMixin, PasswordChangeForm):
    """The old password and, twice, the new one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (
            ("old_password", "现在的密码"),
            ("new_password1", "新密码"),
            ("new_password2", "再输入一次新密码"),
        ):
            field: forms.Field = self.fields[name]
            field.label = label
            field.error_messages["required"] = f"请填写{label}。"
            field.widget.attrs.pop("autofocus", None)
