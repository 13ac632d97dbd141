"""Inputs, choices and text areas written down directly: a grid of fifty lines has a thousand of them, and a template for
each costs more than all else on the page. The markup is Django's own, sign for sign (tests compare them)."""

from __future__ import annotations

from typing import Any

from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

_WIDGETS = "django/forms/widgets/"


def drawn(template_name: str, widget: dict[str, Any]) -> SafeString | None:
    """The markup of a widget whose template is one of Django's plain ones; None for any other."""
    draw = DRAWN.get(template_name)
    return mark_safe(draw(widget)) if draw else None  # noqa: S308 - every value is escaped below


def _attrs(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return escape(value if isinstance(value, SafeString) else str(value))


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{_attrs(widget["attrs"])}>'


def _textarea(widget: dict[str, Any]) -> str:
    return f'<textarea name="{escape(widget["name"])}"{_attrs(widget["attrs"])}>\n{_said(widget["value"])}</textarea>'


def _said(value: Any) -> str:
    return escape(value) if value else ""


def _select(widget: dict[str, Any]) -> str:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f'<select name="{escape(widget["name"])}"{_attrs(widget["attrs"])}>{groups}\n</select>'


def _group(name: Any, options: list[dict[str, Any]]) -> str:
    rows = "".join(
        f'\n  <option value="{_text(one["value"])}"{_attrs(one["attrs"])}>{escape(one["label"])}</option>'
        for one in options
    )
    return f'\n  <optgroup label="{escape(name)}">{rows}\n  </optgroup>' if name else rows


def _amount(widget: dict[str, Any]) -> str:
    """components/widgets/amount.html"""
    if not widget["unit"]:
        return _input(widget)
    unit = f'<span class="input-group-text">{escape(widget["unit"])}</span>'
    return f'<div class="input-group">{_input(widget)}{unit}</div>'


DRAWN = {
    **{f"{_WIDGETS}{kind}.html": _input for kind in ("text", "number", "email", "url", "hidden", "date", "datetime")},
    f"{_WIDGETS}password.html": _input,
    f"{_WIDGETS}checkbox.html": _input,
    f"{_WIDGETS}textarea.html": _textarea,
    f"{_WIDGETS}select.html": _select,
    "components/widgets/amount.html": _amount,
}
