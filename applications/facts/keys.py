"""One written form for what identifies an invoice, a machine and a seller, however people typed it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

SHORTEST_INVOICE = 10  # eight digits without their code belong to many invoices
SHORTEST_SERIAL = 5


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def invoice_key(text: str) -> str:
    """Code and number in one row of signs, left zeros kept; "" where it is too short to name one invoice."""
    signs = re.sub(r"[^0-9A-Z]", "", _plain(text))
    signs = re.sub(r"(?:NO)+(?=[0-9])", "", signs)
    return signs[:40] if len(signs) >= SHORTEST_INVOICE else ""


def serial_key(text: str) -> str:
    """A serial number without signs between; "" where it is too common to name one machine."""
    signs = re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", _plain(text))
    told = len(signs) >= SHORTEST_SERIAL and re.search(r"[0-9]", signs)
    return signs[:60] if told else ""


def seller_key(uscc: str, name: str) -> str:
    """The seller's credit code, or its name where no code was given."""
    return (re.sub(r"[^0-9A-Z]", "", _plain(uscc)) or re.sub(r"[\s·.,，。()]", "", _plain(name)))[:120]


def keys_of(line: dict[str, Any]) -> dict[str, str]:
    """The indexed columns of a submitted line."""
    return {
        "invoice_key": invoice_key(line.get("invoice_number") or ""),
        "serial_key": serial_key(line.get("serial_number") or ""),
        "seller_key": seller_key(line.get("supplier_uscc") or "", line.get("supplier") or ""),
    }


class Keyed(Protocol):
    """A line that knows its keys."""

    name: str
    amount: Any

    @property
    def invoice_key(self) -> str: ...

    @property
    def serial_key(self) -> str: ...


def typed_twice(lines: Iterable[Keyed]) -> list[str]:
    """What one filing claims twice for certain: the same machine, or the same good on the same invoice, in words.

    Different goods of one invoice are no repetition.
    """
    goods: Counter[tuple[Any, ...]] = Counter()
    machines: Counter[str] = Counter()
    for line in lines:
        if line.serial_key:
            machines[line.serial_key] += 1
        elif line.invoice_key:
            goods[line.invoice_key, line.name.strip(), line.amount] += 1
    twice = [f"设备编号 {serial} 填了 {times} 行" for serial, times in machines.items() if times > 1]
    return twice + [f"发票 {key[0]} 的“{key[1]}”以同一金额填了 {times} 行" for key, times in goods.items() if times > 1]
