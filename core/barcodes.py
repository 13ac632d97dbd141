"""QR codes on what was uploaded: the pages are drawn first, and only our own drawings are read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from core import previews
from core.models import StoredFile
from core.previews import CannotDraw

FIRST_PAGES = 3  # the code stands on the first page or, where many were scanned together, near it
LONG_SIDE = 3200  # pixels: a module of the code is four wide on a sheet of A4


def texts_in(stored: StoredFile) -> list[str]:
    """What the QR codes on the first pages say; nothing where no page can be drawn."""
    import zxingcpp

    found: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="barcodes-") as folder:
            for image in previews.drawn_pages(stored, Path(folder), most=FIRST_PAGES, long_side=LONG_SIDE):
                with Image.open(image) as page:
                    codes = zxingcpp.read_barcodes(page.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
                found += [code.text for code in codes]
    except CannotDraw:
        return found
    return found
