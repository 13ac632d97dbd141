"""Codes people type: 统一社会信用代码, bank account, 联行号, phone; and how such values are masked."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from stdnum.cn import uscc as stdnum_uscc

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
LOOKS_LIKE = {"O": "数字 0", "I": "数字 1", "S": "数字 5", "Z": "数字 2", "V": "字母 U 或 Y"}
ENTERPRISE_PREFIXES = ("91",)  # 91 = 企业; settings.USCC_PREFIXES replaces it
INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
MASK = "*"


def half_width(value: str) -> str:
    """Full-width letters, digits and signs as their half-width twins; outer spaces removed."""
    return unicodedata.normalize("NFKC", value).strip()


# --- 统一社会信用代码 (GB 32100-2015) ----------------------------------------------------------------------------------


def clean_uscc(value: str) -> str:
    """The code as it is kept: half-width, upper case, no spaces or hyphens. Raises ValidationError with the reason.

    Letters O, I, S, V, Z are refused and never replaced: a guess could make another enterprise's code.
    """
    code = re.sub(r"[\s\-]", "", half_width(value)).upper()
    if len(code) != 18:
        raise ValidationError(
            f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请对照营业执照填写。", code="uscc_length"
        )
    for place, sign in enumerate(code, start=1):
        if sign not in USCC_ALPHABET:
            hint = f"，是否应为{LOOKS_LIKE[sign]}？" if sign in LOOKS_LIKE else "。"
            raise ValidationError(
                f"统一社会信用代码第 {place} 位“{sign}”不是可用字符（不使用字母 I、O、S、V、Z）{hint}",
                code="uscc_character",
            )
    if not code[2:8].isdigit():
        raise ValidationError("统一社会信用代码第 3 至 8 位是登记机关的行政区划，应全为数字。", code="uscc_region")
    if stdnum_uscc.calc_check_digit(code[:17]) != code[17]:
        raise ValidationError(
            "统一社会信用代码的校验位不符，可能有一位填错，请对照营业执照逐位核对。", code="uscc_check"
        )
    return code


def validate_uscc(value: str) -> None:
    """A model validator: the value must be a valid code in the form it is kept. Raises ValidationError."""
    code = clean_uscc(value)
    if code != value:
        raise ValidationError(f"统一社会信用代码请写作 {code}（半角、大写、无空格）。", code="uscc_form")


# The first two signs of the code by the kind of applicant (GB 32100-2015: 登记管理部门 and 机构类别).
APPLICANT_PREFIXES: dict[str, tuple[str, ...]] = {
    "university": ("12", "52"),  # 事业单位, 民办非企业单位
    "institute": ("12", "52"),
    "association": ("51", "52", "53"),  # 社会团体, 民办非企业单位, 基金会
    "park": ("11", "12"),  # 机关, 事业单位; a park run by a company is an enterprise
}


def clean_applicant_uscc(value: str, kind: str) -> str:
    """clean_uscc, and of the kind this applicant has. Raises ValidationError with what would be right."""
    if kind not in APPLICANT_PREFIXES:
        return clean_enterprise_uscc(value)
    code, allowed = clean_uscc(value), APPLICANT_PREFIXES[kind]
    if not code.startswith(allowed):
        raise ValidationError(
            f"这类单位的统一社会信用代码以 {'、'.join(allowed)} 开头；您填写的以 {code[:2]} 开头，请核对单位类别。",
            code="uscc_kind",
        )
    return code


def clean_enterprise_uscc(value: str) -> str:
    """clean_uscc, and of the kind an applicant may have (91 企业 unless settings.USCC_PREFIXES says otherwise)."""
    code = clean_uscc(value)
    allowed = tuple(getattr(settings, "USCC_PREFIXES", ENTERPRISE_PREFIXES))
    if not code.startswith(allowed):
        raise ValidationError(
            f"申报单位应为企业，统一社会信用代码以 {'、'.join(allowed)} 开头；您填写的以 {code[:2]} 开头。",
            code="uscc_kind",
        )
    return code


def inner_code_warning(value: str) -> str:
    """A warning where characters 9–17 fail the check of GB 11714 (some older codes do), else an empty string."""
    inner = clean_uscc(value)[8:17]
    if inner_check_character(inner[:8]) == inner[8]:
        return ""
    return "统一社会信用代码中的组织机构代码（第 9 至 17 位）校验不符；少数早期代码如此，请对照营业执照确认。"


def uscc_check_character(body: str) -> str:
    """The eighteenth character of a code whose first seventeen are given (GB 32100)."""
    return stdnum_uscc.calc_check_digit(body)


def inner_check_character(body: str) -> str:
    """The ninth character of an organisation code whose first eight are given (GB 11714)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, INNER_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


# --- bank and phone -------------------------------------------------------------------------------------------------


def _matching(value: str, pattern: str, message: str, code: str) -> str:
    tidy = re.sub(r"[\s\-]", "", half_width(value))
    if not re.fullmatch(pattern, tidy):
        raise ValidationError(message, code=code)
    return tidy


def clean_bank_account(value: str) -> str:
    """8 to 32 digits; spaces and hyphens removed. There is no public check digit."""
    return _matching(
        value, r"[0-9]{8,32}", "银行账号应为 8 至 32 位数字，请对照开户许可证或银行回单填写。", "bank_account"
    )


def clean_cnaps(value: str) -> str:
    """The 12 digits of a bank's 联行号."""
    return _matching(value, r"[0-9]{12}", "联行号（支付系统行号）应为 12 位数字，可向开户银行询问。", "cnaps")


def clean_phone(value: str) -> str:
    """A mobile number of 11 digits or a landline with area code; spaces and hyphens removed."""
    pattern = r"(1[3-9][0-9]{9})|(0[0-9]{2,3}[0-9]{7,8}([0-9]{1,6})?)"
    return _matching(value, pattern, "请填写 11 位手机号，或带区号的座机号，例如 024-22721234。", "phone")


def validate_bank_account(value: str) -> None:
    clean_bank_account(value)


def validate_cnaps(value: str) -> None:
    clean_cnaps(value)


def validate_phone(value: str) -> None:
    clean_phone(value)


def mask(value: str, head: int = 4, tail: int = 4) -> str:
    """前4后4: 6222****5678. A value too short for both ends shows its last two signs only."""
    if not value:
        return ""
    if len(value) <= head + tail:
        return MASK * max(len(value) - 2, 1) + value[-2:] if len(value) > 2 else MASK * len(value)
    return value[:head] + MASK * 4 + value[-tail:]


def mask_phone(value: str) -> str:
    """138****5678."""
    return mask(value, head=3, tail=4)
