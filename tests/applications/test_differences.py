"""The difference of two submissions: field by field, line by line, file by file; to whoever sees both."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import services
from applications.facts import sections
from applications.facts.differences import difference, line_changes
from applications.models import Project
from tests.applications.test_resubmit import answered, returned
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW


def line(position, name, amount="100.00", **more):
    blank = dict.fromkeys(sections.LINE_FIELDS, "")
    plain = {"category": "equipment", "quantity": 1, "tax": Decimal(0), "domestic": True}
    return {**blank, **plain, "position": position, "name": name, "amount": Decimal(amount), **more}


def told(before, after):
    return [(one.kind, one.name, [change.name for change in one.changes]) for one in line_changes(before, after)]


def test_a_line_that_only_moved_is_no_change():
    assert told([line(1, "甲"), line(2, "乙")], [line(1, "乙"), line(2, "甲")]) == []


def test_a_changed_amount_is_a_change_of_the_same_line():
    assert told([line(1, "甲"), line(2, "乙")], [line(1, "甲", "90.00"), line(2, "乙")]) == [
        ("修改", "甲", ["金额（元，不含税）"])
    ]


def test_a_renamed_machine_is_known_by_its_serial_number():
    assert told([line(1, "甲", serial_number="S1")], [line(1, "新甲", serial_number="S1")]) == [
        ("修改", "新甲", ["名称"])
    ]


def test_a_changed_contract_or_payment_is_a_change_of_the_line():
    paid = {"payee": "甲公司", "paid": Decimal("5.00")}

    assert told([line(1, "甲")], [line(1, "甲", **paid)]) == [("修改", "甲", ["收款方", "已付金额（元，含税）"])]


def test_what_came_and_what_went_is_said():
    kinds = [(kind, name) for kind, name, _ in told([line(1, "甲")], [line(1, "乙", "7.00", category="service")])]

    assert kinds == [("新增", "乙"), ("删除", "甲")]


names = st.sampled_from(["甲", "乙", "丙"])
some_lines = st.lists(st.tuples(names, st.sampled_from(["1.00", "2.00"])), max_size=6)


@given(some_lines, some_lines)
@settings(max_examples=200, deadline=None)
def test_every_line_is_accounted_for_once(before, after):
    old = [line(place, *row) for place, row in enumerate(before, 1)]
    new = [line(place, *row) for place, row in enumerate(after, 1)]

    changes = line_changes(old, new)

    gone = [one.number_before for one in changes if one.kind == "删除"]
    come = [one.number_after for one in changes if one.kind == "新增"]
    assert len(old) - len(gone) == len(new) - len(come)
    assert all(one.changes for one in changes)
    assert (changes == []) == (sorted(before) == sorted(after))


@pytest.fixture
def twice():
    """A project filed, returned, corrected in a field, two lines and a file, and filed again."""
    project, ground = returned(filing.filed())
    actor = project.created_by
    answered(project, ground)
    services.save_basics(
        project, values={"content": "新建喷涂线和废气处理。", "bank_loan": Decimal(11000000)}, actor=actor, at=NOW
    )
    lines = [
        {**filing.LINES[0], "amount": Decimal(19000000)},
        *filing.LINES[1:],
        {"category": "service", "name": "调试", "amount": 5},
    ]
    services.save_lines(project, lines=lines, actor=actor, at=NOW)
    old = project.draft.materials.first()
    services.add_material(
        project, old.requirement, upload=filing.pdf("清晰.pdf", b"2"), actor=actor, at=NOW, replaces=old
    )
    services.resubmit(project, actor=actor, at=NOW)
    return Project.objects.get(pk=project.pk)  # fmt: skip


@pytest.mark.django_db
def test_two_submissions_differ_where_they_were_changed(twice, django_assert_num_queries):
    before, after = twice.submissions.order_by("sequence")

    with django_assert_num_queries(4):
        found = difference(before, after)

    assert [(one.name, one.before, one.after) for one in found.fields if one.name == "银行贷款"] == [
        ("银行贷款", "10,000,000.00 元", "11,000,000.00 元")
    ]
    assert [one.name for one in found.fields] == ["投资总额", "建设内容", "银行贷款"]
    assert [(one.kind, one.name) for one in found.lines] == [("修改", "机器人喷涂单元"), ("新增", "调试")]
    assert [(len(one.removed), one.added[0].file.original_name) for one in found.files] == [(1, "清晰.pdf")]


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["enterprise", "district_officer", "bureau_officer"])
def test_the_page_is_for_those_who_see_the_submissions(client, twice, reader):
    client.force_login(twice.created_by if reader == "enterprise" else people.EVERY_ROLE[reader]())

    page = client.get(f"/projects/{twice.pk}/differences/?from=1&to=2").content.decode()

    assert "新建喷涂线和废气处理。" in page
    assert "清晰.pdf" in page
    assert "22721234" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?from=1&to=9", "?from=0", "?to=99999"])
def test_a_submission_that_is_none_is_not_found(client, twice, query):
    client.force_login(twice.created_by)

    assert client.get(f"/projects/{twice.pk}/differences/{query}").status_code == 404


@pytest.mark.django_db
def test_a_stranger_and_a_project_filed_once_find_nothing(client, twice):
    client.force_login(people.approver())
    assert client.get(f"/projects/{twice.pk}/differences/").status_code == 404

    once = filing.filed(actor=people.approver())
    client.force_login(once.created_by)
    assert client.get(f"/projects/{once.pk}/differences/").status_code == 404


@pytest.mark.django_db
def test_the_district_and_the_project_page_lead_to_it(client, twice):
    client.force_login(people.district_officer())

    for address in (f"/district/{twice.pk}/", f"/projects/{twice.pk}/"):
        assert f"/projects/{twice.pk}/differences/" in client.get(address).content.decode()
