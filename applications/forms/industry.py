"""Picking a class of GB/T 4754 by code or by name, and what it means for central money (第五条)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from applications.facts import industries
from core.codes import half_width
from policy.industries import classes, industry, majors, search

SHOWN = 5


class IndustryInput(forms.TextInput):
    """A text field with the browser's own list of the pilot classes: it searches by code and by name, without scripts."""

    template_name = "components/widgets/picker.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        code = str(value or "")[:4]
        context["widget"]["list"] = f"{(attrs or {}).get('id', name)}_list"
        context["widget"]["options"] = _choices()
        context["widget"]["said"] = "" if industries.fault_of(code) else meaning_of(code)
        return context


class IndustryField(forms.CharField):
    """Cleans to a four-digit code; takes the code, the code with its name, or a name that only one class has."""

    widget = IndustryInput

    def to_python(self, value: Any) -> str:
        text = half_width(str(value or "")).strip()
        code, _, rest = text.partition(" ")
        known = industry(code) if len(code) == 4 else None
        if rest and known and rest.strip() == known.name:
            return code
        if not text or text[:1].isdecimal():
            return text
        return self._by_name(text)

    @staticmethod
    def _by_name(text: str) -> str:
        found = [one for one in search(text) if len(one.code) == 4]
        exact = [one for one in found if one.name == text]
        if len(exact or found) == 1:
            return (exact or found)[0].code
        if not found:
            return text
        listed = "、".join(one.label for one in found[:SHOWN])
        raise forms.ValidationError(f"有 {len(found)} 个小类的名称含“{text}”：{listed}。请选其中一类。", code="many")

    def validate(self, value: str) -> None:
        super().validate(value)
        fault = industries.fault_of(value) if value else ""
        if fault:
            raise forms.ValidationError(fault, code="industry")

    def prepare_value(self, value: Any) -> Any:
        """A code is shown with its name; whatever else was typed, as it was typed."""
        code = str(value or "")
        return industries.label_of(code) if len(code) == 4 and not industries.fault_of(code) else value


@lru_cache(maxsize=1)
def _choices() -> SafeString:
    """Each class and what it means, as options; then the 大类 whose classes the table does not list, found by name too.

    The versions of the policy are files, which do not change under a process.
    """
    listed = {one.major for one in classes().values()}
    known = [(one.label, meaning_of(one.code)) for one in classes().values()]
    others = [(f"{code} {name}", meaning_of(code)) for code, name in majors().items() if code not in listed]
    return format_html_join("", '<option value="{}">{}</option>', [*known, *others])


def meaning_of(code: str) -> str:
    """Whether central money reaches a class, with its 大类 and the clause."""
    known = industry(code)
    major = known.major_label if known else code
    if industries.is_pilot_now(code):
        return f"试点行业（{major}），可使用中央资金（第五条）。"
    return f"不在四个试点大类内（{major}），按地方资金渠道办理（第五条、第七条三）。"
