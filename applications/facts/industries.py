"""Industry codes as a filing gives them: four digits of GB/T 4754-2017, and whether central money reaches them."""

from __future__ import annotations

from policy import industries, versions


def fault_of(code: str) -> str:
    """Why a code cannot be filed, fit for a person; an empty string where it can."""
    if not (len(code) == 4 and code.isascii() and code.isdigit()):
        return "行业代码为国民经济行业分类（GB/T 4754-2017）的四位数字小类代码，例如 3421。"
    known = industries.industry(code)
    listed = {item.major for item in industries.classes().values()}
    if known is None or (known.major in listed and code not in industries.classes()):
        return f"国民经济行业分类中没有 {code}，请按代码表填写四位小类代码。"
    return ""


def label_of(code: str) -> str:
    """3421 金属切削机床制造; the bare code where the standard has no such class."""
    known = industries.industry(code) if code else None
    return known.label if known else code


def is_pilot_now(code: str) -> bool:
    """Whether central money supports the industry under the newest version (第五条)."""
    return industries.is_pilot(code)


def is_pilot(code: str, policy_version: str) -> bool:
    """Whether central money supports the industry under a policy version (第五条)."""
    return industries.is_pilot(code, versions.load(policy_version))
