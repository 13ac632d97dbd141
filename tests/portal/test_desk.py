"""The desk: what waits for each role, counts that lead to lists, a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.states import State
from core.models import Role
from portal.queries.desk import desk_of, own_projects
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_a_district_officer_sees_what_waits_in_his_district_alone():
    filings.project(State.DISTRICT_REVIEW, due_on=moment(days=5).date())
    filings.project(State.DISTRICT_REVIEW, enterprise=people.enterprise(slug="hunnan"))

    desk = desk_of(people.district_officer(), at=NOW)

    assert desk.waiting == 1
    assert [task["title"] for task in desk.tasks] == ["初审这个项目：数控产线智能化改造"]
    assert desk.lede == "有 1 件事等您办理，最近的一件剩 3 个工作日。"


def test_the_nearest_deadline_comes_first():
    call = filings.call()
    filings.project(State.DISTRICT_REVIEW, of_call=call, title="晚", due_on=moment(days=9).date())
    filings.project(State.DISTRICT_REVIEW, of_call=call, title="早", due_on=moment(days=1).date())

    tasks = desk_of(people.district_lead(), at=NOW).tasks

    assert [task["title"][-1] for task in tasks] == ["早", "晚"]


def test_counts_lead_to_the_list_they_count():
    filings.project(State.DISTRICT_REVIEW, due_on=moment(days=-3).date())

    tiles = {tile["label"]: (tile["value"], tile["url"]) for tile in desk_of(people.district_officer(), at=NOW).tiles}

    assert tiles == {
        "区县初审": (1, "/projects/?step=2"),
        "两天内到期": (0, "/projects/?sort=due"),
        "已超期": (1, "/projects/?sort=due"),
    }


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_desk_of_at_most_twelve_queries(client, role, django_assert_max_num_queries):
    for _ in range(3):
        filings.project(State.DISTRICT_REVIEW)
    client.force_login(people.EVERY_ROLE[role]())
    client.get(reverse("inbox"))  # a session's first page writes down when it began

    with django_assert_max_num_queries(20):
        response = client.get(reverse("desk"))

    assert response.status_code == 200


def asked_for(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [query["sql"][:200] for query in asked]


@pytest.mark.parametrize(("address", "most"), [("/projects/", 12), ("/search/?q=数控", 12), ("/desk/", 20)])
def test_the_list_asks_as_much_for_many_projects_as_for_one(client, address, most):
    client.force_login(people.bureau_officer())
    client.get(reverse("inbox"))  # a session's first page writes down when it began
    filings.project(State.DISTRICT_REVIEW)
    filings.project(State.CITY_REVIEW)
    few = asked_for(client, address)
    for _ in range(3):
        filings.project(State.CITY_REVIEW)

    many = asked_for(client, address)

    assert len(few) == len(many) <= most, [sql for sql in many if sql not in few]


def test_the_list_is_filtered_by_step_and_words(client):
    call = filings.call()
    filings.project(State.DISTRICT_REVIEW, of_call=call, title="铁西的项目")
    filings.project(State.CITY_REVIEW, of_call=call, title="浑南的项目")
    client.force_login(people.bureau_officer())

    by_step = client.get(reverse("projects"), {"step": "3"}).context["rows"]
    by_words = client.get(reverse("projects"), {"q": "铁西的"}).context["rows"]

    assert [row.project.title for row in by_step] == ["浑南的项目"]
    assert [row.project.title for row in by_words] == ["铁西的项目"]


def test_search_finds_among_visible_projects_only(client):
    mine = filings.project(State.DISTRICT_REVIEW, title="数控一号")
    filings.project(State.DISTRICT_REVIEW, title="数控二号")
    client.force_login(mine.created_by)

    rows = client.get(reverse("search"), {"q": "数控"}).context["rows"]

    assert [row.project.title for row in rows] == ["数控一号"]


def test_a_desk_picked_from_rows_read_already_is_the_same():
    owner = people.approver()
    late, soon = moment(days=-3).date(), moment(days=1).date()
    filings.project(State.CORRECTION, enterprise=owner.organisation, due_on=late)
    filings.project(State.CORRECTION, enterprise=owner.organisation, due_on=soon)
    filings.project(State.DRAFT, enterprise=owner.organisation)
    filings.project(State.CITY_REVIEW, enterprise=owner.organisation)

    picked = desk_of(owner, at=NOW, own=own_projects(owner, at=NOW))

    asked = desk_of(owner, at=NOW)
    assert (picked.tiles, picked.tasks, picked.waiting) == (asked.tiles, asked.tasks, asked.waiting)


@pytest.mark.parametrize(("address", "place"), [("experts", "评审"), ("draws", "评审"), ("objections", "公示与异议")])
def test_what_lies_behind_a_place_lights_it_up(client, address, place):
    client.force_login(people.bureau_officer())
    places = client.get(reverse(address)).context["frame"].places
    assert [one.label for one in places if one.current] == [place]
