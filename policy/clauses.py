"""The text of the 办法, clause by clause, with the anchor under which the clause page shows each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.clauses import anchor_of, number_of

TEXT = Path(__file__).resolve().parent / "data" / "measures.txt"
TITLE: Final = "沈阳市制造业新型技术改造城市试点专项资金管理办法"

_NUMERALS: Final = "零一二三四五六七八九"
_ARTICLE = re.compile(r"^第([一二三四五六七八九十]+)条\s*(.*)$")
_CHAPTER = re.compile(r"^第[一二三四五六七八九十]+章\s*(.+)$")
_ITEM = re.compile(r"^[(（]([一二三四五六七八九十]+)[)）]\s*(.*)$")
_POINT = re.compile(r"^(\d+)\.\s*(.*)$")


class UnknownClause(LookupError):
    """The 办法 has no such clause."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: depth 0 the article itself, 1 an item （一）, 2 a point 1.; citation and anchor name it."""

    citation: str
    anchor: str
    depth: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article with its chapter and paragraphs in order."""

    number: int
    chapter: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def citation(self) -> str:
        return f"第{chinese_number(self.number)}条"

    @property
    def anchor(self) -> str:
        return f"a{self.number}"


def chinese_number(number: int) -> str:
    """1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def clause_anchor(citation: str) -> str:
    """第六条（二）1 → a6-2-1; an unreadable citation gives an empty string."""
    return anchor_of(citation)


def clause_text(citation: str) -> str:
    """The words of a clause with everything under it; raises UnknownClause."""
    anchor = clause_anchor(citation)
    lines = [
        f"{paragraph.number}{paragraph.text}"
        for article in articles()
        for paragraph in article.paragraphs
        if paragraph.anchor == anchor or paragraph.anchor.startswith(f"{anchor}-")
    ]
    if not anchor or not lines:
        raise UnknownClause(f"办法没有这一条：{citation}")
    return "\n".join(lines)


def has_clause(citation: str) -> bool:
    """Whether the 办法 has this clause."""
    anchor = clause_anchor(citation)
    return any(paragraph.anchor == anchor for article in articles() for paragraph in article.paragraphs)


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """All articles of the 办法 in order."""
    read: list[Article] = []
    chapter, number, paragraphs = "", 0, list[Paragraph]()
    for line in _lines_of_the_measures():
        heading, begins = _CHAPTER.match(line), _ARTICLE.match(line)
        if (heading or begins) and paragraphs:
            read.append(Article(number, chapter, tuple(paragraphs)))
            paragraphs = []
        if heading:
            chapter = line
        elif begins:
            number = number_of(begins[1])
            paragraphs.append(Paragraph(f"第{begins[1]}条", f"a{number}", 0, f"第{begins[1]}条", begins[2]))
        elif number:
            paragraphs.append(_below(line, paragraphs[-1], number, len(paragraphs)))
    read.append(Article(number, chapter, tuple(paragraphs)))
    return tuple(read)


def _below(line: str, last: Paragraph, article: int, place: int) -> Paragraph:
    """A paragraph under an article: an item, a point of the last item, or a plain line after them."""
    citation = f"第{chinese_number(article)}条"
    item, point = _ITEM.match(line), _POINT.match(line)
    if item:
        return Paragraph(f"{citation}（{item[1]}）", f"a{article}-{number_of(item[1])}", 1, f"（{item[1]}）", item[2])
    held = last.anchor.split("-")
    under = "-".join(held[:2])
    if point:
        named = f"{citation}（{chinese_number(int(held[1]))}）{point[1]}"
        return Paragraph(named, f"{under}-{point[1]}", 2, f"{point[1]}．", point[2])
    return Paragraph(citation, f"{under}-p{place}", min(last.depth, 1), "", line)


def _lines_of_the_measures() -> list[str]:
    """The annex: everything after its own title, which stands at the end of the plan."""
    lines = [line.strip() for line in TEXT.read_text("utf-8-sig").splitlines()]
    start = max(place for place, line in enumerate(lines) if line == TITLE)
    return [line for line in lines[start + 1 :] if line]


def chapters() -> list[tuple[str, list[Article]]]:
    """The articles under their chapters, in order."""
    grouped: dict[str, list[Article]] = {}
    for article in articles():
        grouped.setdefault(article.chapter, []).append(article)
    return list(grouped.items())
