"""Citations of the 办法: where 第六条（二）1 stands on the page of clauses."""

import re

_DIGITS = {"零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CITATION = re.compile(
    r"^第(?P<article>[一二三四五六七八九十百零]+|\d+)条"
    r"(?:[（(](?P<item>[一二三四五六七八九十]+)[）)]|第(?P<named>[一二三四五六七八九十]+)项)?"
    r"\s*(?P<point>\d+)?"
)


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral below 1000 as clauses use them (十二 -> 12)."""
    if numeral.isdigit():
        return int(numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * (100 if sign == "百" else 10)
            digit = 0
    return total + digit


def anchor_of(citation: str) -> str:
    """The anchor of a citation: 第六条（二）1 -> "a6-2-1"; "" when it cites no article."""
    found = _CITATION.match((citation or "").strip().removeprefix("《办法》").removeprefix("办法"))
    if not found:
        return ""
    item = found["item"] or found["named"]
    parts = [number_of(found["article"])]
    if item:
        parts.append(number_of(item))
        if found["point"]:
            parts.append(int(found["point"]))
    return "a" + "-".join(str(part) for part in parts)
