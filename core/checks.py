"""System checks: what the machine must have for documents to be printed right and fast, and uploads to be previewed."""

from __future__ import annotations

import ctypes
import ctypes.util
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Warning, register

PANGO = ("pango-1.0", "libpango-1.0.so.0")
POPPLER_ENCODINGS = Path("/usr/share/poppler/cMap")
SUBSETTER = ("harfbuzz-subset", "libharfbuzz-subset.so.0")


@register()
def printing_needs_libraries_and_a_chinese_font(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Pango (else no PDF at all), a Chinese font (else boxes, silently), libharfbuzz-subset0 (else 11 s a document)."""
    found: list[CheckMessage] = []
    if not _has_library(*PANGO):
        found.append(
            Warning(
                "Pango is missing: no document can be printed.",
                hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0",
                id="core.W001",
            )
        )
    if not _has_library(*SUBSETTER):
        found.append(
            Warning(
                "libharfbuzz-subset0 is missing: a document takes 11 s instead of 0.3 s.",
                hint="apt-get install libharfbuzz-subset0",
                id="core.W002",
            )
        )
    if not has_chinese_font():
        found.append(
            Warning(
                "No Chinese font is installed: documents would print empty boxes.",
                hint="apt-get install fonts-noto-cjk",
                id="core.W003",
            )
        )
    return found


@register()
def previews_need_poppler(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """pdftoppm (else no page images), poppler's encodings (else Chinese without its font is blank, silently)."""
    found: list[CheckMessage] = []
    if shutil.which("pdftoppm") is None:
        found.append(
            Warning(
                "pdftoppm is missing: uploaded PDFs have no preview.",
                hint="apt-get install poppler-utils",
                id="core.W004",
            )
        )
    elif not POPPLER_ENCODINGS.is_dir():
        found.append(
            Warning(
                "poppler-data is missing: previews of PDFs without fonts of their own are blank.",
                hint="apt-get install poppler-data",
                id="core.W005",
            )
        )
    return found


@lru_cache(maxsize=4)
def _has_library(name: str, file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return ctypes.util.find_library(name) is not None
    return True


@lru_cache(maxsize=1)
def has_chinese_font() -> bool:
    """True when fontconfig lists a font for Chinese; also where fontconfig cannot be asked."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    asked = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)  # noqa: S603 - a fixed command
    return asked.returncode != 0 or bool(asked.stdout.strip())
