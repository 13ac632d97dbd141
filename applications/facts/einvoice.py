"""A 数电票 in its XML form, read strictly: number, day, buyer, seller, amounts. No document type, no entity, no surprise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

LARGEST = 1024 * 1024  # bytes; an invoice has some kilobytes
DEEPEST = 32
LONGEST = 200  # characters of one value

# The names of the tax office's file, by what they hold; the first that has a value counts.
NAMES = {
    "number": ("InvoiceNumber", "EIid"),
    "issued": ("IssueTime", "RequestTime"),
    "buyer_uscc": ("BuyerIdNum",),
    "buyer_name": ("BuyerName",),
    "seller_uscc": ("SellerIdNum",),
    "seller_name": ("SellerName",),
    "amount": ("TotalAmWithoutTax",),
    "tax": ("TotalTaxAm",),
}
WANTED = {name for names in NAMES.values() for name in names}


class NotAnInvoice(ValueError):
    """The file is no 数电票 that can be read; nothing is said of it."""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """What one invoice says; amounts in 元."""

    number: str
    issued_on: date | None
    buyer_uscc: str
    buyer_name: str
    seller_uscc: str
    seller_name: str
    amount: Decimal
    tax: Decimal


def read(content: bytes) -> EInvoice:
    """The invoice of a file. Raises NotAnInvoice for anything else, whatever it is."""
    if len(content) > LARGEST:
        raise NotAnInvoice("too large")
    found = _values(content)
    said = {name: next((found[tag] for tag in tags if found.get(tag)), "") for name, tags in NAMES.items()}
    number = said["number"]
    if len(number) != 20 or not (number.isascii() and number.isdigit()) or not said["buyer_name"]:
        raise NotAnInvoice("no number of twenty digits, or no buyer")
    return EInvoice(
        number, _day(said["issued"]), said["buyer_uscc"], said["buyer_name"], said["seller_uscc"], said["seller_name"],
        _yuan(said["amount"]), _yuan(said["tax"]),
    )  # fmt: skip


def _values(content: bytes) -> dict[str, str]:
    """The text of the wanted elements, by local name; the first of a name counts."""
    found: dict[str, str] = {}
    path: list[str] = []
    held: list[str] = []

    def refuse(*_: object) -> None:
        raise NotAnInvoice("a document type or an entity")

    def begin(name: str, _: dict[str, str]) -> None:
        path.append(name.rpartition(":")[2])
        held.clear()
        if len(path) > DEEPEST:
            raise NotAnInvoice("too deep")

    def end(_: str) -> None:
        name, said = path.pop(), "".join(held).strip()
        if name in WANTED and said:
            found.setdefault(name, said[:LONGEST])
        held.clear()

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, held.append
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise NotAnInvoice(str(fault)) from fault
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None


def _yuan(text: str) -> Decimal:
    try:
        amount = Decimal(text or "0")
    except InvalidOperation as fault:
        raise NotAnInvoice("an amount that is none") from fault
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 13:
        raise NotAnInvoice("an amount that is none")
    return amount.quantize(Decimal("0.01"))
