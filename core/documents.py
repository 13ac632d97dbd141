"""Official documents as PDF in the form of GB/T 9704-2012: WeasyPrint over templates/documents/base.html.

A page set takes about 0.3 s: make one in a request if need be, many in a job. The same template, context and `at` give
the same bytes, so the hash of a document can be archived and compared.
"""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import get_template, render_to_string
from django.utils import timezone

STYLESHEET = "documents/gongwen.css"
OWN_STATIC = "http://static.invalid"  # never resolved: the fetcher below serves it from our own files
TITLE_CHARACTERS = 20  # 2 号 characters in the 156 mm of a line
FONT_DATE = "1735689600"  # the date fontTools writes into embedded fonts; fixed, so that equal input gives equal bytes


def render_pdf(template: str, context: dict[str, Any], *, at: datetime) -> bytes:
    """The PDF of one document template (one that extends documents/base.html).

    `at` is the moment of issue: it is the document's date of creation, and `issued_on` in the context unless given.
    """
    html = render_html(template, context, at=at)
    weasyprint, fonts, stylesheet = _press()
    document = weasyprint.HTML(string=html, base_url=OWN_STATIC + "/", url_fetcher=_fetcher())
    return document.write_pdf(stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1")


def render_html(template: str, context: dict[str, Any], *, at: datetime) -> str:
    """What render_pdf prints, as HTML: for tests and for a look in the browser."""
    local = timezone.localtime(at)
    given = {"issued_on": local.date(), **context}
    lines = title_lines(str(given.get("title", "")))
    return render_to_string(template, {**given, "title_lines": lines, "created": local.isoformat("T", "seconds")})


def title_lines(title: str) -> list[str]:
    """A title in lines of near equal length that fit the sheet, broken after 的, 于, a mark … where one is near."""
    rows = -(-len(title) // TITLE_CHARACTERS)
    if rows <= 1:
        return [title]
    ideal = -(-len(title) // rows)
    near = [n for n in range(ideal - 4, min(ideal + 4, TITLE_CHARACTERS) + 1) if 0 < n < len(title)]
    cut = min(near, key=lambda n: (abs(n - ideal) + _reluctance(title, n), n))
    return [title[:cut], *title_lines(title[cut:])]


def _reluctance(title: str, place: int) -> int:
    """How much a reader would mind a new line here: inside quotation marks most, after 的 or a closing mark not at all."""
    head, after = title[:place], title[place]
    if any(head.count(opening) > head.count(closing) for opening, closing in ("“”", "《》", "（）", "〔〕")):
        return 20
    if after in "、）”》：，的〔":
        return 10
    return 0 if head[-1] in "的于和及）”》：，" or after in "（“《关" else 4


def qr(text: str) -> str:
    """A QR code as a data: address for <img src>, e.g. of the page where a document can be verified."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=2)


@lru_cache(maxsize=1)
def _press() -> tuple[Any, Any, Any]:
    """WeasyPrint, the fonts and the style sheet, once per process. Imported late: without Pango the import fails."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", FONT_DATE)
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    source = get_template(STYLESHEET).template.source
    return weasyprint, fonts, weasyprint.CSS(string=source, font_config=fonts, url_fetcher=_fetcher())


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """data: and our own static files; no file of the machine, no other address."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            return URLFetcherResponse(url, _static_content(url))

    return OwnFilesOnly(allowed_protocols={"data"})


def _static_content(url: str) -> bytes:
    """The content of one of our static files. Raises ValueError for any other address."""
    prefix = OWN_STATIC + settings.STATIC_URL
    if not url.startswith(prefix):
        raise ValueError(f"A document may use data: and own static files only, not {url[:80]}")
    name = unquote(urlsplit(url).path).removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    found = finders.find(name)
    if not found:
        raise ValueError(f"There is no static file {name}")
    with open(found, "rb") as file:
        return file.read()
