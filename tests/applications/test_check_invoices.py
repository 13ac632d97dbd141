"""数电票 in XML: read strictly when it is uploaded; bought by the applicant, and no line claims more than it says."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from applications import services
from applications.facts import einvoice
from applications.models import ReadInvoice
from tests.applications.checking import INVOICE, SELLER, answer_of, draft_with, invoice, outcome
from tests.factories import core as people
from tests.factories.core import NOW

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{number}</EIid></Header><EInvoiceData>
<SellerInformation><SellerIdNum>{seller}</SellerIdNum><SellerName>示例设备公司</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>{name}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{amount}</TotalAmWithoutTax><TotalTaxAm>2600000</TotalTaxAm></BasicInformation>
</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime></TaxSupervisionInfo>
</EInvoice>"""
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><EInvoice><BuyerName>&y;</BuyerName></EInvoice>'
PEEK = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><EInvoice><BuyerName>&x;</BuyerName></EInvoice>'


def written(**changes):
    said = {"number": INVOICE, "seller": SELLER, "buyer": "", "name": "", "amount": "20000000.00", "day": "2026-02-10"}
    return FILE.format(**{**said, **changes}).encode()


def with_file(call, *lines, **changes):
    """A draft with one line and the XML of its invoice."""
    draft = draft_with(call, *(lines or (invoice(),)))
    own = draft.project.enterprise
    content = written(**{"buyer": own.uscc, "name": own.name, **changes})
    upload = SimpleUploadedFile("发票.xml", content, "application/xml")
    entry = call.materials.get(code="plan")
    services.add_material(draft.project, entry, upload=upload, actor=draft.project.created_by, at=NOW)
    return draft


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["buyer", "invoice_file"])
def test_an_invoice_in_order_passes(live_call, rule):
    draft = with_file(live_call)

    assert ReadInvoice.objects.get().amount == Decimal("20000000.00")
    assert outcome(rule, draft) == "ok"


@pytest.mark.django_db
def test_buyer_other_than_the_applicant_stops_and_is_not_named(live_call):
    other = people.enterprise("沈阳别家有限公司")

    found = answer_of("buyer", with_file(live_call, buyer=other.uscc, name=other.name))

    assert found.outcome == "stop"
    assert other.name not in found.found
    assert other.uscc not in found.found


@pytest.mark.django_db
def test_buyer_without_a_code_is_told_by_name(live_call):
    assert outcome("buyer", with_file(live_call, buyer="", name="沈阳别家有限公司")) == "warn"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [({"amount": "19999999.98"}, "stop"), ({"seller": "91110000600037341L"}, "warn"), ({"day": "2026-02-11"}, "warn")],
)
def test_invoice_file_bounds_its_lines(live_call, changes, said):
    assert outcome("invoice_file", with_file(live_call, **changes)) == said


@pytest.mark.django_db
def test_invoice_file_is_shared_out_among_lines_but_not_beyond_its_sum(live_call):
    parts = [invoice(name=name, amount=Decimal(12_000_000)) for name in ("主机", "附件")]

    assert outcome("invoice_file", with_file(live_call, *parts)) == "stop"


@pytest.mark.parametrize("content", [BOMB, PEEK, "<a", "", "<?xml version='1.0'?><a>1</a>", "<a>" * 99], ids=range(6))
def test_nothing_but_an_invoice_is_read(content):
    with pytest.raises(einvoice.NotAnInvoice):
        einvoice.read(content.encode())


def test_an_invoice_is_read_whole():
    said = einvoice.read(written(buyer="91110000600037341L", name="甲公司"))

    assert (said.number, said.issued_on, said.buyer_name, said.tax) == (
        INVOICE, date(2026, 2, 10), "甲公司", Decimal("2600000.00"),
    )  # fmt: skip


@given(st.binary(max_size=400), st.text(max_size=40), st.text(max_size=20))
def test_any_bytes_give_an_invoice_or_a_clear_no(noise, name, amount):
    for content in (
        noise,
        FILE.format(number=INVOICE, seller="", buyer="", name=name, amount=amount, day="x").encode("utf-8", "replace"),
    ):
        try:
            assert len(einvoice.read(content).number) == 20
        except einvoice.NotAnInvoice:
            continue
