"""The plain content of a policy version: JSON-like, without floats, and variations laid over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any


class PolicyDataError(ValueError):
    """The data of a version cannot be used; the text names the entry, in Chinese."""


def plain_content(value: Any) -> Any:
    """Nested content as JSON would hold it: dates and decimals become text."""
    if isinstance(value, Mapping):
        return {str(name): plain_content(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_content(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else str(value)
    return value


def refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise PolicyDataError(f"政策数据里不能有浮点数：{value!r}")
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        refuse_floats(item)


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    merged = {part: dict(change) for part, change in first.items()}
    for part, change in second.items():
        for key, value in change.items():
            before = merged.setdefault(part, {}).get(key)
            merged[part][key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def laid_over(plain: dict[str, Any], variation: Mapping[str, Any]) -> dict[str, Any]:
    """The content with a variation laid over it; raises PolicyDataError for what is not there to vary."""
    varied = dict(plain)
    for part, change in variation.items():
        if part == "settings":
            varied[part] = {key: dict(entry) for key, entry in plain[part].items()}
            for key, value in change.items():
                if key not in varied[part]:
                    raise PolicyDataError(f"没有这项设置：{key}")
                varied[part][key]["value"] = value
        elif part in ("standards", "directions"):
            varied[part] = _rows_laid_over(plain[part], change)
        else:
            raise PolicyDataError(f"不能改动：{part}")
    refuse_floats(varied)
    return varied


def _rows_laid_over(rows: Sequence[Mapping[str, Any]], change: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with new rates and caps by key (“XIAN-LEADER”, “equipment”)."""

    def key_of(row: Mapping[str, Any]) -> str:
        return str(row["key"]) if "key" in row else f"{row['track']}-{'LEADER' if row['leader'] else 'OTHER'}"

    unknown = set(change) - {key_of(row) for row in rows}
    if unknown:
        raise PolicyDataError(f"没有这项标准：{'、'.join(sorted(unknown))}")
    for key, values in change.items():
        if not set(values) <= {"rate", "cap", "source"}:
            raise PolicyDataError(f"{key}只能改动比例和封顶")
    return [{**row, **change.get(key_of(row), {})} for row in rows]
