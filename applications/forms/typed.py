"""Forms that lose nothing: opened with what was left unsaved, saved in parts, and laid beside what a colleague saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from applications.facts import sections
from core.forms import PortalForm

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Both:
    """One field two people wrote: its input with my text, and theirs to read. `pick` is what is preselected."""

    mine: Any
    theirs: str
    pick: str


def as_typed(field: forms.Field, value: Any) -> str:
    """A stored value as it stands in the field of a form."""
    value = field.prepare_value(value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


class TypedForm(PortalForm):
    """A form of fields that stand for themselves. `seen` holds one mark a field, made when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *args: Any, standing: dict[str, Any], marks: str, kept: Any = None, **kwargs: Any
    ) -> None:
        """`standing`: stored values by field; `marks`: their fingerprint; `kept`: an UnsavedText, for a page opened anew."""
        self.standing, self.marks, self.kept = standing, marks, kept
        self.both: list[Both] = []
        super().__init__(data, *args, initial={**standing, "seen": marks}, **kwargs)
        self.adjust()
        if data is None and kept is not None:
            self._open_with(kept)
        elif data is not None:
            self._take_picks()

    def adjust(self) -> None:
        """What a form changes in its fields before anything is read."""

    @property
    def typed(self) -> dict[str, str]:
        """Everything in the fields, as typed."""
        return {name: self.data.get(name, "") for name in self.standing}

    @property
    def readable(self) -> dict[str, Any]:
        """The values of the fields that could be read."""
        return {name: self.cleaned_data[name] for name in self.standing if name in self.cleaned_data}

    @property
    def unread(self) -> dict[str, str]:
        """The text of the fields that could not be read."""
        return {name: self.data.get(name, "") for name in self.standing if name in self.errors}

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {name: " ".join(map(str, found)) for name, found in self.errors.items() if name in self.standing}

    @property
    def is_overtaken(self) -> bool:
        """True where somebody else saved the section since its text was typed."""
        return self.is_bound and bool(self.data.get("seen")) and self.data["seen"] != self.marks

    def _open_with(self, kept: Any) -> None:
        """Stand as it was left: what was kept over what is stored, with the messages at the fields."""
        self.data = {name: as_typed(self.fields[name], value) for name, value in self.standing.items()}
        self.data |= {name: text for name, text in kept.fields.items() if name in self.standing}
        self.data["seen"] = kept.seen or self.marks
        self.is_bound = True
        if self.is_overtaken:
            self.lay_beside()

    def _take_picks(self) -> None:
        """Where the person chose the colleague's text, it stands in the field."""
        picked = [name for name in self.standing if self.data.get(f"pick-{name}") == THEIRS]
        if picked:
            self.data = self.data.copy()
            for name in picked:
                self.data[name] = as_typed(self.fields[name], self.standing[name])

    def lay_beside(self) -> None:
        """Set my text and theirs side by side, field by field; the next save is upon what stands now."""
        old = dict(zip(self.standing, str(self.data.get("seen", "")).split("."), strict=False))
        now = dict(zip(self.standing, self.marks.split("."), strict=True))
        self.data = {**self.typed, "seen": self.marks}
        self.full_clean()
        for name, value in self.standing.items():
            mine = self.cleaned_data.get(name, self.data[name])
            if (mine or "") == (value or "") or self.data[name] == as_typed(self.fields[name], value):
                continue
            untouched = sections.marks_of([mine]) == old.get(name)
            pick = THEIRS if untouched and now[name] != old.get(name) else MINE
            self.both.append(Both(self[name], self._said(name, value), pick))

    def _said(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "（空）"
        field = self.fields[name]
        choices = {str(key): label for key, label in getattr(field, "choices", [])}
        return str(choices.get(str(value), as_typed(field, value)))

    @property
    def beside(self) -> list[Any]:
        """The fields nobody disputes; hidden while the others are chosen."""
        disputed = {one.mine.name for one in self.both}
        return [self[name] for name in self.standing if name not in disputed]


def typed_of(data: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Everything of a grid that was sent, as typed."""
    return {name: text for name, text in data.items() if name.startswith(f"{prefix}-")}
