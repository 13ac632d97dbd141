"""Figures while one types: as if the typed rows were saved, through the policy, and nothing is stored."""

from decimal import Decimal

import pytest

from applications.models import Draft
from tests.factories import core as people
from tests.factories import filing
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(live_call):
    return filing.ready(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def row(number, line=None, **typed):
    values = {"category": "equipment", "name": "设备", "quantity": "1", "amount": "", "domestic": "True"}
    values |= {"id": str(line.pk) if line else "", "slot": "" if line else f"n{number}"} | typed
    return {f"lines-{number}-{name}": text for name, text in values.items()} | {"row": [str(number)]}


def live(client, draft, section, data):
    return client.post(f"/filing/{draft.project_id}/{section}/live/", data).json()


def test_a_typed_row_counts_in_place_of_the_stored_one(own, draft):
    line = draft.lines.get(name="机器人喷涂单元")  # 20,000,000 of 28,600,000

    told = live(own, draft, "lines", row(0, line, amount="10,000,000"))

    assert told["investment"] == "18,600,000.00"
    assert told["said"] == "投资总额 1,860.00 万元，测算上限 219.00 万元。"  # 15 % of 1,460 万元, the floor left out
    assert "第六条（二）1" in told["ceiling"]
    assert draft.lines.get(pk=line.pk).amount == Decimal("20000000.00")


def test_a_new_row_a_ticked_row_and_one_that_does_not_read(own, draft):
    floor = draft.lines.get(name="地坪改造")
    data = row(0, amount="1000000") | row(1, floor, DELETE="on") | row(2, amount="12万") | {"row": ["0", "1", "2"]}

    assert live(own, draft, "lines", data)["investment"] == "25,600,000.00"


def test_the_typed_industry_decides_about_central_money(own, draft):
    pilot = live(own, draft, "basics", {"industry": "3511"})["ceiling"]

    other = live(own, draft, "basics", {"industry": "1311"})["ceiling"]

    assert "由中央资金安排" in pilot and "由中央资金安排" not in other
    assert Draft.objects.get(pk=draft.pk).industry == "3511"


def test_a_section_without_figures_has_no_such_page(own, draft):
    assert own.post(f"/filing/{draft.project_id}/nothing/live/", {}).status_code == 404


def test_another_enterprise_asks_in_vain(client, draft):
    client.force_login(people.approver())

    assert client.post(f"/filing/{draft.project_id}/lines/live/", {}).status_code == 404


def test_it_asks_a_fixed_number_of_questions(own, draft):
    live(own, draft, "lines", row(0, amount="1"))  # what a process asks once is asked
    with Questions() as one:
        live(own, draft, "lines", row(0, amount="1"))
    with Questions() as three:
        live(
            own, draft, "lines", row(0, amount="1") | row(1, amount="1") | row(2, amount="1") | {"row": ["0", "1", "2"]}
        )

    assert one.count == three.count <= 8
