"""What is typed into the sandbox: which projects, and what is changed against the base version."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from applications.models import Call, Track
from applications.states import STEPS
from core.forms import PortalForm, YuanInput, half_width
from core.models import District
from policy import versions
from policy.forms.calculator import WanField
from policy.industries import majors
from policy.rules import PolicyDataError, Version
from policy.rules.version import Setting
from portal.filters import DONE, ENDED
from portal.sandbox import queries
from portal.sandbox.models import Scenario
from portal.sandbox.terms import SETTINGS, STANDARDS, in_wan, ratio_text

UNLIMITED = "不限"


class RateField(forms.CharField):
    """A rate typed as a percentage (“20” or “20%”); cleans to the ratio as text, as policy data has it."""

    widget = YuanInput
    default_error_messages = {"required": "请填写比例，例如 15。"}

    def clean(self, value: Any) -> str:  # type: ignore[override]
        text = half_width(super().clean(value)).strip().removesuffix("%").strip()
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", text) or not 0 < Decimal(text) <= 100:
            raise ValidationError("请填写 0 到 100 之间的百分比，例如 15 或 17.5。", code="invalid")
        return ratio_text(Decimal(text) / 100)


class CapField(WanField):
    """A cap or a threshold in 万元; nothing typed is None."""

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not str(value or "").strip():
            return None
        return self.to_python(value)


class PoolField(CapField):
    """A pool in 万元; nothing typed: as the base has it; 不限: no limit."""

    def clean(self, value: Any) -> Decimal | str | None:  # type: ignore[override]
        text = str(value or "").strip()
        return UNLIMITED if text == UNLIMITED else super().clean(text)


class PlanField(forms.CharField):
    """Instalments in percent (“50、50”); cleans to ratios as text, adding up to one."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        parts = [part for part in re.split(r"[、，,；;/+\s%]+", half_width(super().clean(value)).strip()) if part]
        try:
            shares = [Decimal(part) / 100 for part in parts]
        except InvalidOperation:
            raise ValidationError("请填写各批的百分比，用顿号隔开，例如 30、40、30。", code="invalid") from None
        if not shares or len(shares) > 6 or any(not share.is_finite() or not 0 < share <= 1 for share in shares):
            raise ValidationError("请填写一至六批，每批大于 0，例如 30、40、30。", code="invalid")
        if sum(shares) != 1:
            raise ValidationError(f"各批合计须为 100%，现在是 {ratio_text(sum(shares) * 100)}%。", code="sum")
        return [ratio_text(share) for share in shares]


class ScenarioForm(PortalForm):
    """One scenario over a base version: name, projects, rates and caps, settings, pools, instalments."""

    name = forms.CharField(label="方案名称", max_length=60, error_messages={"required": "请给方案起个名称。"})
    base = forms.ChoiceField(label="基准版本", help_text="改动与它相比。")
    call = forms.ModelChoiceField(label="批次", required=False, queryset=Call.objects.none(), empty_label="全部批次")
    year = forms.ChoiceField(label="年度", required=False)
    district = forms.ModelChoiceField(
        label="区县", required=False, queryset=District.objects.none(), to_field_name="slug", empty_label="全部区县"
    )
    track = forms.ChoiceField(label="方向", required=False, choices=[("", "全部方向"), *Track.choices])
    industry = forms.ChoiceField(label="行业", required=False)
    step = forms.ChoiceField(label="环节", required=False)
    central_pool = PoolField(label="中央资金", help_text="留空：按资金池现有预算；写“不限”：不设限额。")
    local_pool = PoolField(label="地方资金", help_text="市级、省级、区级合计。留空和“不限”同上。")
    shares = PlanField(label="分批比例（%）", help_text="用顿号隔开，合计 100，例如 50、50。", max_length=60)

    def __init__(self, data: Any = None, *, user: Any, base: Version, like: Scenario | None = None) -> None:
        super().__init__(data, initial=self._initial(base, like))
        self.user, self.base_version = user, base
        self._offer_projects(user)
        self._offer_terms(like.version if like else base)
        self.marks_required = False

    def _initial(self, base: Version, like: Scenario | None) -> dict[str, Any]:
        shares = like.plan if like else base.default_plan().shares
        held = {"base": base.key, "shares": "、".join(ratio_text(share * 100) for share in shares)}
        if like:
            held |= {**like.chosen, "name": f"{like.name}（另存）"[:60]}
            for name in ("central_pool", "local_pool"):
                amount = getattr(like, name)
                held[name] = UNLIMITED if amount is None else in_wan(amount)
        return held

    def _offer_projects(self, user: Any) -> None:
        fields = self.fields
        calls = Call.objects.visible_to(user)
        years = calls.order_by("-year").values_list("year", flat=True).distinct()
        steps = [(str(number), f"{number} {label}") for number, label in enumerate(STEPS, start=1)]
        fields["base"].choices = [
            (version.key, f"{version.key} {version.title[:24]}…") for version in versions.all_versions()
        ]
        fields["call"].queryset = calls
        fields["year"].choices = [("", "全部年度"), *((str(year), f"{year} 年") for year in years)]
        fields["district"].queryset = District.objects.all()
        fields["industry"].choices = [
            ("", "全部行业"), ("pilot", "四个试点行业"), ("other", "其他行业"),
            *((code, f"{code} {name}") for code, name in sorted(majors().items())),
        ]  # fmt: skip
        fields["step"].choices = [("", "在办和办结"), *steps[1:], (DONE, "办结"), (ENDED, "已退出")]

    def _offer_terms(self, now: Version) -> None:
        for key, label in STANDARDS.items():
            standard = now.standards[key]
            self.fields[f"rate_{key}"] = RateField(label=f"{label}：比例", initial=ratio_text(standard.rate * 100))
            self.fields[f"cap_{key}"] = CapField(label=f"{label}：单个项目最高", initial=in_wan(standard.cap))
        for key in SETTINGS:
            self.fields[f"set_{key}"] = _setting_field(now.settings[key])
        for name, field in self.fields.items():
            if name.startswith(("rate_", "cap_")):
                field.widget.unit = None  # the unit stands in the head of the column
                field.widget.attrs.update(
                    {"class": "num", "aria-label": field.label, "inputmode": "decimal", "autocomplete": "off"}
                )

    # --- for the page ------------------------------------------------------------------------------------------------

    @property
    def project_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("call", "year", "district", "track", "industry", "step")]

    @property
    def standard_rows(self) -> list[dict[str, Any]]:
        """A row a standard: what the base says, and the two fields."""
        return [
            {
                "label": label,
                "standard": (standard := self.base_version.standards[key]),
                "was": f"{ratio_text(standard.rate * 100)}%，{in_wan(standard.cap)} 万元",
                "rate": self[f"rate_{key}"],
                "cap": self[f"cap_{key}"],
            }
            for key, label in STANDARDS.items()
        ]

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        return [self[f"set_{key}"] for key in SETTINGS if key != "pool_method"]

    @property
    def pool_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("central_pool", "local_pool", "set_pool_method", "shares")]

    # --- what was typed ----------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if self.errors:
            return typed
        base = versions.load(typed["base"])
        typed["variation"] = _variation(typed, base)
        try:
            versions.load(base.key, typed["variation"])
        except PolicyDataError as error:
            raise ValidationError(f"这些改动不能一起使用：{error}。") from error
        typed["chosen"] = _chosen(typed)
        if not queries.counted(queries.chosen(self.user, {**typed["chosen"], "base": base.key})):
            self.add_error("call", "没有符合条件的已测算项目，请放宽范围。")
        return typed

    def scenario_fields(self) -> dict[str, Any]:
        """The fields of a Scenario; the form is valid."""
        typed = self.cleaned_data
        call = typed["call"]
        held = queries.budgets(int(typed["year"]) if typed["year"] else call.year if call else None)
        return {
            "name": typed["name"],
            "base_version": typed["base"],
            "variation": typed["variation"],
            "chosen": typed["chosen"],
            "base_central_pool": held["central"],
            "base_local_pool": held["local"],
            "central_pool": _pool(typed["central_pool"], held["central"]),
            "local_pool": _pool(typed["local_pool"], held["local"]),
            "shares": typed["shares"],
        }


def _pool(typed: Decimal | str | None, held: Decimal | None) -> Decimal | None:
    if typed == UNLIMITED:
        return None
    return held if typed is None else typed  # type: ignore[return-value]  # text is only ever UNLIMITED


def _setting_field(setting: Setting) -> forms.Field:
    """The field of a setting by its type; its clause and reason stand under it."""
    words = f"{setting.reason}（{setting.clause}）"
    if setting.type == "flag":
        choices = [("true", "是"), ("false", "否")]
        chosen = "true" if setting.value else "false"
        return forms.ChoiceField(label=setting.label, choices=choices, initial=chosen, help_text=words)
    if setting.options:
        names = setting.names or tuple(f"{Decimal(option):,} {setting.unit}" for option in setting.options)
        choices = list(zip(setting.options, names, strict=True))
        return forms.ChoiceField(label=setting.label, choices=choices, initial=str(setting.value), help_text=words)
    initial = "" if setting.value is None else in_wan(Decimal(str(setting.value)))
    return CapField(label=setting.label, initial=initial, help_text=f"留空为不设。{words}")


def _chosen(typed: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "call": typed["call"] and typed["call"].pk,
        "year": int(typed["year"]) if typed["year"] else None,
        "district": typed["district"] and typed["district"].slug,
        **{name: typed[name] for name in ("track", "industry", "step")},
    }
    return {name: value for name, value in plain.items() if value}


def _variation(typed: dict[str, Any], base: Version) -> dict[str, Any]:
    """What differs from the base, as policy.versions.load takes it; 点 has one standard for both roles."""
    standards: dict[str, dict[str, str]] = {}
    for key in STANDARDS:
        before, change = base.standards[key], {}
        if Decimal(typed[f"rate_{key}"]) != before.rate:
            change["rate"] = typed[f"rate_{key}"]
        cap = typed[f"cap_{key}"]
        if cap is not None and cap != before.cap:
            change["cap"] = f"{cap:f}"
        if change:
            standards[key] = change
            if key == "DIAN-OTHER":
                standards["DIAN-LEADER"] = change
    settings = {key: value for key in SETTINGS if (value := _plain(typed[f"set_{key}"], base, key)) is not None}
    return {part: change for part, change in (("settings", settings), ("standards", standards)) if change}


def _plain(typed: Any, base: Version, key: str) -> Any:
    """The value as policy data has it, or None where it is that of the base."""
    setting = base.settings[key]
    if setting.type == "flag":
        value: Any = typed == "true"
        return None if value == setting.value else value
    if setting.type == "amount":
        amount = Decimal(typed) if typed not in (None, "") else None
        return None if amount == setting.value else "" if amount is None else f"{amount:f}"
    return None if typed == setting.value else typed
