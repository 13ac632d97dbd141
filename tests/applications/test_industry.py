"""Picking an industry by code or name, without scripts, with what it means for central money."""

import pytest
from django import forms

from applications.forms.enterprises import ProfileForm
from applications.forms.industry import IndustryField, meaning_of

READ = [
    ("3421", "3421"),
    ("３４２１", "3421"),
    ("3421 金属切削机床制造", "3421"),
    ("金属切削机床制造", "3421"),
    ("1311", "1311"),
]


@pytest.mark.parametrize(("typed", "code"), READ)
def test_a_class_is_read_by_its_code_or_its_name(typed, code):
    assert IndustryField().clean(typed) == code


def test_a_name_of_several_classes_names_them():
    with pytest.raises(forms.ValidationError, match=r"个小类的名称含“机床”：.*3421 金属切削机床制造"):
        IndustryField().clean("机床")


@pytest.mark.parametrize("typed", ["35", "3400", "9999", "没有这种行业"])
def test_what_is_no_class_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        IndustryField().clean(typed)


def test_the_field_shows_name_and_meaning_of_the_stored_code():
    page = str(ProfileForm(initial={"industry": "3421"})["industry"])

    assert 'value="3421 金属切削机床制造"' in page
    assert "试点行业（34 通用设备制造业），可使用中央资金（第五条）。" in page


def test_what_was_mistyped_stays_as_typed():
    assert 'value="3400"' in str(ProfileForm({"industry": "3400"})["industry"])


def test_the_list_holds_what_is_outside_the_four_too_and_marks_it():
    page = str(ProfileForm()["industry"])

    assert '<option value="36 汽车制造业">不在四个试点大类内（36 汽车制造业）' in page
    assert '<option value="34 通用设备制造业">' not in page  # its classes are listed one by one


def test_outside_the_four_the_local_way_is_named():
    assert meaning_of("1311") == "不在四个试点大类内（13 农副食品加工业），按地方资金渠道办理（第五条、第七条三）。"
