"""Reading a 数电票 that was uploaded as XML, so that the checks need no file."""

from __future__ import annotations

from applications.facts import einvoice
from applications.models import ReadInvoice
from core.files import read_stored
from core.models import StoredFile

XML_TYPES = ("application/xml", "text/xml")
VALUES = ("number", "issued_on", "buyer_uscc", "buyer_name", "seller_uscc", "seller_name", "amount", "tax")


def read_invoice(file: StoredFile) -> ReadInvoice | None:
    """Keep what an invoice says; None for a file that is none. Reading the same file again changes nothing."""
    if file.content_type not in XML_TYPES or file.size > einvoice.LARGEST:
        return None
    try:
        said = einvoice.read(read_stored(file))
    except einvoice.NotAnInvoice:
        return None
    return ReadInvoice.objects.get_or_create(file=file, defaults={name: getattr(said, name) for name in VALUES})[0]
