"""What is typed for pools: opening one, budget and receipts, other spending; and what is asked of the execution view."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import PortalForm, UploadField, YuanFormField
from core.models import District
from disbursement.forms.money import ONE_FEN, ReasonForm
from disbursement.models import BudgetLineKind, Pool, Source, SpendingKind
from disbursement.queries.execution import GROUPS, directions, years


class PoolForm(PortalForm):
    """A new pool: source, year, direction, and the district of district money."""

    source = forms.ChoiceField(label="来源", choices=Source.choices)
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2035)
    direction = forms.CharField(label="方向", max_length=40, initial="技术改造")
    district = forms.ModelChoiceField(
        label="区县",
        queryset=District.objects.all(),
        required=False,
        empty_label="不适用",
        help_text="只有区级资金需要选择。",
    )


class EntryForm(PortalForm):
    """Budget or money by a document (下达文号); it counts once another person confirms it."""

    kind = forms.ChoiceField(
        label="登记",
        choices=BudgetLineKind.choices,
        widget=forms.RadioSelect,
        initial=BudgetLineKind.BUDGET,
    )
    amount = YuanFormField(label="金额", min_value=ONE_FEN, help_text="调减也填正数。")
    document_number = forms.CharField(label="下达文号", max_length=60)
    on = forms.DateField(label="日期")
    file = UploadField(label="下达文件", required=False, help_text="PDF、OFD 或图片，可以不传。")


class SpendingForm(PortalForm):
    """A spending that is no project."""

    pool = forms.ModelChoiceField(
        label="资金池", queryset=Pool.objects.none(), empty_label=None, help_text="中央资金不能列支（第五条）。"
    )
    kind = forms.ChoiceField(label="用途", choices=SpendingKind.choices)
    title = forms.CharField(label="事项", max_length=120)
    payee = forms.CharField(label="收款单位", max_length=120)
    amount = YuanFormField(label="金额", min_value=ONE_FEN)
    document_number = forms.CharField(label="合同或审批文号", max_length=60)
    file = UploadField(label="合同或审批件", required=False, help_text="PDF、OFD 或图片，可以不传。")

    def __init__(self, *args: Any, pools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = pools


class ReceiptForm(ReasonForm):
    """A payment made: what is typed is the number of the bank's receipt."""

    reason = forms.CharField(label="银行回单号", max_length=60)


class ExecutionFilter(PortalForm):
    """What the execution view shows and how it gathers it; nothing is required."""

    by = forms.ChoiceField(
        label="汇总方式", required=False, choices=[(key, words) for key, (words, _, _) in GROUPS.items()]
    )
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部来源"), *Source.choices])
    year = forms.ChoiceField(label="年度", required=False)
    direction = forms.ChoiceField(label="方向", required=False)
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.all(), to_field_name="slug", empty_label="全部区县"
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["year"].choices = [("", "全部年度"), *((str(year), f"{year} 年") for year in years())]
        self.fields["direction"].choices = [("", "全部方向"), *((one, one) for one in directions())]

    def wanted(self) -> dict[str, Any]:
        """What was asked and could be understood; the rest is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AmountFilter(PortalForm):
    """Which figure's postings are looked at."""

    figure = forms.ChoiceField(label="账户", required=False)

    def __init__(self, data: Any = None, *, words: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["figure"].choices = [("", "全部账户"), *words.items()]
