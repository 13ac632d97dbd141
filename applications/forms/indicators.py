"""The performance targets as a grid: a row that cannot be read keeps its text, and two people's rows are laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from applications.facts import reference, sections
from applications.forms.grids import GridFormSet
from applications.forms.typed import MINE, THEIRS, typed_of
from applications.models import Draft
from core.forms import PortalForm

PREFIX = "indicators"


class IndicatorForm(PortalForm):
    """One indicator: where it stands and where it is to go."""

    grid_columns = (
        ("kind", "类型"), ("name", "指标"), ("direction", "方向"), ("baseline", "现状值"), ("target", "目标值"),
        ("unit", "单位"), ("source", "取数口径"),
    )  # fmt: skip

    kind = forms.ChoiceField(
        label="类型", choices=[(word, word) for word in ("产出", "效益", "满意度")], initial="产出"
    )
    name = forms.CharField(label="指标", max_length=60)
    direction = forms.ChoiceField(label="方向", choices=[(sign, sign) for sign in ("≥", "≤", "=")], initial="≥")
    baseline = forms.DecimalField(label="现状值", required=False, max_digits=14, decimal_places=4)
    target = forms.DecimalField(label="目标值", required=False, max_digits=14, decimal_places=4)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    source = forms.CharField(label="取数口径", max_length=120, required=False)


IndicatorFormSet = forms.formset_factory(
    IndicatorForm, formset=GridFormSet, extra=2, can_delete=True, max_num=60, validate_max=True
)


@dataclass(frozen=True, slots=True)
class BothRows:
    """One indicator two people wrote, as words; `number` is its row in the form, `only_theirs` one that I do not have."""

    number: int
    name: str
    mine: str
    theirs: str
    pick: str
    only_theirs: bool = False


class IndicatorsForm:
    """The section of the targets: the grid, its fingerprint, and what stands in the draft."""

    section = "indicators"

    def __init__(self, data: Any = None, *, draft: Draft, kept: Any = None) -> None:
        self.stored = {str(row.get("name")): row for row in draft.indicators}
        self.marks, self.kept, self.both = sections.fingerprint_of(draft, self.section), kept, []
        self.is_bound = data is not None or kept is not None
        self.data = {**data.dict()} if data is not None else self._as_left(kept) if kept is not None else {}
        if data is not None:
            self._take_picks()
        initial = draft.indicators or reference.indicator_library()
        self.formset = IndicatorFormSet(self.data or None, initial=initial, prefix=PREFIX)
        self.seen = self.data.get("seen") or self.marks
        if data is None and self.is_overtaken:
            self.lay_beside()

    @staticmethod
    def _as_left(kept: Any) -> dict[str, str]:
        return {**kept.fields, "seen": kept.seen}

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def add_error(self, field: Any, message: str) -> None:
        self.formset.non_form_errors().append(message)

    @property
    def typed(self) -> dict[str, str]:
        return typed_of(self.data, PREFIX)

    @property
    def readable(self) -> dict[str, Any]:
        """Rows with a name; a figure that cannot be read is left out of its row until it can."""
        return {"indicators": [row for row in map(_row_of, self.formset.forms) if row]}

    @property
    def unread(self) -> dict[str, str]:
        """Everything as typed, where anything of it could not be read."""
        return self.typed if self.faults else {}

    @property
    def faults(self) -> dict[str, str]:
        return {
            f"{form.prefix}-{name}": " ".join(map(str, found))
            for form in self.formset.forms
            if form.has_changed()
            for name, found in form.errors.items()
        }

    @property
    def is_overtaken(self) -> bool:
        return bool(self.data.get("seen")) and self.data["seen"] != self.marks

    def lay_beside(self) -> None:
        """Set my rows and theirs side by side, by the name of the indicator; the next save is upon what stands now."""
        self.formset.is_valid()
        mine = {self.data.get(f"{form.prefix}-name", ""): form for form in self.formset.forms if form.has_changed()}
        for name, form in mine.items():
            told, theirs = _told(self._typed_row(form)), _told(self.stored.get(name, {}))
            if told != theirs:
                self.both.append(BothRows(int(form.prefix.rpartition("-")[2]), name, told, theirs, MINE))
        place = len(self.formset.forms)
        for name in [name for name in self.stored if name not in mine]:
            self.both.append(BothRows(place, name, _told({}), _told(self.stored[name]), THEIRS, only_theirs=True))
            self._write_row(place, self.stored[name])
            place += 1
        self.data |= {f"{PREFIX}-TOTAL_FORMS": str(place), "seen": self.marks}
        self.formset, self.seen = IndicatorFormSet(self.data, prefix=PREFIX), self.marks

    def _take_picks(self) -> None:
        """Where the person chose the colleague's row it stands in the form; where he left it out it goes."""
        for key, pick in list(self.data.items()):
            number = key.removeprefix("pick-")
            if number == key or not number.isdigit():
                continue
            left_out = pick == MINE and self.data.get(f"only-{number}")
            if pick == THEIRS or left_out:
                theirs = {} if left_out else self.stored.get(self.data.get(f"{PREFIX}-{number}-name", ""), {})
                self._write_row(int(number), theirs)

    def _write_row(self, number: int, row: dict[str, Any]) -> None:
        for name, field in IndicatorForm.base_fields.items():
            blank = "" if field.initial is None else field.initial
            self.data[f"{PREFIX}-{number}-{name}"] = str(row.get(name) if row.get(name) is not None else blank)

    def _typed_row(self, form: forms.Form) -> dict[str, str]:
        return {name: self.data.get(f"{form.prefix}-{name}", "") for name in IndicatorForm.base_fields}


def _row_of(form: forms.Form) -> dict[str, Any] | None:
    form.is_valid()
    found = getattr(form, "cleaned_data", {})
    if not form.has_changed() or not found.get("name") or found.get("DELETE"):
        return None
    return {name: found.get(name, None if name in ("baseline", "target") else "") for name in IndicatorForm.base_fields}


def _told(row: dict[str, Any]) -> str:
    """One row in words: 产出 · ≥ 12 台套（现状 0）."""
    if not row.get("name"):
        return "（没有这一项）"
    target, baseline = (_figure(row.get(key)) for key in ("target", "baseline"))
    parts = [str(row.get("kind", "")), f"{row.get('direction', '')} {target} {row.get('unit', '')}".strip()]
    told = " · ".join(parts) + f"（现状 {baseline}）"
    return f"{told} · {row['source']}" if row.get("source") else told


def _figure(value: Any) -> str:
    return "—" if value in (None, "") else str(value)
