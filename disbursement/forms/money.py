"""What is typed for proposals, approvals, signatures, batches and the bank's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from applications.models import Call, Project
from core.forms import PortalForm, UploadField, YuanFormField, YuanInput
from core.money import yuan
from core.signing_forms import ProvenForm
from disbursement.models import Instalment, Pool, ProposalItem
from disbursement.queries.ranking import CUT_BY

ONE_FEN = Decimal("0.01")


def _reason(label: str) -> forms.CharField:
    """As long as the columns are that keep reasons."""
    return forms.CharField(label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


# --- proposals --------------------------------------------------------------------------------------------------------


class SeenForm(PortalForm):
    """A step that needs nothing typed; it remembers which version the person had on screen."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(SeenForm):
    """A step back, with its reason."""

    reason = _reason("原因")


class PasswordForm(ProvenForm, SeenForm):
    """A signature: the password once more, and a one-time code where the account has a device for them."""


class ProposalForm(PortalForm):
    """A new proposal for the projects of one call."""

    call = forms.ModelChoiceField(label="申报通知", queryset=Call.objects.none(), empty_label=None)
    title = forms.CharField(label="方案名称", max_length=120)

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls


class ProjectsForm(PortalForm):
    """Which projects to take in; the page shows the boxes in its own table."""

    projects = forms.ModelMultipleChoiceField(label="项目", queryset=Project.objects.none())

    def __init__(self, *args: Any, ready: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = ready
        self.fields["projects"].error_messages["required"] = "请至少选择一个项目。"


class LineForm(PortalForm):
    """Where the line of the ranking list is drawn; nothing is required."""

    by = forms.ChoiceField(label="切线方式", choices=list(CUT_BY.items()), required=False)
    at = forms.DecimalField(label="切线", required=False, min_value=0, max_digits=15, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].widget = forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "切线"})

    def line(self) -> tuple[str, Decimal | None]:
        """By what and where; ("count", None) when nothing is asked."""
        self.is_valid()
        return self.cleaned_data.get("by") or "count", self.cleaned_data.get("at")


def pool_field(pool: Pool) -> str:
    """The name of the field that holds a pool's part."""
    return f"pool-{pool.pk}"


class ItemForm(PortalForm):
    """One line of the proposal's grid: the gross amount and what each pool bears of it."""

    granted = YuanFormField(label="拟核定额", min_value=ONE_FEN, widget=YuanInput(unit=None))

    def __init__(self, *args: Any, item: ProposalItem, pools: Iterable[Pool], **kwargs: Any) -> None:
        self.item, self.pools = item, list(pools)
        parts = {split.pool_id: split.amount for split in item.splits.all()}
        initial = {"granted": item.granted, **{pool_field(p): parts.get(p.pk) for p in self.pools}}
        super().__init__(*args, initial=initial, prefix=f"item-{item.pk}", **kwargs)
        self.fields["granted"].widget.attrs["class"] = "num"
        for pool in self.pools:
            field = YuanFormField(label=str(pool), required=False, widget=YuanInput(unit=None))
            field.widget.attrs.update({"class": "num", "inputmode": "decimal", "autocomplete": "off"})
            self.fields[pool_field(pool)] = field

    def clean_granted(self) -> Decimal:
        granted = self.cleaned_data["granted"]
        if granted > self.item.limit:
            raise forms.ValidationError(f"拟核定额不能高于支持上限 {yuan(self.item.limit)} 元（第六条）。")
        return granted

    @property
    def splits(self) -> dict[int, Decimal]:
        typed = {pool.pk: self.cleaned_data.get(pool_field(pool)) for pool in self.pools}
        return {key: amount for key, amount in typed.items() if amount}


# --- approval ---------------------------------------------------------------------------------------------------------


class ApprovalForm(SeenForm):
    """市政府批复: number, date, document, and a decision on each project (`amount-<item>`, `decline-<item>`, `reason-<item>`)."""

    number = forms.CharField(label="批复文号", max_length=60, help_text="例如 沈政〔2026〕3号。")
    on = forms.DateField(label="批复日期")
    file = UploadField(label="批复文件", required=False, help_text="PDF、OFD 或图片。")

    def __init__(self, *args: Any, items: Iterable[ProposalItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            name = item.project.title
            amount = YuanFormField(
                label=f"{name} 核定支持额", required=False, initial=item.granted, widget=YuanInput(unit=None)
            )
            self.fields[f"amount-{item.pk}"] = amount
            self.fields[f"decline-{item.pk}"] = forms.BooleanField(label=f"{name} 不予支持", required=False)
            self.fields[f"reason-{item.pk}"] = forms.CharField(label=f"{name} 原因", max_length=200, required=False)

    def rows(self) -> list[dict[str, Any]]:
        """Each item with its three fields, for the page's table."""
        return [
            {
                "item": item,
                "amount": self[f"amount-{item.pk}"],
                "decline": self[f"decline-{item.pk}"],
                "reason": self[f"reason-{item.pk}"],
            }
            for item in self.items
        ]


# --- batches and payments ---------------------------------------------------------------------------------------------


class InstalmentsForm(PortalForm):
    """Which instalments to pay; the page shows the boxes in its own table."""

    instalments = forms.ModelMultipleChoiceField(label="款项", queryset=Instalment.objects.none())

    def __init__(self, *args: Any, payable: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instalments"].queryset = payable
        self.fields["instalments"].error_messages["required"] = "请至少选择一笔可拨付的款项。"
        self.fields["instalments"].error_messages["invalid_choice"] = "所选款项中有的刚刚不能拨付了，请重新选择。"


class ResultFileForm(PortalForm):
    """The bank's answers as a workbook."""

    file = UploadField(label="银行结果文件", help_text="按模板填写的 .xlsx，最多 5,000 行。")


OUTCOMES = [("", "未回"), ("paid", "已到账"), ("failed", "支付失败")]


class ResultsForm(PortalForm):
    """The bank's answers, typed one by one (`outcome-<payment>`, `receipt-<payment>`, `reason-<payment>`)."""

    def __init__(self, *args: Any, payments: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payments = list(payments)
        for payment in self.payments:
            name = f"{payment.project.title} {payment.pool}"
            self.fields[f"outcome-{payment.pk}"] = forms.ChoiceField(
                label=f"{name} 结果", choices=OUTCOMES, required=False
            )
            self.fields[f"receipt-{payment.pk}"] = forms.CharField(
                label=f"{name} 回单号", max_length=60, required=False
            )
            self.fields[f"reason-{payment.pk}"] = forms.CharField(label=f"{name} 原因", max_length=200, required=False)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"payment": p, **{part: self[f"{part}-{p.pk}"] for part in ("outcome", "receipt", "reason")}}
            for p in self.payments
        ]

    def clean(self) -> Mapping[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(f"outcome-{payment.pk}") for payment in self.payments):
            raise forms.ValidationError("请至少填写一笔的结果。")
        return cleaned
