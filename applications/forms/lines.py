"""The investment lines as pages of a grid: each row with its mark, what was left unsaved in its place, two people's rows together."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator

from applications.facts import sections
from applications.forms.grids import BLANK_ROWS, GridFormSet
from applications.forms.typed import MINE
from applications.models import Category, Draft
from applications.services.drafts import MOST_LINES, exact_line
from applications.services.line_rows import Row
from core.forms import DayInput, PortalForm, YuanFormField, YuanInput, named
from core.money import yuan

PREFIX = "lines"
ON_A_PAGE = 30
OF_THE_ROW = ("id", "slot", "mark")
BASICS = ("category", "model", "quantity", "amount", "tax", "supplier", "domestic")
PAPERS = (
    "contract_number", "contracted_on", "contract_amount", "invoice_number", "invoiced_on", "serial_number",
    "supplier_uscc", "payee", "paid_on", "paid",
)  # fmt: skip
LABELS = {
    "name": "名称", "contract_number": "合同编号", "contracted_on": "签订日期", "contract_amount": "合同金额（元，含税）",
    "invoice_number": "发票号码", "invoiced_on": "开票日期", "serial_number": "设备编号", "supplier_uscc": "供应商代码",
    "payee": "收款方", "paid_on": "付款日期", "paid": "已付（元，含税）",
}  # fmt: skip


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
    contracted_on = forms.DateField(required=False, widget=forms.HiddenInput)
    contract_amount = YuanFormField(required=False, widget=forms.HiddenInput)
    payee = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    paid_on = forms.DateField(required=False, widget=forms.HiddenInput)
    paid = YuanFormField(required=False, widget=forms.HiddenInput)
    id = forms.RegexField(r"^[0-9]{1,18}$", required=False, widget=forms.HiddenInput)
    slot = forms.RegexField(r"^[a-z][0-9a-z]{1,15}$", required=False, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = field.label or LABELS.get(name, "")

    def has_changed(self) -> bool:
        """False for a row as blank as a new one, whatever the page wrote into its hidden fields."""
        return any(name not in OF_THE_ROW for name in self.changed_data)

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError("金额须大于 0，没有金额的行请删除。", code="zero")
        return amount

    def clean_tax(self) -> Any:
        return self.cleaned_data["tax"] or 0

    @property
    def typed(self) -> dict[str, str]:
        """The row as typed, with the mark it was typed upon."""
        return {name: self.data.get(self.add_prefix(name), "") for name in self.fields if name != "DELETE"}

    @property
    def fault(self) -> str:
        """What is wrong with the row, in one line, each fault with its column."""
        told = [named(bound, message) for bound in self for message in bound.errors]
        return " ".join([*self.non_field_errors(), *told])

    def as_row(self) -> Row | None:
        """The row for the service; None for a blank one. A stored line that was emptied or ticked goes."""
        typed = self.typed
        key = typed["id"] if typed["id"].isdigit() else typed["slot"] or new_slot()
        readable = self.is_valid()
        ticked = bool(self.data.get(self.add_prefix("DELETE")))
        if ticked or not self.has_changed():
            return Row(key, typed["mark"], None, typed, goes=True) if typed["id"] else None
        values = {name: self.cleaned_data[name] for name in sections.LINE_FIELDS} if readable else None
        return Row(key, typed["mark"], values, typed)


class PapersForm(LineForm):
    """The same line from its papers' side: contract, invoice, machine and payment to be filled in, the rest along unseen."""

    grid_columns = tuple((name, LABELS[name]) for name in ("name", *PAPERS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in BASICS:
            self.fields[name].widget = self.fields[name].hidden_widget()
        for name in PAPERS:
            self.fields[name].widget = _papers_input(self.fields[name])


def _papers_input(field: forms.Field) -> forms.Widget:
    if isinstance(field, forms.DateField):
        return DayInput()
    if isinstance(field, YuanFormField):
        return YuanInput(unit=None)
    return forms.TextInput({"autocomplete": "off"})


def _grid(form: type[LineForm]) -> Any:
    return forms.formset_factory(
        form, formset=GridFormSet, extra=BLANK_ROWS, can_delete=True, max_num=MOST_LINES, validate_max=True,
        absolute_max=MOST_LINES + 500,
    )  # fmt: skip


LineFormSet, PapersFormSet = _grid(LineForm), _grid(PapersForm)


def new_slot() -> str:
    """A name for a row that is new, so that a row sent twice is written once."""
    return f"n{secrets.token_hex(5)}"


@dataclass(frozen=True, slots=True)
class BothLines:
    """One line two people wrote, in words."""

    number: str
    name: str
    mine: str
    theirs: str
    pick: str = MINE


class LinesPage:
    """One page of the grid as it is opened: stored lines, this person's unsaved rows in their places, blank rows at the end."""

    section = "lines"

    def __init__(
        self, draft: Draft, *, kept: Any = None, page: Any = None, more: bool = False, papers: bool = False
    ) -> None:
        """`papers`: the columns of contract, invoice and payment instead of the first ones; rows are added among those."""
        self.draft, self.kept, self.kind = draft, kept, PapersFormSet if papers else LineFormSet
        left = {key: json.loads(text) for key, text in kept.fields.items()} if kept else {}
        self.unsaved = {key: typed for key, typed in left.items() if _differs(typed)}
        self.both = self._both()
        pages = Paginator(draft.lines.order_by("position"), ON_A_PAGE)
        self.page = pages.get_page(pages.num_pages if more else page)
        self.formset = self._formset(0 if papers else BLANK_ROWS * (2 if more else 1))
        self.formset.first_number = self.page.start_index() or 1

    def _both(self) -> list[BothLines]:
        numbers = [int(key) for key in self.unsaved if key.isdigit()]
        standing = {str(line.pk): line for line in self.draft.lines.filter(pk__in=numbers)} if numbers else {}
        found = []
        for key in [key for key, typed in self.unsaved.items() if typed.get("mark")]:
            line, mine = standing.get(key), self.unsaved[key]
            if line is None or sections.line_mark(line) != mine["mark"]:
                theirs = told({name: getattr(line, name) for name in sections.LINE_FIELDS}) if line else "（已经删除）"
                name = f"第 {line.position} 行 {line.name}" if line else f"{mine['name'] or '一行'}"
                found.append(BothLines(key, name, told(mine), theirs))
        return found

    def chosen(self, picks: Mapping[str, str]) -> tuple[list[Row], list[str]]:
        """The rows in which mine is to stand, upon what stands now, and the keys of those given up."""
        given_up = [one.number for one in self.both if picks.get(f"pick-{one.number}") != MINE]
        mine = [one.number for one in self.both if one.number not in given_up]
        marks = {str(line.pk): sections.line_mark(line) for line in self.draft.lines.filter(pk__in=map(int, mine))}
        rows = [_row_of({**self.unsaved[key], "mark": marks.get(key, "")}) for key in mine]
        return [row for row in rows if row], given_up

    def _formset(self, blank: int) -> Any:
        rows = [self._stored(line) for line in self.page.object_list]
        is_last = not self.page.has_next()
        new = [key for key in self.unsaved if not key.isdigit()] if is_last else []
        disputed = {one.number for one in self.both}
        typed = {key: text for key, text in self.unsaved.items() if key not in disputed}
        if not is_last:
            blank = 0
        if not (new or any(str(row["id"]) in typed for row in rows)):
            formset = self.kind(initial=rows + [{"slot": new_slot()} for _ in range(blank)], prefix=PREFIX)
            formset.extra = 0
            return formset
        filled = [{**_as_posted(row), **typed.get(str(row["id"]), {})} for row in rows] + [typed[key] for key in new]
        return self.kind(_data_of(filled + [_blank() for _ in range(blank)]), prefix=PREFIX)

    @staticmethod
    def _stored(line: Any) -> dict[str, Any]:
        values = {name: getattr(line, name) for name in sections.LINE_FIELDS}
        return {**values, "id": line.pk, "slot": "", "mark": sections.line_mark(line)}


def _row_of(typed: Mapping[str, str]) -> Row | None:
    form = LineForm(_data_of([dict(typed)]), prefix=f"{PREFIX}-0", empty_permitted=True, use_required_attribute=False)
    return form.as_row()


def _differs(typed: Mapping[str, str]) -> bool:
    """False for a blank row, and for one that says what its line says (a whole page was sent after the session)."""
    row = _row_of(typed)
    return row is not None and not (row.values and sections.marks_of([exact_line(row.values)]) == row.mark)


def _blank() -> dict[str, str]:
    return {**_as_posted({}), "slot": new_slot()}


def _as_posted(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as the browser would send it."""
    sent = {}
    for name, field in LineForm.base_fields.items():
        value = field.prepare_value(row.get(name, field.initial))
        sent[name] = "" if value is None else str(value)
    return sent


def _data_of(rows: list[dict[str, str]]) -> dict[str, str]:
    data = {f"{PREFIX}-TOTAL_FORMS": str(len(rows)), f"{PREFIX}-INITIAL_FORMS": "0"}
    return data | {f"{PREFIX}-{place}-{name}": text for place, row in enumerate(rows) for name, text in row.items()}


def posted_rows(data: Any, *, ticked: bool = False) -> dict[int, LineForm]:
    """The rows that were sent by themselves, by their place on the page; ticked ones, which wait for the plain save, only
    where they are wanted."""
    places = {int(place) for place in data.getlist("row") if place.isdigit() and len(place) < 6}
    found = {place: LineForm(data, prefix=f"{PREFIX}-{place}", empty_permitted=True, use_required_attribute=False)
             for place in sorted(places)[:MOST_LINES]}  # fmt: skip
    return {place: form for place, form in found.items() if ticked or not data.get(f"{PREFIX}-{place}-DELETE")}


def told(line: Mapping[str, Any]) -> str:
    """One line in words, one fact a row; typed figures as they were typed."""
    amount, tax = (_money(line.get(name)) for name in ("amount", "tax"))
    labels = dict(Category.choices)
    facts = [
        f"{labels.get(line.get('category', ''), '')} {line.get('name') or '（没有名称）'} {line.get('model') or ''}".strip(),
        f"数量 {line.get('quantity') or '—'}，金额 {amount} 元，税额 {tax} 元",
        f"{line.get('supplier') or '（没有供应商）'} · {'国产' if str(line.get('domestic')) == 'True' else '进口'}",
    ]
    more = [f"{LABELS[name]} {line[name]}" for name in PAPERS if line.get(name) not in (None, "")]
    return "\n".join(facts + [" · ".join(more)] * any(more))


def _money(value: Any) -> str:
    return value if isinstance(value, str) and value else yuan(value or 0)
