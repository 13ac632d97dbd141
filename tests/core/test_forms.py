"""Fields and forms: money as people type it, markup that speaks to everybody, what was typed stays."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.forms import LARGEST_YUAN, Choices, PortalForm, UploadField, YuanFormField, YuanInput, read_yuan


class Sample(PortalForm):
    title = forms.CharField(label="项目名称", help_text="与备案证明一致")
    amount = YuanFormField(label="投资总额", required=False)
    lines = forms.IntegerField(label="行数", required=False)
    begins_on = forms.DateField(label="开工日期", required=False)
    track = forms.ChoiceField(label="方向", choices=[("point", "点"), ("line", "线")], widget=forms.RadioSelect)
    promise = forms.BooleanField(label="内容真实")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234.5", "1234.50"),
        ("1,234.56", "1234.56"),
        ("１２，３４５．６７", "12345.67"),
        ("1,0000.00", "10000.00"),
        (" 15 000 000 ", "15000000.00"),
        ("¥1,500.00", "1500.00"),
        ("1500.00元", "1500.00"),
        (".5", "0.50"),
        ("0", "0.00"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_money_is_read_as_people_type_it(typed, read):
    assert str(read_yuan(typed)) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-5", "negative"),
        ("－5", "negative"),
        ("−5", "negative"),
        ("abc", "invalid"),
        ("NaN", "invalid"),
        ("Infinity", "invalid"),
        ("1e5", "invalid"),
        ("1_000", "invalid"),
        ("１e５", "invalid"),
        ("1,5", "invalid"),
        ("1,23,4", "invalid"),
        ("1.2.3", "invalid"),
        ("²", "invalid"),
        ("١٢٣", "invalid"),
        ("①", "invalid"),
        ("½", "invalid"),
        ("壹佰", "invalid"),
        (".", "invalid"),
        ("+5", "invalid"),
        ("1.234", "places"),
        ("150万", "unit"),
        ("150 万元", "unit"),
        ("10000000000000", "large"),
        ("9" * 400, "large"),
    ],
)
def test_money_that_is_none_is_refused_with_its_reason(typed, code):
    with pytest.raises(ValidationError) as refused:
        read_yuan(typed)
    assert refused.value.code == code
    assert refused.value.messages[0].endswith("。")


def test_the_money_field_keeps_exact_yuan_and_knows_no_amount():
    field = YuanFormField(required=False)
    assert field.clean("") is None
    assert field.clean("0.30") == Decimal("0.30")
    assert field.clean(Decimal("5")) == Decimal("5.00")


def test_the_money_field_holds_its_limits():
    field = YuanFormField(min_value=Decimal(1), max_value=Decimal(100))
    with pytest.raises(ValidationError, match=r"不能少于 1\.00 元"):
        field.clean("0.99")
    with pytest.raises(ValidationError, match=r"不能超过 100\.00 元"):
        field.clean("100.01")
    assert LARGEST_YUAN == 10**13


def test_the_money_field_shows_thousands_and_sees_no_change_in_them():
    field = YuanFormField()
    assert field.prepare_value(Decimal("4600000.00")) == "4,600,000.00"
    assert field.has_changed(Decimal("4600000.00"), "4,600,000.00") is False
    assert field.has_changed(Decimal("4600000.00"), "四百万") is True


def test_what_was_typed_comes_back_as_typed():
    form = Sample({"title": "", "amount": "1e5", "lines": "两", "track": "line"})
    html = form.as_div()
    assert not form.is_valid()
    assert 'value="1e5"' in html
    assert 'value="两"' in html
    assert 'id="id_track_1" checked' in html


def test_a_field_speaks_its_hint_and_its_error():
    html = str(Sample({})["title"].as_field_group())
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="form-text" id="id_title_helptext">与备案证明一致</p>' in html
    assert 'id="id_title_error"' in html and "请填写项目名称。" in html
    assert '<span class="need">必填</span>' in html


def test_an_optional_field_has_no_mark_of_need():
    assert "必填" not in str(Sample()["amount"].as_field_group())


def test_every_widget_wears_its_class():
    form = Sample()
    assert 'class="form-control"' in str(form["title"])
    assert 'class="form-control num"' in str(form["amount"])
    assert 'type="date"' in str(form["begins_on"])
    assert 'class="form-check-input"' in str(form["promise"])
    assert 'class="radio-list"' in str(form["track"])


def test_number_fields_are_text_so_that_the_browser_loses_nothing():
    html = str(Sample()["lines"])
    assert 'type="text"' in html and 'inputmode="numeric"' in html


def test_the_browser_checks_nothing_itself():
    assert " required" not in Sample().as_div().replace("aria-required", "")


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = str(Sample()["track"].as_field_group())
    assert html.startswith("<fieldset") and '<legend class="form-label">方向' in html


def test_a_grid_money_input_has_no_unit():
    class Line(PortalForm):
        price = YuanFormField(label="单价", widget=YuanInput(unit=None))

    assert "input-group" not in str(Line()["price"])
    assert 'class="input-group"' in str(Sample()["amount"])


def test_messages_of_the_form_s_author_stay():
    class Asked(PortalForm):
        reason = forms.CharField(label="理由", error_messages={"required": "请写明退回的理由。"})
        kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])

    form = Asked({"kind": "z"})
    assert form.errors["reason"] == ["请写明退回的理由。"]
    assert form.errors["kind"] == ["所选的内容不在可选范围内，请重新选择。"]


def test_an_upload_says_what_is_missing():
    class Upload(PortalForm):
        file = UploadField(label="备案证明")

    assert Upload({}, {}).errors["file"] == ["请选择要上传的文件。"]


def test_the_choice_strip_is_a_radio_group():
    class Check(PortalForm):
        verdict = forms.ChoiceField(label="备案", choices=[("ok", "核实"), ("doubt", "存疑")], widget=Choices)

    from core.templatetags.field_tags import choice

    html = choice(Check()["verdict"])
    assert 'role="radiogroup" aria-label="备案"' in html
    assert html.count('type="radio"') == 2


def test_fields_count_as_prepared_only_when_all_of_them_are(monkeypatch):
    class Two(PortalForm):
        one, two = forms.CharField(), forms.CharField()

    seen = []
    monkeypatch.setattr("core.forms._prepare", lambda name, field: seen.append((name, "prepared" in vars(Two))))
    Two()
    Two()

    assert seen == [("one", False), ("two", False)]
