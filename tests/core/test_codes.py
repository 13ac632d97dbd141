"""Codes people type: credit codes with their inner code, accounts, phones, masks, places."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from core import codes, reference

GOOD = "91110000600037341L"


@pytest.mark.parametrize("code", [GOOD, "91350100M000100Y43"])
def test_valid_credit_codes_pass(code):
    assert codes.clean_uscc(code) == codes.clean_enterprise_uscc(code) == code
    codes.validate_uscc(code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y4Z", "uscc_character"),
        ("91110000600037342L", "uscc_check"),
        ("9111000060003734", "uscc_length"),
        ("9111O000600037341L", "uscc_character"),
        ("91I10000600037341L", "uscc_character"),
        ("91A10000600037341L", "uscc_region"),
        ("", "uscc_length"),
        ("统一社会信用代码统一社会信用代码统一", "uscc_character"),
    ],
)
def test_wrong_credit_codes_are_refused_with_their_reason(code, reason):
    with pytest.raises(ValidationError) as refused:
        codes.clean_uscc(code)
    assert refused.value.code == reason


def test_letter_o_is_named_and_not_repaired():
    with pytest.raises(ValidationError, match=r"第 5 位“O”.*数字 0"):
        codes.clean_uscc("9111O000600037341L")


def test_full_width_and_spaces_are_tidied_but_not_kept():
    typed = " ９１１１０００0-600037341ｌ "
    assert codes.clean_uscc(typed) == GOOD
    with pytest.raises(ValidationError, match=GOOD):
        codes.validate_uscc(typed)


def test_an_applicant_is_an_enterprise(settings):
    shop = "92" + GOOD[2:17]
    shop += uscc.calc_check_digit(shop)
    assert codes.clean_uscc(shop) == shop
    with pytest.raises(ValidationError, match="应为企业"):
        codes.clean_enterprise_uscc(shop)
    settings.USCC_PREFIXES = ["91", "92"]
    assert codes.clean_enterprise_uscc(shop) == shop


def test_the_inner_code_only_warns():
    assert codes.inner_code_warning(GOOD) == ""
    odd = GOOD[:16] + "5"
    odd += uscc.calc_check_digit(odd)
    assert "第 9 至 17 位" in codes.inner_code_warning(odd)


@given(st.text(alphabet=codes.USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 17))
def test_one_wrong_character_is_always_found(body, place):
    body = body[:2] + "210106" + body[8:]
    code = body + uscc.calc_check_digit(body)
    assert codes.clean_uscc(code) == code
    wrong = "3" if code[place] != "3" else "4"
    with pytest.raises(ValidationError):
        codes.clean_uscc(code[:place] + wrong + code[place + 1 :])


def test_accounts_bank_numbers_and_phones():
    assert codes.clean_bank_account("6222 0202-0000 1234567") == "6222020200001234567"
    assert codes.clean_cnaps("３０１２２１００００１９") == "301221000019"
    assert codes.clean_phone("138 0000 1111") == "13800001111"
    assert codes.clean_phone("024-22721234") == "02422721234"
    for clean, wrong in [
        (codes.clean_bank_account, "1234567"),
        (codes.clean_bank_account, "1" * 33),
        (codes.clean_bank_account, "62220202A0001234"),
        (codes.clean_cnaps, "30122100001"),
        (codes.clean_phone, "12345678901"),
        (codes.clean_phone, "22721234"),
    ]:
        with pytest.raises(ValidationError):
            clean(wrong)


def test_masks_show_both_ends_and_never_the_whole():
    assert codes.mask("6222020200001234567") == "6222****4567"
    assert codes.mask_phone("13800001111") == "138****1111"
    assert codes.mask("12345678") == "******78"
    assert codes.mask("12") == "**"
    assert codes.mask("") == ""


def test_the_thirteen_districts_and_the_zones_within_them():
    districts = list(reference.rows("districts.csv"))
    assert len(districts) == len({row["code"] for row in districts}) == len({row["slug"] for row in districts}) == 13
    assert {row["slug"]: row["code"] for row in districts}["tiexi"] == "210106"
    assert {zone["district_code"] for zone in reference.rows("zones.csv")} <= {row["code"] for row in districts}
