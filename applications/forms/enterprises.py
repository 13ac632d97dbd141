"""一企一档 and the bank account as forms."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.forms.industry import IndustryField
from core import codes
from core.forms import PortalForm


class ProfileForm(PortalForm):
    address = forms.CharField(label="注册地址", max_length=200)
    industry = IndustryField(
        label="所属行业（GB/T 4754 四位代码）",
        help_text="输入代码或名称搜索，例如 3421 金属切削机床制造；四个试点大类以外的填四位代码。",
    )  # fmt: skip
    above_scale = forms.BooleanField(label="规模以上工业企业", required=False)
    legal_person = forms.CharField(label="法定代表人", max_length=40)
    contact = forms.CharField(label="联系人", max_length=40)
    phone = forms.CharField(label="联系电话", max_length=30)
    email = forms.EmailField(
        label="邮箱", required=False, error_messages={"invalid": "邮箱格式不正确，例如 name@example.com。"}
    )

    def __init__(self, *args: Any, institution: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if institution:  # 高校、院所、社会组织、园区: no 规上, and perhaps no class of manufacturing
            del self.fields["above_scale"]
            self.fields["industry"].required = False
            self.fields["industry"].help_text = "有国民经济行业代码的填写，没有的不填。"

    def clean_phone(self) -> str:
        return codes.clean_phone(self.cleaned_data["phone"])


class AccountForm(PortalForm):
    holder = forms.CharField(label="户名", max_length=120, help_text="须与企业名称完全一致。")
    bank = forms.CharField(label="开户行", max_length=120)
    cnaps = forms.CharField(label="联行号", max_length=20, help_text="12 位数字，可向开户行询问。")
    number = forms.CharField(label="账号", max_length=60)

    def __init__(self, *args: Any, enterprise: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise

    def clean_holder(self) -> str:
        holder = self.cleaned_data["holder"].strip()
        if holder != self.enterprise.name:
            raise forms.ValidationError(f"户名须与企业名称一致：{self.enterprise.name}。", code="holder")
        return holder

    def clean_cnaps(self) -> str:
        return codes.clean_cnaps(self.cleaned_data["cnaps"])

    def clean_number(self) -> str:
        return codes.clean_bank_account(self.cleaned_data["number"])


class ConfirmAccountForm(PortalForm):
    """The second person types the account again from the bank's paper; the two must agree."""

    number = forms.CharField(
        label="再次录入账号", max_length=60, help_text="请对照开户许可证或银行回单录入，不要抄屏幕。"
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_number(self) -> str:
        number = codes.clean_bank_account(self.cleaned_data["number"])
        if number != self.account.number:
            raise forms.ValidationError(
                "与录入的账号不一致，请对照开户证明核对；确有错误的，请录入人重新录入。", code="differs"
            )
        return number
