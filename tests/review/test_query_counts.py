"""Every list of the room asks the same number of questions with 1 and with 30 rows, and at most twelve."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from review.services import assignments
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db


def questions(user, name, **query):
    client = Client()
    if user:
        client.force_login(user)
    address = reverse(name)
    client.get(address, query)  # what is asked once per process is asked now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, query).status_code == 200
    return len(asked)


def measured(user, name, add, **query):
    add()
    one = questions(user, name, **query)
    for _ in range(29):
        add()
    return one, questions(user, name, **query)


def test_the_districts_queue():
    call, officer = make.small_call(), people.district_officer()
    one, thirty = measured(officer, "district-queue", lambda: make.at_the_district(of_call=call))
    assert one == thirty <= 12


@pytest.mark.parametrize("tab", ["mine", "untaken", "to_sign", "correction", "recommended"])
def test_every_tab_of_the_districts_queue(tab):
    make.with_opinion(make.at_the_district())
    assert questions(people.district_lead(), "district-queue", tab=tab, q="SYJG", sort="-limit") <= 12


@pytest.mark.parametrize("tab", ["to_assign", "scoring"])
def test_the_bureaus_board(tab):
    call, lead, expert = make.small_call(), people.bureau_lead(), make.expert()

    def add():
        project = make.under_review(of_call=call)
        if tab == "scoring":
            assignments.assign_experts(project, [expert], actor=lead, at=NOW)

    one, thirty = measured(lead, "review-board", add, tab=tab)
    assert one == thirty <= 12


def test_the_experts_desk():
    call, lead, expert = make.small_call(), people.bureau_lead(), make.expert()

    def add():
        assignments.assign_experts(make.under_review(of_call=call), [expert], actor=lead, at=NOW)

    one, thirty = measured(expert.user, "expert-desk", add)
    assert one == thirty <= 12


def test_the_notices_and_objections():
    call, lead = make.small_call(), people.bureau_lead()

    def add():
        project = make.concluded(call, lead=lead)
        make.objection(make.published(project, lead=lead, number=f"示例公示〔2026〕{project.pk}号"))

    add()
    first = [questions(user, name) for user, name in ((None, "notices"), (lead, "objections"))]
    for _ in range(29):
        add()
    then = [questions(user, name) for user, name in ((None, "notices"), (lead, "objections"))]
    assert first == then
    assert max(then) <= 12


def test_the_page_of_a_notice_with_many_projects(visit):
    call, lead = make.small_call(), people.bureau_lead()
    small = make.published(make.concluded(call, lead=lead), lead=lead)
    many = make.published(
        *[make.concluded(call, lead=lead) for _ in range(12)], lead=lead, number="示例公示〔2026〕12号"
    )
    counts = []
    for notice in (small, many):
        visit(None, "notice", notice.pk)
        with CaptureQueriesContext(connection) as asked:
            visit(None, "notice", notice.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_experts_sheet_asks_at_most_twelve():
    (assignment,) = make.assigned(make.under_review())
    make.saved(assignment)
    client, address = Client(), reverse("expert-score", args=[assignment.pk])
    client.force_login(assignment.expert.user)
    client.get(address)
    with Questions() as asked:
        assert client.get(address).status_code == 200
    assert asked.count <= 12, [query["sql"][:120] for query in asked.captured_queries]
