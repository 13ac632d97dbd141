"""Rules across all applications: found however it was typed, told without telling whose it is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import checks, services
from applications.facts import keys
from applications.models import Project
from tests.applications.checking import INVOICE, ON, answer_of, draft_with, filed_with, invoice, line, outcome
from tests.factories import core as people
from tests.factories.core import NOW


@pytest.fixture
def other(live_call):
    """Another enterprise's project, filed an hour before, with an invoice and a machine."""
    there = people.approver(people.enterprise("沈阳另家机床有限公司", slug="hunnan"))
    return filed_with(live_call, invoice(serial_number="SN-2026-0017"), actor=there, minutes=-60)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["same_invoice", "same_machine", "near_invoice", "split_project", "typed_twice"])
def test_other_goods_pass(live_call, other, rule):
    mine = invoice(invoice_number="26210000000000000099", invoiced_on=date(2026, 1, 2), serial_number="SN-2026-0018")

    assert outcome(rule, draft_with(live_call, mine)) == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [INVOICE, "2621 0000 0000 0000 0017", "２６２１００００００００００００００１７", "No:" + INVOICE]
)
def test_same_invoice_stops_however_it_was_typed(live_call, other, typed):
    assert outcome("same_invoice", draft_with(live_call, line(invoice_number=typed))) == "stop"


@pytest.mark.django_db
def test_same_invoice_warns_whoever_filed_first(live_call, other):
    filed_with(live_call, line(invoice_number=INVOICE))

    assert outcome("same_invoice", other.current_submission) == "warn"


@pytest.mark.django_db
def test_same_invoice_of_a_project_given_up_by_the_same_enterprise_passes(live_call, other):
    Project.objects.filter(pk=other.pk).update(state="withdrawn")
    again = draft_with(live_call, invoice(), actor=other.created_by)

    assert outcome("same_invoice", again) == "ok"
    assert outcome("same_invoice", draft_with(live_call, invoice())) == "stop"


@pytest.mark.django_db
def test_same_machine_stops(live_call, other):
    assert outcome("same_machine", draft_with(live_call, line(serial_number="sn 2026 0017"))) == "stop"


@pytest.mark.django_db
def test_same_file_of_another_enterprise_is_a_warning(live_call, other):
    mine = draft_with(live_call)
    assert outcome("same_file", mine) == "warn"  # the tests' licence is one and the same paper
    mine.materials.all().delete()

    assert outcome("same_file", mine) == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"invoiced_on": date(2026, 2, 13)}, "warn"),
        ({"invoiced_on": date(2026, 2, 14)}, "ok"),
        ({"amount": Decimal("20100000")}, "warn"),
        ({"amount": Decimal("20200000")}, "ok"),
        ({"supplier_uscc": people.credit_code(7002)}, "ok"),
    ],
)
def test_near_invoice_is_same_seller_three_days_half_a_percent(live_call, other, changed, said):
    mine = invoice(**{"invoice_number": "26210000000000000018", **changed})

    assert outcome("near_invoice", draft_with(live_call, mine)) == said


@pytest.mark.django_db
def test_split_project_is_the_same_site_and_an_alike_name(live_call, other):
    assert outcome("split_project", draft_with(live_call, actor=other.created_by)) == "warn"
    apart = draft_with(live_call, actor=other.created_by, title="铸造车间余热回收")
    assert outcome("split_project", apart) == "ok"


@pytest.mark.django_db
def test_no_finding_tells_whose_the_other_is(client, live_call, other):
    """The other's name, number, code and title are in the database, and nowhere in what is said of it."""
    Project.objects.filter(pk=other.pk).update(title="另家的机床项目")
    mine = filed_with(live_call, invoice(serial_number="SN-2026-0017"))
    services.run_checks(mine.current_submission, at=NOW)
    said = " ".join(f"{row.found}{row.todo}" for row in mine.current_submission.check_results.all())
    client.force_login(people.district_lead())
    page = client.get(f"/district/{mine.pk}/").content.decode()

    assert "已在另一个项目中申报" in said
    assert "已在另一个项目中申报" in page
    for secret in (
        "沈阳另家机床",
        other.number,
        other.enterprise.uscc,
        "另家的机床项目",
        f"/projects/{other.pk}/",
        "浑南",
    ):
        assert secret not in said
        assert secret not in page


@pytest.mark.django_db
def test_the_enterprise_reads_findings_before_it_signs(client, live_call, other):
    mine = draft_with(live_call, invoice())
    client.force_login(mine.project.created_by)

    page = client.get(f"/filing/{mine.project_id}/submit/").content.decode()

    assert "已在另一个项目中申报" in page
    assert "沈阳另家机床" not in page


@pytest.mark.django_db
def test_answers_are_replaced_by_the_next_run(live_call, other):
    mine = filed_with(live_call, invoice()).current_submission

    services.run_checks(mine, at=NOW)

    assert mine.check_results.count() == len(checks.RULES)


@given(st.text(max_size=60))
def test_an_invoice_key_of_a_key_is_itself(text):
    key = keys.invoice_key(text)

    assert keys.invoice_key(key) == key
    assert key == "" or (10 <= len(key) <= 40 and key.isascii() and key.isalnum())


@given(st.from_regex(r"[0-9]{20}", fullmatch=True), st.lists(st.integers(0, 20), max_size=4), st.sampled_from(" -/　:"))
def test_an_invoice_key_sees_through_signs_between(number, places, sign):
    typed = number
    for place in places:
        typed = typed[:place] + sign + typed[place:]

    assert keys.invoice_key(typed) == number
    assert keys.invoice_key("No." + typed.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})) == number


@pytest.mark.django_db
def test_a_found_duplicate_says_what_to_do(live_call, other):
    found = answer_of("same_invoice", draft_with(live_call, invoice()))

    assert found.found == f"第 1 行的发票 {INVOICE} 已在另一个项目中申报。"
    assert found.todo and ON
