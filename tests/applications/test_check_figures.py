"""Rules about figures and invoices as typed: each once in order, once not."""

from datetime import date
from decimal import Decimal

import pytest

from applications import services
from tests.applications.checking import SELLER, draft_with, invoice, line, outcome
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rule", ["sums", "units", "invoice_format", "invoice_sums", "seller", "typed_twice"])
def test_lines_in_order_pass(live_call, rule):
    assert outcome(rule, draft_with(live_call, invoice(tax=Decimal("2600000")))) == "ok"


def test_sums_short_of_the_investment_stop(live_call):
    assert outcome("sums", draft_with(live_call, own_funds=1, bank_loan=0)) == "stop"


@pytest.mark.parametrize("lines", [[line(amount=2860)], [line(), line(name="机床", amount=350)]])
def test_units_of_ten_thousand_are_asked_about(live_call, lines):
    assert outcome("units", draft_with(live_call, *lines)) == "warn"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("26210000000000000017", "ok"), ("2100234130 12345678", "ok"), ("021002341301/12345678", "ok"),
        ("12345678", "warn"), ("2621000000000000001", "warn"), ("25210000000000000017", "warn"),
    ],
)  # fmt: skip
def test_invoice_format_knows_each_kind(live_call, number, said):
    assert outcome("invoice_format", draft_with(live_call, invoice(invoice_number=number))) == said


@pytest.mark.parametrize(("tax", "said"), [("2600000", "ok"), ("1200000.05", "ok"), ("2500000", "warn")])
def test_invoice_sums_follow_a_rate_of_the_list(live_call, tax, said):
    assert outcome("invoice_sums", draft_with(live_call, line(tax=Decimal(tax)))) == said


def test_seller_with_a_mistyped_code_is_a_warning(live_call):
    assert outcome("seller", draft_with(live_call, invoice(supplier_uscc=SELLER[:-1] + "I"))) == "warn"


def test_typed_twice_the_same_good_of_one_invoice_stops_and_cannot_be_filed(live_call):
    draft = draft_with(
        live_call, invoice(amount=9000000), invoice(amount=9000000, invoice_number="No.26210000000000000017")
    )

    assert outcome("typed_twice", draft) == "stop"
    with pytest.raises(services.Incomplete, match="同一笔投资填了两次"):
        services.submit(draft.project, actor=draft.project.created_by, at=NOW)


def test_typed_twice_does_not_mean_two_goods_of_one_invoice(live_call):
    draft = draft_with(live_call, invoice(amount=9000000), invoice(amount=8000000, name="机器人"))

    assert (outcome("typed_twice", draft), date(2026, 2, 10)) == ("ok", draft.lines.first().invoiced_on)
