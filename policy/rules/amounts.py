"""Exact amounts: Decimal 元 to the 分, always rounded down, never a float."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Final

ZERO: Final = Decimal("0.00")
CENT: Final = Decimal("0.01")
ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)
DOWN: Final = ROUND_DOWN
# Above this an amount times a rate could leave the 28 digits which Decimal keeps exactly.
LARGEST: Final = Decimal(10) ** 20


def whole_cents(amount: Decimal) -> bool:
    """Whether the amount is finite, within range and has no part below one 分."""
    if not amount.is_finite() or abs(amount) >= LARGEST:
        return False
    return amount == amount.quantize(CENT, DOWN)


def fen(amount: Decimal) -> int:
    """元 as an integer of 分."""
    return int(amount * 100)


def yuan(cents: int) -> Decimal:
    """分 as Decimal 元 with two places."""
    return (Decimal(cents) / HUNDRED).quantize(CENT, DOWN)


def round_down(amount: Decimal, quantum: Decimal) -> Decimal:
    """The largest multiple of ``quantum`` not above ``amount``; for amounts of zero or more."""
    if quantum == CENT:
        return amount.quantize(CENT, DOWN)
    return (amount // quantum * quantum).quantize(CENT, DOWN)


def share_of(amount: Decimal, part: Decimal, whole: Decimal, quantum: Decimal) -> Decimal:
    """amount × part ÷ whole in exact integers, rounded down to ``quantum``; whole is above zero."""
    cents = fen(amount) * fen(part) // fen(whole)
    step = fen(quantum)
    return yuan(cents // step * step)


def fraction_of(amount: Decimal, ratio: Decimal, quantum: Decimal) -> Decimal:
    """amount × ratio in exact integers, rounded down to ``quantum``, however many digits the ratio has."""
    above, below = ratio.as_integer_ratio()
    step = fen(quantum)
    return yuan(fen(amount) * above // below // step * step)


def in_yuan(amount: Decimal) -> str:
    """15000000 → 15,000,000.00."""
    return f"{amount:,.2f}".replace("-", "\N{MINUS SIGN}")


def in_percent(ratio: Decimal) -> str:
    """0.15 → 15%."""
    text = f"{ratio * HUNDRED:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
