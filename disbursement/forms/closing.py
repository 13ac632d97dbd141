"""What is typed for acceptance, settlement, recovery and the ways out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm, UploadField, YuanFormField
from core.models import Organisation, OrganisationKind


def text_area(label: str, *, rows: int = 4, help_text: str = "", required: bool = True) -> forms.CharField:
    """A text of up to four thousand characters."""
    return forms.CharField(
        label=label,
        max_length=4000,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CompletionForm(PortalForm):
    """竣工报告 of the enterprise."""

    completed_on = forms.DateField(label="竣工日期")
    claimed_investment = YuanFormField(
        label="已完成合格投资", min_value=Decimal("0.01"), help_text="不含税，不含土地、厂房等基础建设投资。"
    )
    summary = text_area("竣工说明", rows=6, help_text="建设内容完成情况、设备和软件投用情况、绩效目标完成情况。")
    file = UploadField(label="竣工报告（盖章）", required=False, help_text="PDF、OFD 或图片。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AssignForm(PortalForm):
    """Which third-party body assesses, by which 委托书."""

    assessor = forms.ModelChoiceField(label="第三方机构", queryset=Organisation.objects.none(), empty_label="请选择")
    number = forms.CharField(label="委托书文号", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].queryset = Organisation.objects.filter(kind=OrganisationKind.THIRD_PARTY)


class ReportForm(PortalForm):
    """The third party's five parts and the audited figure (第十一条)."""

    audited_eligible = YuanFormField(
        label="审定合格投资",
        min_value=Decimal(0),
        help_text="逐项核对设备、软件、发票与付款后的金额，不含税、不含土地厂房。",
    )
    progress_text = text_area("进度及可行性")
    investment_text = text_area("投资")
    technology_text = text_area("技术水平")
    domestic_text = text_area("国产化设备及软件投入")
    effect_text = text_area("应用成效")
    opinion = forms.ChoiceField(
        label="评估意见",
        choices=[("pass", "建议通过"), ("rectify", "建议整改后复验"), ("fail", "建议不通过")],
        widget=forms.RadioSelect,
    )
    file = UploadField(label="评估报告（盖章）", required=False, help_text="PDF、OFD 或图片。")


class ConcludeForm(PortalForm):
    """The bureau's conclusion of an acceptance."""

    conclusion = forms.ChoiceField(
        label="验收结论",
        choices=[
            ("accept", "通过，按审定投资终核清算"),
            ("rectify", "整改后复验（只有一次，期间暂停拨付）"),
        ],
        widget=forms.RadioSelect,
    )
    text = text_area("理由或整改要求", help_text="企业会看到这段话。")


class DemandForm(PortalForm):
    """追回通知: its number, the days to pay, the account to pay to."""

    number = forms.CharField(label="追回通知文号", max_length=60)
    days = forms.IntegerField(
        label="退回期限（日）", min_value=5, max_value=180, initial=30, help_text="自通知之日起的自然日。"
    )
    pay_to = forms.CharField(
        label="退款账户",
        max_length=200,
        help_text="户名、开户银行和账号，印在通知上。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReceiptForm(PortalForm):
    """Money that came back, as the bank's receipt says."""

    amount = YuanFormField(label="到账金额", min_value=Decimal("0.01"))
    receipt_number = forms.CharField(label="银行回单号", max_length=60)
    on = forms.DateField(label="到账日期")


class ReferForm(PortalForm):
    """To whom an overdue recovery is handed on, and whether the enterprise is registered until it pays."""

    to = forms.CharField(label="移送机关", max_length=100, help_text="如人民法院（申请强制执行）、公安机关、审计机关。")
    number = forms.CharField(label="移送函文号", max_length=60)
    reason = text_area("移送理由")
    register = forms.BooleanField(
        label="列入失信登记",
        required=False,
        help_text="款项收齐前，这家企业的其他项目暂停拨付，也不能再申报。收齐后自动解除。",
    )
