"""Grids of like lines: investment lines and indicators. Blank rows are skipped, typed ones are kept whatever happens."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.models import Category
from applications.services.drafts import MOST_LINES
from core.forms import PortalForm, YuanFormField, YuanInput

BLANK_ROWS = 5


class GridFormSet(forms.BaseFormSet):
    """Every posted row is judged alike: a row as empty as a new one is skipped, whether it was there before or not."""

    default_error_messages = {
        "missing_management_form": "页面不完整，请返回重新打开后再填写。",
        "too_many_forms": "最多 %(num)d 行，请合并同类内容。",
    }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            kwargs["initial"] = None  # a row left as it was must not pass for a blank one
        super().__init__(data, *args, **kwargs)

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was typed, row by row, without blank and deleted rows."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.has_changed() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def with_more_rows(data: Any, prefix: str, form: type[forms.Form]) -> Any:
    """The posted rows and five more, as blank as a new page has them."""
    count = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    if not count.isdigit():
        return data
    data, first = data.copy(), int(count)
    for number in range(first, first + BLANK_ROWS):
        for name, field in form.base_fields.items():
            data[f"{prefix}-{number}-{name}"] = "" if field.initial is None else str(field.initial)
    data[f"{prefix}-TOTAL_FORMS"] = str(first + BLANK_ROWS)
    return data


class LineForm(PortalForm):
    """One line of the 投资明细表; amounts in 元."""

    grid_columns = (
        ("category", "类别"), ("name", "名称"), ("model", "型号"), ("quantity", "数量"), ("amount", "金额（元）"),
        ("tax", "税额（元）"), ("supplier", "供应商"), ("domestic", "产地"),
    )  # fmt: skip

    category = forms.ChoiceField(label="类别", choices=Category, initial=Category.EQUIPMENT)
    name = forms.CharField(label="名称", max_length=120)
    model = forms.CharField(label="型号", max_length=80, required=False)
    quantity = forms.IntegerField(
        label="数量", min_value=1, max_value=1_000_000, initial=1,
        error_messages={"min_value": "数量至少为 1。", "max_value": "数量过大，请核对。"},
    )  # fmt: skip
    amount = YuanFormField(label="金额", widget=YuanInput(unit=None))
    tax = YuanFormField(label="税额", required=False, widget=YuanInput(unit=None))
    supplier = forms.CharField(label="供应商", max_length=120, required=False)
    domestic = forms.TypedChoiceField(
        label="产地", choices=[("True", "国产"), ("False", "进口")], coerce=lambda text: text == "True", initial="True"
    )
    invoice_number = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    serial_number = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    supplier_uscc = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    contract_number = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    invoiced_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError("金额须大于 0，没有金额的行请删除。", code="zero")
        return amount

    def clean_tax(self) -> Any:
        return self.cleaned_data["tax"] or 0


LineFormSet = forms.formset_factory(
    LineForm, formset=GridFormSet, extra=BLANK_ROWS, can_delete=True, max_num=MOST_LINES, validate_max=True,
    absolute_max=MOST_LINES + 500,
)  # fmt: skip
