"""What the two bureaux type when they adopt a policy version: every setting of the text's silences, and local rates."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import PortalForm, YuanFormField, half_width
from policy.rules import Version
from policy.rules.amounts import in_percent
from policy.rules.version import Direction, Setting
from policy.states import Reach

YES_NO = [("yes", "是"), ("no", "否")]
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?")


class PercentField(forms.CharField):
    """A ratio typed in percent; cleans to a decimal text, nothing typed to an empty one."""

    def clean(self, value: Any) -> str:
        text = half_width(str(value or "")).strip().removesuffix("%").strip()
        if not text:
            return ""
        if not _PERCENT.fullmatch(text) or Decimal(text) > 100:
            raise ValidationError("请填写 0 到 100 之间的百分比，例如 15。", code="invalid")
        return f"{(Decimal(text) / 100).normalize():f}"


class ProposalForm(PortalForm):
    """A proposal: why, for which projects, and what is set otherwise than in the file of the version."""

    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=2000)
    reaches = forms.ChoiceField(
        label="适用的未办结项目", choices=Reach, widget=forms.RadioSelect, initial=Reach.NEW_ONLY
    )
    listed_projects = forms.CharField(
        label="逐项列明的项目编号",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="每行一个编号，只在选择“逐项列明”时填写",
    )

    def __init__(self, *args: Any, law: Version, **kwargs: Any) -> None:
        self.law = law
        law_fields: dict[str, forms.Field] = {f"setting_{key}": _setting_field(s) for key, s in law.settings.items()}
        for direction in law.directions.values():
            law_fields.update(_direction_fields(direction))
        self.base_fields = {**type(self).declared_fields, **law_fields}
        super().__init__(*args, **kwargs)

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("setting_")]

    @property
    def direction_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (f"{direction.name}（{direction.clause}）", [self[f"{part}_{key}"] for part in ("rate", "cap", "source")])
            for key, direction in self.law.directions.items()
        ]

    @property
    def projects(self) -> list[str]:
        return re.findall(r"[^\s,，、]+", self.cleaned_data["listed_projects"])

    def variation(self) -> dict[str, Any]:
        """What was typed that differs from the file; the form is valid."""
        settings = {}
        for key, setting in self.law.settings.items():
            typed = _plain(setting, self.cleaned_data[f"setting_{key}"])
            if typed != _plain(setting, setting.value):
                settings[key] = typed
        directions = {}
        for key, direction in self.law.directions.items():
            typed_row = {part: _text(self.cleaned_data[f"{part}_{key}"]) for part in ("rate", "cap", "source")}
            law_row = {"rate": _text(direction.rate), "cap": _text(direction.cap), "source": direction.source}
            changed = {part: value for part, value in typed_row.items() if value != law_row[part]}
            if changed:
                directions[key] = changed
        return {part: change for part, change in (("settings", settings), ("directions", directions)) if change}


class DecisionForm(PortalForm):
    """市财政局's answer: the number of its letter, or the reasons against."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    number = forms.CharField(label="文号", max_length=60, required=False)


class ReasonForm(PortalForm):
    """Why a proposal is not agreed to, or taken back."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=2000)


def _setting_field(setting: Setting) -> forms.Field:
    """The field of one setting, beginning with the file's value."""
    common: dict[str, Any] = {
        "label": setting.label,
        "help_text": f"{setting.clause}：{setting.reason}",
        "required": False,
        "initial": setting.value,
    }
    if setting.type == "choice":
        choices = list(zip(setting.options, setting.names or setting.options, strict=True))
        return forms.ChoiceField(choices=choices, **common)
    if setting.type == "flag":
        return forms.ChoiceField(choices=YES_NO, **{**common, "initial": "yes" if setting.value else "no"})
    if setting.type == "amount":
        return YuanFormField(**common)
    if setting.type == "ratio":
        shown = in_percent(setting.value) if isinstance(setting.value, Decimal) else ""
        return PercentField(**{**common, "initial": shown, "label": f"{setting.label}（%）"})
    if setting.type == "number":
        return forms.IntegerField(min_value=0, **{**common, "required": True})
    if setting.type == "date":
        return forms.DateField(**{**common, "required": True})
    if setting.type == "list":
        return forms.CharField(**{**common, "initial": "、".join(setting.value or ()), "required": True})  # type: ignore[arg-type]
    return forms.CharField(max_length=200, **common)


def _direction_fields(direction: Direction) -> dict[str, forms.Field]:
    rate = "" if direction.rate is None else in_percent(direction.rate)
    return {
        f"rate_{direction.key}": PercentField(label="比例（%）", required=False, initial=rate),
        f"cap_{direction.key}": YuanFormField(label="单个项目封顶", required=False, initial=direction.cap),
        f"source_{direction.key}": forms.CharField(label="依据", max_length=200, initial=direction.source),
    }


def _plain(setting: Setting, value: Any) -> Any:
    """A setting's value as a version file would hold it, typed or from the file."""
    if setting.type == "flag":
        return value in (True, "yes")
    if setting.type == "list":
        return list(value) if isinstance(value, tuple) else [item for item in re.split(r"[、,，]", value) if item]
    if setting.type == "number":
        return value
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
