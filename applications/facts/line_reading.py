"""An uploaded workbook as investment lines, or everything that is wrong with it."""

from __future__ import annotations

from typing import BinaryIO

from applications.facts.line_workbook import LAYOUT, MOST_LINES
from core.sheet_reading import Reading, read_rows

__all__ = ["MOST_LINES", "Reading", "read_lines"]


def read_lines(upload: BinaryIO) -> Reading:
    """Every line of the sheet, or every fault (core.sheet_reading)."""
    return read_rows(upload, LAYOUT)
