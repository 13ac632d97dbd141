"""Templates: no role, no state, no style, no script of their own; every move's page asks the machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from core import moves
from core.models import Role

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "documents" not in path.parts]  # papers are printed, never sent to a browser

# States of two words; those of one word ("draft", "paid") are words of other things too, and are caught by `.state`.
STATES = {value for model in moves.machines() for value, _ in model._meta.get_field("state").choices if "_" in value}
TAG = re.compile(r"{%-?\s*(?:el)?if\s(.*?)%}", re.S)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_can_be_read(path):
    assert get_template(named(path))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_names_a_role(path):
    found = [role for role in Role.values if re.search(rf"\b{role}\b", text_of(path)) and "_" in role]
    asked = [words for words in TAG.findall(text_of(path)) if re.search(r"\b(role|roles|has_role)\b", words)]

    assert (found, asked) == ([], [])


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_names_a_state(path):
    text = text_of(path)
    found = [state for state in STATES if re.search(rf"[\"']{state}[\"']", text)]
    shown_by_components = "components" in path.parts  # a step's done / now / todo is a look, not a state of the machine
    asked = [words for words in TAG.findall(text) if re.search(r"\.state\b", words) and not shown_by_components]

    assert (found, asked) == ([], [])


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_carries_style_or_script(path):
    text = text_of(path)
    found = re.findall(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)[^>]*>|javascript:", text)

    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_is_longer_than_150_lines(path):
    assert len(text_of(path).splitlines()) <= 150
