"""What the public types into the calculator."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import PortalForm, YuanFormField, YuanInput, half_width
from policy.industries import Industry, industry, is_pilot, search
from policy.rules import Facts

_WAN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")

ROLES = [
    ("DIAN-OTHER", "点"),
    ("XIAN-LEADER", "线 · 链主"),
    ("XIAN-OTHER", "线 · 其他"),
    ("MIAN-LEADER", "面 · 链主"),
    ("MIAN-OTHER", "面 · 其他"),
]
ELIGIBLE_PARTS = {"equipment": "设备", "software": "软件", "service": "服务", "installation": "安装"}
EXCLUDED_PARTS = {"land": "土地", "building": "厂房等基建"}


class WanField(YuanFormField):
    """An amount typed in 万元, at most to the 分; cleans to Decimal 元, nothing typed to zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=YuanInput(unit="万元"), **kwargs)

    def to_python(self, value: Any) -> Decimal:
        text = half_width(str(value or "")).strip().replace(",", "").removesuffix("万元").strip()
        if not text:
            return Decimal("0.00")
        if not _WAN.fullmatch(text):
            raise ValidationError("请填写以万元为单位的数字，例如 2,480.00。", code="invalid")
        return (Decimal(text) * 10000).quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> Decimal:
        return self.to_python(value)


class IndustryField(forms.CharField):
    """A four-digit code of GB/T 4754, or a name which fits exactly one class; cleans to an Industry."""

    def clean(self, value: Any) -> Industry:  # type: ignore[override]
        text = half_width(super().clean(value)).strip()
        code = re.match(r"[0-9]{4}(?![0-9])", text)
        if code:
            known = industry(code[0])
            if known is None:
                raise ValidationError("没有这个行业代码。请填写四位代码，例如 3831。", code="unknown")
            return known
        found = [item for item in search(text, limit=6) if len(item.code) == 4]
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(item.label for item in found[:5])
            raise ValidationError(f"请选定一个四位代码：{names}。", code="ambiguous")
        raise ValidationError("没有找到这个行业。请填写四位代码，例如 3831。", code="unknown")


class CalculatorForm(PortalForm):
    """The facts of a project as the public types them; the query string is the shareable address."""

    industry = IndustryField(
        label="项目所属行业",
        max_length=40,
        help_text="按国民经济行业分类，可输入代码或名称",
        error_messages={"required": "请填写行业代码，例如 3831。"},
    )
    role = forms.ChoiceField(
        label="方向与角色",
        choices=ROLES,
        widget=forms.RadioSelect,
        help_text="方向由评审按证据认定，不能按金额挑选。",
        initial="DIAN-OTHER",
    )
    equipment = WanField(label="设备")
    software = WanField(label="软件")
    service = WanField(label="服务")
    installation = WanField(label="安装")
    land = WanField(label="土地")
    building = WanField(label="厂房等基建")
    received = WanField(label="同一项目已获其他财政支持")
    local = WanField(label="地方现行政策可给的金额", help_text="没有或不清楚可不填；与中央口径取高者，不重复")
    demo = forms.BooleanField(label="经示范认定（只用于四个试点行业以外的“线”“面”项目）", required=False)

    @property
    def investment_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*ELIGIBLE_PARTS, *EXCLUDED_PARTS)]

    @property
    def is_pilot(self) -> bool:
        """Whether the industry is one of those which central money supports (第五条); the form is valid."""
        return is_pilot(self.cleaned_data["industry"].code)

    def facts(self) -> Facts:
        """The sheet of facts; the form is valid."""
        typed = self.cleaned_data
        mode, _, role = typed["role"].partition("-")
        land_infra = typed["land"] + typed["building"]
        eligible = sum((typed[name] for name in ELIGIBLE_PARTS), Decimal("0.00"))
        return Facts(
            mode=mode,
            chain_leader=role == "LEADER",
            industry4=typed["industry"].code,
            demo_recognised=typed["demo"],
            invest_total=eligible + land_infra,
            land_infra=land_infra,
            other_received=typed["received"],
            other_local_entitlement=typed["local"],
        )

    def parts(self) -> str:
        """The investment in words, as the explanation shows it under its first line."""
        typed = self.cleaned_data
        named = {**ELIGIBLE_PARTS, **EXCLUDED_PARTS}
        given = [f"{label} {typed[name] / 10000:,.2f}" for name, label in named.items() if typed[name]]
        return "，".join(given) + "（万元）"

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        amounts = [typed.get(name) for name in (*ELIGIBLE_PARTS, *EXCLUDED_PARTS)]
        if None not in amounts and not any(amounts) and not self.errors:
            self.add_error("equipment", "请至少填写一项投资。")
        return typed
