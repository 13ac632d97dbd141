"""What a ground says, as name and value pairs fit for reading."""

from __future__ import annotations

from typing import Any

from core.models import Ground

# Entries that services write into a ground's facts, and their names on screen. Entries without a name are machine's own.
NAMES = {
    "reason": "理由",
    "reasons": "理由",
    "note": "说明",
    "opinion": "意见",
    "text": "正文",
    "declaration": "声明",
    "defects": "缺陷",
    "conclusion": "结论",
    "score": "得分",
    "average": "平均分",
    "due_on": "期限",
    "closes_at": "截止",
    "answer": "答复",
    "clause": "依据条款",
}


def told(ground: Ground) -> list[tuple[str, str]]:
    """The named entries of a ground's facts."""
    return [(name, _said(ground.facts[key])) for key, name in NAMES.items() if ground.facts.get(key)]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(_said(one) for one in value)
    if isinstance(value, dict):
        return "，".join(_said(one) for one in value.values() if one)
    return str(value)
