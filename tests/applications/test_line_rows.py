"""Lines saved row by row: only what changed, twice sent once written, and two people in one row choose."""

from decimal import Decimal

import pytest

from applications import services
from applications.models import Draft, DraftLine, UnsavedText
from tests.applications.test_lines import UNIT, grid
from tests.factories import filing
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(live_call):
    return filing.ready(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def address(draft, part=""):
    return f"/filing/{draft.project_id}/lines/{part}"


def opened(client, draft, number, **changes):
    """Row `number` of the page as the browser holds it, with changes, ready to be sent by itself."""
    form = client.get(address(draft)).context["formset"].forms[number]
    row = {bound.name: bound.value() if bound.value() is not None else "" for bound in form if bound.name != "DELETE"}
    data = {f"lines-{number}-{name}": text for name, text in {**row, **changes}.items()}
    return {**data, "lines-TOTAL_FORMS": "8", "lines-INITIAL_FORMS": "0", "row": [str(number)]}


def autosave(client, draft, data):
    return client.post(address(draft, "autosave/"), data, headers={"X-Requested-With": "autosave"})


def theirs(draft, name="机器人喷涂单元", **values):
    """A colleague changes one line meanwhile."""
    line = draft.lines.get(name=name)
    for field, value in values.items():
        setattr(line, field, value)
    line.save()
    return line


def test_only_the_sent_row_is_written(own, draft):
    told = autosave(own, draft, opened(own, draft, 1, amount="5,000,000")).json()

    assert told["said"].startswith("已自动保存")
    assert list(draft.lines.values_list("name", "amount")) == [
        ("机器人喷涂单元", Decimal("20000000.00")), ("制造执行系统", Decimal("5000000.00")), ("地坪改造", Decimal("4000000.00")),
    ]  # fmt: skip


def test_a_new_row_goes_to_the_end_and_is_known_from_then_on(own, draft):
    told = autosave(own, draft, opened(own, draft, 3, name="除尘系统", amount="800000")).json()

    line = draft.lines.get(name="除尘系统")
    assert (line.position, told["rows"]["3"]["standing"][0]) == (4, line.pk)


def test_a_row_sent_twice_is_written_once(own, draft):
    data = opened(own, draft, 3, name="除尘系统", amount="800000")
    autosave(own, draft, data)

    autosave(own, draft, {**data, "lines-3-amount": "900000"})

    assert draft.lines.get(name="除尘系统").amount == Decimal("900000.00")


def test_a_half_typed_row_is_kept_and_stands_in_its_place_again(own, draft):
    told = autosave(own, draft, opened(own, draft, 1, amount="12万")).json()

    assert "按元填写" in told["rows"]["1"]["fault"]
    assert draft.lines.get(name="制造执行系统").amount == Decimal("4600000.00")
    form = own.get(address(draft)).context["formset"].forms[1]
    assert (form["name"].value(), form["amount"].value()) == ("制造执行系统", "12万")


def test_a_half_typed_new_row_waits_at_the_end(own, draft):
    autosave(own, draft, opened(own, draft, 3, name="除尘系统", amount=""))
    autosave(own, draft, opened(own, draft, 1, amount="5,000,000"))

    assert 'value="除尘系统"' in own.get(address(draft)).content.decode()


def test_a_row_a_colleague_changed_is_not_overwritten_and_is_chosen(own, draft):
    data = opened(own, draft, 0, amount="21000000")
    line = theirs(draft, amount=Decimal("25000000"))

    told = autosave(own, draft, data).json()

    assert told["rows"]["0"]["disputed"] is True
    assert draft.lines.get(pk=line.pk).amount == Decimal("25000000.00")
    both = own.get(address(draft)).context["form"].both[0]
    assert "21000000 元" in both.mine and "25,000,000.00 元" in both.theirs


@pytest.mark.parametrize(("pick", "stands"), [("mine", "21000000.00"), ("theirs", "25000000.00")])
def test_the_chosen_row_stands_and_nothing_is_left_over(own, draft, pick, stands):
    data = opened(own, draft, 0, amount="21000000")
    line = theirs(draft, amount=Decimal("25000000"))
    autosave(own, draft, data)

    own.post(address(draft), {"action": "choose", f"pick-{line.pk}": pick})

    assert draft.lines.get(pk=line.pk).amount == Decimal(stands)
    assert not UnsavedText.objects.exists()


def test_two_people_in_different_rows_do_not_disturb_each_other(own, draft):
    data = opened(own, draft, 1, amount="5,000,000")
    theirs(draft, amount=Decimal("25000000"))

    autosave(own, draft, data)

    assert set(draft.lines.values_list("amount", flat=True)) == {
        Decimal("25000000.00"), Decimal("5000000.00"), Decimal("4000000.00"),
    }  # fmt: skip


def test_a_ticked_row_waits_for_the_plain_save(own, draft):
    autosave(own, draft, {**opened(own, draft, 2), "lines-2-DELETE": "on"})

    assert draft.lines.count() == 3


def test_the_plain_save_of_a_page_touches_that_page_alone(own, draft):
    services.save_lines(
        draft.project, lines=[{**filing.LINES[0], "name": f"设备{n}"} for n in range(60)], actor=draft.project.created_by, at=NOW
    )  # fmt: skip
    formset = own.get(address(draft) + "?page=2").context["formset"]
    assert (len(formset.forms), formset.first_number) == (35, 31)
    data = {
        f"lines-{n}-{b.name}": b.value() or ""
        for n, form in enumerate(formset.forms)
        for b in form
        if b.name != "DELETE"
    }

    own.post(
        address(draft) + "?page=2",
        {**data, "lines-TOTAL_FORMS": "35", "lines-INITIAL_FORMS": "0", "lines-0-name": "改名"},
    )

    assert (draft.lines.count(), draft.lines.get(position=31).name) == (60, "改名")


def test_a_grid_posted_after_the_session_waits_row_by_row(client, own, draft):
    page = own.get(address(draft))
    data = opened(own, draft, 1, amount="5,000,000") | {"ticket": page.context["ticket"]}
    own.logout()

    own.post(address(draft), data)
    client.force_login(draft.project.created_by)

    assert client.get(address(draft)).context["formset"].forms[1]["amount"].value() == "5,000,000"
    assert draft.lines.get(name="制造执行系统").amount == Decimal("4600000.00")


def test_the_two_thousandth_line_is_the_last(own, draft):
    rows = [DraftLine(draft=draft, position=n, category="equipment", name="设备", amount=1) for n in range(4, 2001)]
    DraftLine.objects.bulk_create(rows)
    data = grid({**UNIT, "slot": "n1234567890"}, total=1) | {"row": ["0"]}

    answer = autosave(own, draft, data)

    assert (answer.status_code, draft.lines.count()) == (422, 2000)
    assert "最多 2,000 行" in answer.json()["said"]


def questions(client, draft, rows):
    data: dict = {"lines-TOTAL_FORMS": "9", "lines-INITIAL_FORMS": "0", "row": [str(n) for n in range(rows)]}
    for number in range(rows):
        data |= {
            k: v for k, v in opened(client, draft, number, supplier=f"某厂{rows}").items() if k.startswith("lines-")
        }
    with Questions() as asked:
        autosave(client, draft, data)
    return asked.count


def test_a_save_of_one_row_and_of_three_asks_the_same(own, draft):
    assert questions(own, draft, 1) == questions(own, draft, 3) <= 12
    assert Draft.objects.get(pk=draft.pk).lines.filter(supplier="某厂3").count() == 3
