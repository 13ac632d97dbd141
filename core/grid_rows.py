"""Rows of a grid that nobody has typed into yet: one is drawn by the form, the others are filled in after it.

A page of fifty investment lines has a thousand inputs. Drawing each by its own field costs a second of the reader's time;
the inputs differ only in their place, their number and their value (or whether they are chosen or ticked), so these are
put into one drawn row. A grid with an input of any other kind is drawn form by form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

PLACE = "__prefix__"  # Django's own, in the names and ids of an empty form
_OPEN, _CLOSE = "\ue000", "\ue001"  # private signs: in no markup of ours
NUMBER = f"{_OPEN}number{_CLOSE}"
_SLOT = re.compile(f' value="{_OPEN}value:([a-z_]+){_CLOSE}"|{_OPEN}(.*?){_CLOSE}|({PLACE})')
_TYPED = (forms.TextInput, forms.NumberInput, forms.HiddenInput)  # whose value stands in their value="…"
_OPTION = re.compile(r'<option value="([^"]*)"( selected)?>')


def can_be_filled(formset: forms.BaseFormSet) -> bool:
    """True for a grid opened anew, of like rows, in which every input is of a kind that is filled in here."""
    if formset.is_bound or not getattr(formset, "rows_alike", False):
        return False
    widgets = [field.widget for field in formset.empty_form.fields.values()]
    return all(_is_ticked(one) or _is_chosen(one) or isinstance(one, _TYPED) for one in widgets)


def _is_ticked(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.CheckboxInput)


def _is_chosen(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.Select) and not widget.allow_multiple_selected


def model_row(formset: forms.BaseFormSet) -> forms.BaseForm:
    """The empty form of a grid whose inputs hold the mark of their field; what can be ticked is ticked."""
    form = formset.empty_form
    form.initial = {
        name: True if _is_ticked(field.widget) else f"{_OPEN}value:{name}{_CLOSE}"
        for name, field in form.fields.items()
    }
    return form


def with_slots(name: str, widget: forms.Widget, markup: str) -> SafeString:
    """The markup of a choice with a place for its selected option, of a box with a place for its tick, of others as it is."""

    def slot(option: re.Match[str]) -> str:
        return f'<option value="{option[1]}"{_OPEN}chosen:{name}:{option[1]}{_CLOSE}>'

    if _is_ticked(widget):
        markup = markup.replace(" checked", f"{_OPEN}ticked:{name}{_CLOSE}", 1)
    elif _is_chosen(widget):
        markup = _OPTION.sub(slot, markup)
    return mark_safe(markup)  # noqa: S308 - what a widget drew, with signs of ours


def filled(model: str, formset: forms.BaseFormSet, rows: Iterable[dict[str, Any]], first: int) -> Iterator[SafeString]:
    """The drawn row once for each of these rows of values (by field; what is left out stands as in a new row)."""
    fields = formset.empty_form.fields
    parts = _parts(model)
    said: dict[str, Callable[[Any], str]] = {name: _speaker(field) for name, field in fields.items()}
    standing = {name: field.initial for name, field in fields.items()}
    for place, row in enumerate(rows):
        words = {name: say(row.get(name, standing[name])) for name, say in said.items()}
        own = {"place": str(place), "number": str(first + place)}
        yield mark_safe("".join(_put(kind, name, own, words) if kind else name for kind, name in parts))  # noqa: S308


def _parts(model: str) -> list[tuple[str, str]]:
    """The drawn row cut at its marks: (kind of mark, its name), or ("", markup)."""
    found, last = [], 0
    for mark in _SLOT.finditer(model):
        found.append(("", model[last : mark.start()]))
        last = mark.end()
        if mark[1]:
            found.append(("value", mark[1]))
        elif mark[3]:
            found.append(("own", "place"))
        else:
            kind, _, name = mark[2].partition(":")
            found.append(("own", "number") if kind == "number" else (kind, name))
    return [*found, ("", model[last:])]


def _put(kind: str, name: str, own: dict[str, str], words: dict[str, str]) -> str:
    if kind == "own":
        return own[name]
    if kind == "chosen":
        field, _, option = name.partition(":")
        return " selected" if words[field] == option else ""
    if kind == "ticked":
        return " checked" if words[name] else ""
    return f' value="{words[name]}"' if words[name] else ""


def _speaker(field: forms.Field) -> Callable[[Any], str]:
    """How a value of this field stands in its input, escaped; for a box, "" where it is not ticked."""
    widget = field.widget

    def say(value: Any) -> str:
        value = field.prepare_value(value)
        if isinstance(widget, forms.CheckboxInput):
            return "ticked" if widget.check_test(value) else ""
        if isinstance(widget, forms.Select):
            return "" if value is None else escape(str(value))
        said = widget.format_value(value)
        return "" if said is None else escape(str(said))

    return say
