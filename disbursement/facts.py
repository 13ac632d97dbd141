"""What one row of the money room says of itself, read from its stored determination; no question to the database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.money import ZERO, exact


def received_elsewhere(determination: Any) -> Decimal:
    """Earlier support of the same project in 元 (就高不重复, 第五条)."""
    return exact(determination.facts.get("other_received") or "0")


def central_cap(determination: Any) -> Decimal:
    """The most that central money may bear, in 元: its share by 第五、六条, within the ceiling."""
    share = determination.result.get("central")
    if share is None or determination.ceiling is None:
        return ZERO
    return min(exact(share), determination.ceiling)


def net_of_received(granted: Decimal, determination: Any) -> Decimal:
    """The award that a gross amount leaves: granted − support received elsewhere, never negative."""
    return max(ZERO, granted - received_elsewhere(determination))
