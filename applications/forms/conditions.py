"""The conditions of a call as one page: every kind there is, ticked or not, with the thresholds it needs."""

from __future__ import annotations

from typing import Any

from django import forms

from applications.facts import conditions
from applications.models import RuleKind, RuleWeight
from core.forms import DayInput, PortalForm, YuanFormField, YuanInput

IN_WORDS = 3  # blank rows for conditions in the bureau's own words
FIELDS = {"amount": ("amount",), "window": ("from_on", "to_on"), "days": ("days",), "note": ()}


class ConditionForm(PortalForm):
    """One condition; the fields its kind does not need are left out."""

    used = forms.BooleanField(label="采用", required=False)
    weight = forms.ChoiceField(label="类型", choices=RuleWeight)
    amount = YuanFormField(label="金额", required=False, widget=YuanInput(unit=None))
    from_on = forms.DateField(label="起", required=False, widget=DayInput)
    to_on = forms.DateField(label="止", required=False, widget=DayInput)
    days = forms.IntegerField(label="天数", required=False, min_value=1, max_value=3650)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.condition = kind, conditions.CATALOGUE[kind]
        self.fields["weight"].choices = [(weight.value, weight.label) for weight in self.condition.weights]
        kept = {name for need in self.condition.needs for name in FIELDS[need]}
        for name in ("amount", "from_on", "to_on", "days"):
            if name not in kept:
                del self.fields[name]
        if kind == RuleKind.OTHER:
            self.fields["note"].label = "条件的内容"
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{self.label}：{field.label}"

    @property
    def label(self) -> str:
        return str(RuleKind(self.kind).label)

    @property
    def says(self) -> str:
        """The sentence with its thresholds still open."""
        if self.kind == RuleKind.OTHER:
            return "用自己的话写，由区县人工核对"
        return self.condition.says.format(amount="…", window="在规定期间内", days="…", note="")

    @property
    def thresholds(self) -> list[Any]:
        return [self[name] for name in ("amount", "from_on", "to_on", "days", "note") if name in self.fields]

    @property
    def row(self) -> dict[str, Any]:
        """The row as the service takes it."""
        empty = {"amount": None, "from_on": None, "to_on": None, "days": None, "note": ""}
        given = {name: value for name, value in self.cleaned_data.items() if name != "used"}
        return {**empty, **given, "kind": self.kind}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("used") and not self.errors:
            field, fault = conditions.fault_of({**found, "kind": self.kind})
            if fault:
                self.add_error(field if field in self.fields else None, fault)
        return found


class ConditionForms:
    """All kinds at once, each a small form; behaves like one form where pages and tests ask."""

    def __init__(self, data: Any = None, *, rows: list[dict[str, Any]], seen: str = "") -> None:
        self.is_bound = data is not None
        self.seen = data.get("seen", "") if data is not None else seen
        self.forms = [self._form(data, kind, number, rows) for kind, number in _places()]

    def _form(self, data: Any, kind: str, number: int, rows: list[dict[str, Any]]) -> ConditionForm:
        given = [row for row in rows if row["kind"] == kind]
        initial = {**given[number], "used": True} if number < len(given) else {"weight": _first_weight(kind)}
        return ConditionForm(data, kind=kind, prefix=f"{kind}-{number}", initial=initial)

    def is_valid(self) -> bool:
        """True when every condition that is ticked stands; what is not used is not judged."""
        return not self.refused

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [form.row for form in self.forms if _ticked(form) and form.is_valid()]

    @property
    def refused(self) -> list[ConditionForm]:
        return [form for form in self.forms if form.is_bound and _ticked(form) and form.errors]


def _places() -> list[tuple[str, int]]:
    """Every kind once, conditions in words a few times."""
    once = [(kind, 0) for kind in RuleKind.values if kind != RuleKind.OTHER]
    return once + [(RuleKind.OTHER.value, number) for number in range(IN_WORDS)]


def _first_weight(kind: str) -> str:
    known = {row["kind"]: row["weight"] for row in conditions.default_rows()}
    return known.get(kind, conditions.CATALOGUE[kind].weights[0])


def _ticked(form: ConditionForm) -> bool:
    return bool(form["used"].value())
