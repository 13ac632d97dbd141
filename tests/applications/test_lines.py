"""The investment grid: a plain form post that keeps every row, sums by category, and shows the ceiling."""

from datetime import date
from decimal import Decimal

import pytest

from applications import services
from applications.facts.amounts import totals_of
from applications.forms.lines import LineForm
from applications.models import Draft
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(live_call):
    return filing.started(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def grid(*rows, total=8, **more):
    """A post of the grid: the rows, and blank ones up to `total`."""
    data = {"lines-TOTAL_FORMS": str(total), "lines-INITIAL_FORMS": "0", "action": "save", **more}
    for number in range(total):
        row = {"category": "equipment", "name": "", "quantity": "1", "amount": "", "tax": "", "domestic": "True"}
        row |= rows[number] if number < len(rows) else {}
        data |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return data


def post(client, draft, *rows, **more):
    return client.post(f"/filing/{draft.project_id}/lines/", grid(*rows, **more), follow=True).content.decode()


UNIT = {"name": "喷涂单元", "amount": "20,000,000.00", "tax": "2,600,000"}
FLOOR = {"category": "building", "name": "地坪", "amount": "4000000"}


def test_rows_are_saved_without_the_blank_ones_and_summed_by_category(own, draft):
    page = post(own, draft, UNIT, FLOOR)

    assert [(line.position, line.name) for line in draft.lines.all()] == [(1, "喷涂单元"), (2, "地坪")]
    totals = totals_of(draft)
    assert (totals.investment, totals.land_and_building, totals.tax) == (
        Decimal("24000000.00"),
        Decimal("4000000.00"),
        Decimal("2600000.00"),
    )
    assert "300.00" in page  # 15 % of 2,000.00 万元


def test_the_columns_of_contract_and_payment_save_theirs_and_keep_the_others(own, draft):
    post(own, draft, {**UNIT, "supplier": "沈阳甲设备有限公司"})
    address = f"/filing/{draft.project_id}/lines/?columns=papers"
    [form] = own.get(address).context["formset"].forms
    row = {one.name: "" if one.value() is None else str(one.value()) for one in form if one.name != "DELETE"}
    paid = {
        "payee": "沈阳甲设备有限公司",
        "paid_on": "2026-02-20",
        "paid": "6,780,000.50",
        "contracted_on": "2026-01-15",
    }

    own.post(address, grid({**row, **paid}, total=1))

    line = draft.lines.get()
    assert (line.paid, line.paid_on, line.contracted_on) == (
        Decimal("6780000.50"),
        date(2026, 2, 20),
        date(2026, 1, 15),
    )
    assert (line.amount, line.tax, line.supplier) == (Decimal("20000000"), Decimal("2600000"), "沈阳甲设备有限公司")


def test_a_fault_in_a_column_that_is_not_shown_is_told_with_its_name(own, draft):
    page = post(own, draft, {**UNIT, "contract_amount": "12万"}, FLOOR)

    assert "第 1 行 合同金额（元，含税）：请按元填写" in page
    assert LineForm({**UNIT, "paid_on": "昨天"}).fault.endswith("付款日期：日期不正确，请按 2026-03-05 的样子填写。")


def test_saving_again_unchanged_keeps_every_row(own, draft):
    post(own, draft, UNIT, FLOOR)
    page = own.get(f"/filing/{draft.project_id}/lines/")
    form = page.context["formset"]
    data = {b.html_name: b.value() for b in form.management_form} | {"seen": page.context["seen"], "action": "save"}
    for row in form.forms:
        data |= {b.html_name: b.value() if b.value() is not None else "" for b in row if b.name != "DELETE"}

    own.post(f"/filing/{draft.project_id}/lines/", data)

    assert list(draft.lines.values_list("name", "amount")) == [
        ("喷涂单元", Decimal("20000000.00")),
        ("地坪", Decimal("4000000.00")),
    ]


def test_a_ticked_row_is_removed(own, draft):
    post(own, draft, UNIT, {**FLOOR, "DELETE": "on"})

    assert draft.lines.get().name == "喷涂单元"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "-1"}, "不能为负数"),
        ({"amount": "很多"}, "只能填数字"),
        ({"amount": "1000000000000000"}, "金额过大"),
        ({"amount": "0"}, "金额须大于 0"),
        ({"quantity": "0"}, "数量至少为 1"),
        ({"name": ""}, "请填写名称"),
        ({"tax": "-3"}, "不能为负数"),
    ],
)
def test_a_wrong_row_is_told_by_its_number_and_everything_typed_stays(own, draft, changed, said):
    page = post(own, draft, UNIT, {**FLOOR, **changed})

    assert "第 2 行" in page
    assert said in page
    assert 'value="喷涂单元"' in page
    assert not draft.lines.exists()


def test_five_more_rows_keep_what_is_wrong_on_the_page(own, draft):
    response = own.post(f"/filing/{draft.project_id}/lines/", grid({**UNIT, "amount": "x"}, action="more"))

    assert len(response.context["formset"].forms) == 13
    assert 'value="喷涂单元"' in response.content.decode()


def test_five_more_rows_save_what_is_right_first(own, draft):
    response = own.post(f"/filing/{draft.project_id}/lines/", grid(UNIT, action="more"), follow=True)

    assert len(response.context["formset"].forms) == 11
    assert draft.lines.count() == 1


def test_wan_typed_for_yuan_is_asked_about(own, draft):
    page = post(own, draft, {**UNIT, "amount": "2860", "tax": "0"})

    assert "是否把万元填成了元" in page


def test_land_alone_says_why_nothing_can_be_supported(own, draft):
    page = post(own, draft, {**FLOOR, "category": "land"})

    assert "没有合格投资" in page


def test_two_people_adding_rows_keep_both_and_are_told(own, draft):
    seen = own.get(f"/filing/{draft.project_id}/lines/").context["seen"]
    colleague = people.filer(draft.project.enterprise)
    services.save_lines(draft.project, lines=[{**FLOOR, "amount": 9_000_000}], actor=colleague, at=NOW)

    page = post(own, draft, UNIT, seen=seen)

    assert "填报人 林保存了新的内容" in page
    assert list(draft.lines.values_list("name", flat=True)) == ["地坪", "喷涂单元"]


def test_more_than_two_thousand_rows_are_refused(draft):
    rows = [{"category": "equipment", "name": "设备", "amount": 1} for _ in range(2001)]

    with pytest.raises(services.DraftRefused, match="2,000"):
        services.save_lines(draft.project, lines=rows, actor=draft.project.created_by, at=NOW)


def test_what_is_hidden_in_a_row_is_kept(own, draft):
    post(own, draft, {**UNIT, "invoice_number": "25210000000000000001", "serial_number": "SN-1"})

    line = draft.lines.get()
    assert (line.invoice_number, line.serial_number) == ("25210000000000000001", "SN-1")


def test_indicators_start_from_the_library_and_keep_their_figures(own, draft):
    address = f"/filing/{draft.project_id}/indicators/"
    page = own.get(address)
    data = {b.html_name: b.value() for b in page.context["formset"].management_form}
    for row in page.context["formset"].forms:
        data |= {b.html_name: b.value() or "" for b in row if b.name != "DELETE"}

    own.post(address, {**data, "indicators-0-target": "12", "indicators-0-baseline": "1.5"})

    saved = Draft.objects.get(pk=draft.pk).indicators
    assert (len(saved), saved[0]["name"], saved[0]["target"], saved[0]["baseline"]) == (
        15,
        "新增或更新设备",
        "12",
        "1.5",
    )


def test_a_target_that_is_no_number_is_refused_and_kept(own, draft):
    page = own.post(
        f"/filing/{draft.project_id}/indicators/",
        {
            "indicators-TOTAL_FORMS": "1", "indicators-INITIAL_FORMS": "0", "indicators-0-kind": "产出",
            "indicators-0-name": "数控化率", "indicators-0-direction": "≥", "indicators-0-target": "很高",
        },
    ).content.decode()  # fmt: skip

    assert "请填写数字" in page
    assert 'value="很高"' in page
