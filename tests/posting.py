"""What a browser would send of a page as it stands: read from its HTML, not from the forms behind it."""

from html.parser import HTMLParser
from typing import Any


class _Inputs(HTMLParser):
    """Names and values of a page's form fields; a file is chosen by nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value, kind = given.get("name") or "", given.get("value"), given.get("type") or "text"
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.sent):
            self.sent[self._select] = [value or ""]  # a browser sends the first option where none is chosen
        elif tag == "textarea":
            self._area, self.sent[name] = name, [""]
        elif tag == "input" and name and "disabled" not in given and kind not in ("submit", "file"):
            if kind not in ("checkbox", "radio"):
                self.sent.setdefault(name, []).append(value or "")
            elif "checked" in given:
                self.sent.setdefault(name, []).append("on" if value is None else value)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] = [self.sent[self._area][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area


def sent_by(page: Any) -> dict[str, list[str]]:
    """Every named field of an answer's page with what it would send."""
    inputs = _Inputs()
    inputs.feed(page.content.decode())
    return inputs.sent
