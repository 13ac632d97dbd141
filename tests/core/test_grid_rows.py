"""A grid drawn at once says what its forms say one by one; a widget drawn by us is Django's own, sign for sign."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from applications.forms.calls import MaterialRowFormSet, RubricRowFormSet
from applications.forms.grids import GridFormSet
from applications.forms.indicators import IndicatorFormSet
from applications.forms.lines import LineFormSet
from core.forms import DayInput, MomentInput, PortalRenderer, YuanInput
from core.grid_rows import can_be_filled
from core.templatetags.field_tags import edit_grid

ROWS = [
    {"category": "land", "name": '<b>"厂房" & 地</b>', "amount": Decimal("1234567.5"), "tax": Decimal(0), "domestic": False},
    {"slot": "n1__prefix__"},
    {"order": 3, "need": "optional", "blind": True, "confidential": False, "hint": "checked"},
    {"order": 4, "blind": False, "confidential": True, "amount": None, "step": "2.0"},
    {"name": "", "quantity": 12, "invoiced_on": date(2026, 3, 5), "supplier": "沈阳'甲", "mark": "", "model": "0"},
]  # fmt: skip


@pytest.mark.parametrize("kind", [LineFormSet, IndicatorFormSet, MaterialRowFormSet, RubricRowFormSet])
def test_rows_filled_in_are_the_rows_the_forms_draw(monkeypatch, kind):
    formset = kind(initial=ROWS, prefix="rows")
    assert can_be_filled(formset)
    at_once = edit_grid(formset, "明细")
    monkeypatch.setattr(GridFormSet, "rows_alike", False)

    assert at_once == edit_grid(kind(initial=ROWS, prefix="rows"), "明细")


@pytest.mark.parametrize("widget", [forms.Textarea, forms.RadioSelect, forms.SelectMultiple])
def test_a_grid_whose_rows_cannot_be_filled_in_is_drawn_form_by_form(monkeypatch, widget):
    class Row(forms.Form):
        note = forms.CharField(widget=widget)

    Row.base_fields["note"].widget.choices = [("a", "甲"), ("b", "乙")]
    formset = forms.formset_factory(Row, formset=GridFormSet, extra=1)(initial=[{"note": "b"}, {"note": "a"}])
    drawn = edit_grid(formset, "明细")
    monkeypatch.setattr(GridFormSet, "rows_alike", False)

    assert drawn == edit_grid(formset, "明细")


WIDGETS = [
    forms.TextInput({"class": "num", "readonly": True, "hidden": False, "maxlength": 12}), forms.HiddenInput(),
    forms.NumberInput(), forms.EmailInput(), forms.PasswordInput(render_value=True), forms.CheckboxInput(), DayInput(),
    MomentInput(), forms.Textarea({"rows": 3}), YuanInput(), YuanInput(unit=None),
    forms.Select(choices=[("", "请选择"), ("a", "甲<1>"), ("组", [("b", "乙"), ("2", "丙")])]),
]  # fmt: skip


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_widget_is_drawn_as_django_draws_it(widget):
    attrs = {"id": "id_field", "aria-label": '第 1 行"'}
    for value in (None, True, False, 0, 12, "", "a", "2", "<b>\"&'", "1,500.00"):
        ours, theirs = (widget.render("field", value, attrs, draws) for draws in (PortalRenderer(), Dressed()))

        assert re.sub(r"\s+<", "<", ours) == re.sub(r"\s+<", "<", theirs).strip()


class Dressed(PortalRenderer):
    """The portal's classes on Django's own templates."""

    def render(self, template_name, context, request=None):
        super().render(template_name, context, request)  # dresses the widget
        return TemplatesSetting.render(self, template_name, context, request)
