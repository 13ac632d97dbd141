"""Rules about who files and where: each once in order, once not."""

from datetime import date

import pytest

from applications.models import DishonestyEntry, Project
from core.models import Organisation
from tests.applications.checking import draft_with, filed_with, invoice, outcome
from tests.factories import core as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(live_call):
    return draft_with(live_call)


@pytest.mark.parametrize(
    "rule", ["credit_code", "district", "industry", "filing_number", "dishonesty", "unfinished", "start"]
)
def test_a_filing_in_order_passes(draft, rule):
    assert outcome(rule, draft) == "ok"


@pytest.mark.parametrize(
    ("code", "said"), [("91110000600037342L", "stop"), ("91350100M000100Y43", "ok"), ("91110000600037341L", "ok")]
)
def test_credit_code_is_checked_whole(draft, code, said):
    Organisation.objects.filter(pk=draft.project.enterprise_id).update(uscc=code)
    draft.project.enterprise.refresh_from_db()

    assert outcome("credit_code", draft) == said


def test_credit_code_with_a_wrong_inner_code_is_a_warning(draft):
    from stdnum.cn import uscc

    body = people.credit_code(1)[:16]
    wrong = next(body + sign for sign in "0123456789" if sign != people.credit_code(1)[16])
    Organisation.objects.filter(pk=draft.project.enterprise_id).update(uscc=wrong + uscc.calc_check_digit(wrong))
    draft.project.enterprise.refresh_from_db()

    assert outcome("credit_code", draft) == "warn"


def test_district_other_than_the_enterprises_stops(draft):
    draft.project.enterprise.district = people.district("hunnan")

    assert outcome("district", draft) == "stop"


def test_district_named_in_the_site_is_asked_about(draft):
    people.district("hunnan")
    draft.site = "沈阳市浑南区示例路1号"

    assert outcome("district", draft) == "warn"


@pytest.mark.parametrize(("code", "said"), [("3611", "warn"), ("3562", "ok"), ("99", "stop")])
def test_industry_outside_the_four_goes_to_local_money(draft, code, said):
    draft.industry = code

    assert outcome("industry", draft) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [("沈铁备〔2025〕12号", "ok"), ("2019-210106-34-03-012345", "ok"), ("备案已办", "warn"), ("12号", "warn")],
)
def test_filing_number_has_one_of_two_forms(draft, number, said):
    draft.filing_number = number

    assert outcome("filing_number", draft) == said


def test_dishonesty_on_the_register_stops(draft):
    DishonestyEntry.objects.create(
        organisation=draft.project.enterprise, from_on=date(2026, 1, 1), reason="材料虚假", ground=people.ground()
    )

    assert outcome("dishonesty", draft) == "stop"


def test_unfinished_earlier_project_is_a_warning(live_call, draft):
    earlier = filed_with(live_call, actor=draft.project.created_by, end_on=date(2026, 1, 31))
    Project.objects.filter(pk=earlier.pk).update(state="disbursement")

    assert outcome("unfinished", draft) == "warn"


@pytest.mark.parametrize(("day", "said"), [(date(2026, 4, 1), "warn"), (date(2024, 5, 1), "manual")])
def test_start_and_today_bound_the_invoice(live_call, day, said):
    assert outcome("start", draft_with(live_call, invoice(invoiced_on=day))) == said
