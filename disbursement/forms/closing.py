"""What is typed for acceptance, settlement, recovery and the ways out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm, UploadField, YuanFormField
from core.models import Organisation, OrganisationKind

PAPERS = ("pdf", "ofd", "jpg", "png")


def _text(label: str, *, rows: int = 4, help_text: str = "", required: bool = True) -> forms.CharField:
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
    summary = _text("竣工说明", rows=6, help_text="建设内容完成情况、设备和软件投用情况、绩效目标完成情况。")
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
    progress_text = _text("进度及可行性")
    investment_text = _text("投资")
    technology_text = _text("技术水平")
    domestic_text = _text("国产化设备及软件投入")
    effect_text = _text("应用成效")
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
            ("fail", "不通过，项目终止并追回已拨资金"),
        ],
        widget=forms.RadioSelect,
    )
    text = _text("理由或整改要求", help_text="企业会看到这段话。")
    number = forms.CharField(label="决定书文号", max_length=60, required=False, help_text="结论为不通过时填写。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("conclusion") == "fail" and not cleaned.get("number"):
            self.add_error("number", "验收不通过须有决定书文号。")
        return cleaned


class DecisionForm(PortalForm):
    """A decision with its number, reason and document: termination, disqualification, referral."""

    number = forms.CharField(label="决定书文号", max_length=60)
    reason = _text("事实与理由", help_text="企业会看到这段话，请写明事实、依据和救济途径以外的全部理由。")
    file = UploadField(label="决定书（盖章）", required=False, help_text="PDF、OFD 或图片。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DemandForm(PortalForm):
    number = forms.CharField(label="追回通知文号", max_length=60)


class ReceiptForm(PortalForm):
    """Money that came back, as the bank's receipt says."""

    amount = YuanFormField(label="到账金额", min_value=Decimal("0.01"))
    receipt_number = forms.CharField(label="银行回单号", max_length=60)
    on = forms.DateField(label="到账日期")


class ReferForm(PortalForm):
    number = forms.CharField(label="移送函文号", max_length=60)
    reason = _text("移送理由")
