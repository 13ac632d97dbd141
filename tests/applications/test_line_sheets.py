"""Investment lines out to Excel and in again: exact to the 分, all or nothing, every fault by row and column."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from applications import services
from applications.facts.line_columns import COLUMNS
from applications.facts.line_reading import MOST_LINES, read_lines
from applications.facts.line_workbook import workbook_of
from applications.models import DraftLine
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

HEADINGS = [column.heading for column in COLUMNS]
UNIT = {"类别": "设备", "名称": "喷涂单元", "数量": 2, "金额（元，不含税）": 20000000.29, "产地": "国产"}


def workbook(*rows, headings=HEADINGS, title="投资明细"):
    """A workbook of rows given by heading."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    return book


def packed(book):
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def reading_of(*rows, **more):
    return read_lines(io.BytesIO(packed(workbook(*rows, **more))))


def faults_of(*rows, **more):
    reading = reading_of(*rows, **more)
    assert reading.rows == []
    return [(fault.row, fault.column.split(" ")[0], fault.wrong) for fault in reading.faults]


# --- what is right ---


def test_the_template_holds_the_columns_and_how_to_fill_them():
    book = load_workbook(io.BytesIO(workbook_of([])))

    assert book.sheetnames == ["投资明细", "填写说明"]
    assert [cell.value for cell in book["投资明细"][1]] == HEADINGS


def test_a_number_of_excel_is_taken_digit_by_digit():
    line = reading_of(UNIT).rows[0]

    assert (line["amount"], line["quantity"], line["category"], line["domestic"]) == (
        Decimal("20000000.29"), 2, "equipment", True,
    )  # fmt: skip


def test_lines_come_back_from_their_own_workbook_as_they_were():
    lines = [
        {"category": "equipment", "name": "=1+1 单元", "model": "A", "quantity": 3, "amount": Decimal("0.07"),
         "tax": Decimal("9999999999999.99"), "supplier": "甲", "domestic": False, "invoice_number": "00123",
         "serial_number": "SN"},
    ]  # fmt: skip

    read = read_lines(io.BytesIO(workbook_of(lines)))

    assert read.faults == []
    assert {name: read.rows[0][name] for name in lines[0]} == lines[0]


@given(st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2))
@settings(max_examples=60, deadline=None)
def test_any_amount_to_the_fen_survives_excels_own_floats(amount):
    assert reading_of({**UNIT, "金额（元，不含税）": float(amount)}).rows[0]["amount"] == amount


def test_blank_rows_and_columns_of_ones_own_notes_are_skipped():
    read = reading_of(UNIT, {}, {**UNIT, "备注": "二期"}, headings=[*HEADINGS, "备注"])

    assert (len(read.rows), read.faults) == (2, [])


# --- what is wrong, by row and column ---


@pytest.mark.parametrize(
    ("changed", "column", "wrong"),
    [
        ({"金额（元，不含税）": "=1+1"}, "金额", "公式"),
        ({"金额（元，不含税）": 10**15}, "金额", "金额过大"),
        ({"金额（元，不含税）": 1e300}, "金额", "金额过大"),
        ({"金额（元，不含税）": 1000.125}, "金额", "最多两位小数"),
        ({"金额（元，不含税）": -1}, "金额", "不能为负数"),
        ({"金额（元，不含税）": 0}, "金额", "须大于 0"),
        ({"金额（元，不含税）": "150万"}, "金额", "不要写“万元”"),
        ({"金额（元，不含税）": "NaN"}, "金额", "只能填数字"),
        ({"金额（元，不含税）": True}, "金额", "不是金额"),
        ({"金额（元，不含税）": date(2026, 3, 5)}, "金额", "不是金额"),
        ({"金额（元，不含税）": None}, "金额", "没有填写"),
        ({"数量": 1.5}, "数量", "不是整数"),
        ({"数量": 0}, "数量", "须在 1"),
        ({"类别": "其他"}, "类别", "没有这个类别"),
        ({"产地": "德国"}, "产地", "产地写法"),
        ({"名称": "字" * 121}, "名称", "最多 120 字"),
        ({"名称": date(2026, 3, 5)}, "名称", "不是文字"),
        ({"发票号码": 25210000000000000001}, "发票号码", "末几位已丢失"),
        ({"发票号码": 2.5e19}, "发票号码", "末几位已丢失"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column_and_keeps_all_lines_out(changed, column, wrong):
    (row, where, said), = faults_of(UNIT, {**UNIT, **changed})  # fmt: skip

    heading = HEADINGS[ord(where) - ord("A")]
    assert (row, heading.startswith(column)) == (3, True)
    assert wrong in said


def test_merged_cells_are_refused():
    book = workbook(UNIT, UNIT)
    book.active.merge_cells("B2:B3")

    assert [fault.wrong for fault in read_lines(io.BytesIO(packed(book))).faults][0] == "有合并的单元格。"


def test_an_unknown_column_and_a_missing_one_are_named():
    said = [wrong for _, _, wrong in faults_of(UNIT, headings=["类别", "名称", "单价", "产地"])]

    assert said == ["表头里有不认识的列。", "没有“金额（元，不含税）”列。"]


def test_more_lines_than_allowed_are_refused_at_the_first_too_many():
    assert faults_of(*[UNIT] * (MOST_LINES + 1)) == [(MOST_LINES + 2, "", "明细超过 2,000 行。")]


def altered(change):
    """A good workbook whose sheet's XML went through `change`."""
    source, kept = zipfile.ZipFile(io.BytesIO(packed(workbook(UNIT)))), io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            content = source.read(part)
            package.writestr(part.filename, change(content) if part.filename.endswith("sheet1.xml") else content)
    return kept.getvalue()


def bomb():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
    return kept.getvalue()


HOSTILE = {
    "empty": lambda: b"",
    "text": lambda: "类别,名称".encode(),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "half a workbook": lambda: packed(workbook(UNIT))[:2000],
    "a zip of something else": lambda: b"PK\x05\x06" + b"\0" * 18,
    "a zip bomb": bomb,
    "a wrong sheet": lambda: packed(two_sheets()),
    "no headings": lambda: packed(workbook(headings=["甲", "乙"])),
    "no lines": lambda: packed(workbook()),
    "a number that is none": lambda: altered(lambda xml: xml.replace(b"<v>20000000.29</v>", b"<v>NaN</v>")),
    "an infinite number": lambda: altered(lambda xml: xml.replace(b"<v>20000000.29</v>", b"<v>1e999</v>")),
    "a last row far below": lambda: altered(
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
    ),
    "broken XML": lambda: altered(lambda xml: xml[: len(xml) // 2]),
    "entities": lambda: altered(
        lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + xml.split(b"?>", 1)[-1]
        + b"&b;"
    ),
    "control characters": lambda: altered(lambda xml: xml.replace(b"<v>20000000.29</v>", b"<v>\x01</v>")),
}  # fmt: skip


def two_sheets():
    book = workbook(UNIT, title="甲")
    book.create_sheet("乙")
    return book


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_a_report_and_never_lines(kind):
    read = read_lines(io.BytesIO(HOSTILE[kind]()))

    assert read.rows == []
    assert [bool(fault.wrong and fault.todo) for fault in read.faults][0]


cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.floats(), st.datetimes(), st.dates(), st.times(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=130),
    st.sampled_from(["设备", "软件", "国产", "进口", "=SUM(A1:A9)", "#REF!", "1,000.00", "１２", "２０００元", "2026-02-30"]),
)  # fmt: skip


@given(
    st.lists(st.lists(cells, max_size=14), max_size=8),
    st.lists(st.sampled_from([*HEADINGS, "备注", "单价", None]), max_size=14) | st.just(HEADINGS),
    st.sampled_from(["投资明细", "Sheet1", "填写说明"]),
)
@settings(max_examples=150, deadline=None)
def test_any_workbook_gives_clean_lines_or_a_report(rows, headings, title):
    book = Workbook()
    book.active.title = title
    for row in [headings, *rows]:
        book.active.append([None if isinstance(cell, float) and not abs(cell) < 1e300 else cell for cell in row])

    read = read_lines(io.BytesIO(packed(book)))

    assert bool(read.rows) != bool(read.faults)
    assert all(fault.wrong and fault.todo for fault in read.faults)
    for line in read.rows:
        DraftLine(draft_id=1, position=1, **line).full_clean(exclude=["draft"])


@given(st.binary(max_size=400), st.integers(0, 5000))
@settings(max_examples=80, deadline=None)
def test_any_damage_to_a_workbook_gives_clean_lines_or_a_report(damage, place):
    good = packed(workbook(UNIT))
    read = read_lines(io.BytesIO(good[:place] + damage + good[place + len(damage) :]))

    assert bool(read.rows) != bool(read.faults)


# --- the page ---


@pytest.fixture
def draft(live_call):
    return filing.started(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def upload(client, draft, content, mode="replace", **more):
    file = SimpleUploadedFile("明细.xlsx", content)
    data = {"file": file, "mode": mode, **more}
    return client.post(f"/filing/{draft.project_id}/lines/import/", data, follow=True)


@pytest.mark.django_db
def test_a_clean_workbook_replaces_the_lines(own, draft):
    services.save_lines(draft.project, lines=filing.LINES, actor=draft.project.created_by, at=NOW)

    page = upload(own, draft, packed(workbook(UNIT)))

    assert [(line.name, line.amount) for line in draft.lines.all()] == [("喷涂单元", Decimal("20000000.29"))]
    assert "已从 Excel 导入 1 行投资明细" in page.content.decode()


@pytest.mark.django_db
def test_or_is_put_after_them(own, draft):
    services.save_lines(draft.project, lines=filing.LINES[:1], actor=draft.project.created_by, at=NOW)

    upload(own, draft, packed(workbook(UNIT)), mode="append")

    assert [(line.position, line.name) for line in draft.lines.all()] == [(1, "机器人喷涂单元"), (2, "喷涂单元")]


@pytest.mark.django_db
def test_one_wrong_cell_among_many_leaves_everything_as_it_was(own, draft):
    services.save_lines(draft.project, lines=filing.LINES[:1], actor=draft.project.created_by, at=NOW)
    rows = [UNIT] * 500 + [{**UNIT, "数量": "两台"}]

    page = upload(own, draft, packed(workbook(*rows))).content.decode()

    assert draft.lines.get().name == "机器人喷涂单元"
    assert "数量不是整数。" in page
    assert ">502</td>" in page


@pytest.mark.django_db
def test_appending_beyond_the_most_lines_is_refused_whole(own, draft):
    services.save_lines(draft.project, lines=filing.LINES[:1] * 1500, actor=draft.project.created_by, at=NOW)

    page = upload(own, draft, packed(workbook(*[UNIT] * 501)), mode="append").content.decode()

    assert "最多 2,000 行" in page
    assert draft.lines.count() == 1500


@pytest.mark.django_db
def test_what_a_colleague_saved_meanwhile_is_not_overwritten(own, draft):
    address = f"/filing/{draft.project_id}/lines/import/"
    seen = own.get(address).context["form"]["seen"].value()
    colleague = people.filer(draft.project.enterprise)
    services.save_lines(draft.project, lines=filing.LINES[:1], actor=colleague, at=NOW)

    page = upload(own, draft, packed(workbook(UNIT)), seen=seen).content.decode()

    assert "另一人保存了新的投资明细" in page
    assert draft.lines.get().name == "机器人喷涂单元"


@pytest.mark.django_db
def test_a_stranger_is_told_there_is_nothing(client, draft):
    client.force_login(people.approver())

    assert upload(client, draft, packed(workbook(UNIT))).status_code == 404
    assert client.get(f"/filing/{draft.project_id}/lines/template/").status_code == 404
    assert not draft.lines.exists()


@pytest.mark.django_db
def test_the_saved_lines_are_handed_out_to_be_changed(own, draft):
    services.save_lines(draft.project, lines=filing.LINES, actor=draft.project.created_by, at=NOW)

    answer = own.get(f"/filing/{draft.project_id}/lines/template/?lines=1")

    assert len(read_lines(io.BytesIO(answer.content)).rows) == 3


@pytest.mark.django_db
def test_taking_lines_in_asks_the_database_as_often_for_one_as_for_many(
    own, draft, django_assert_max_num_queries
):  # fmt: skip
    with django_assert_max_num_queries(45):
        upload(own, draft, packed(workbook(*[UNIT] * 1000)))


def test_a_contract_of_no_amount_is_told_so_and_its_row_is_not_to_be_deleted():
    [fault] = reading_of({**UNIT, "合同金额（元，含税）": 0}).faults

    assert (fault.wrong, fault.todo) == ("合同金额须大于 0。", "填写整份合同的金额；没有合同的不填。")
