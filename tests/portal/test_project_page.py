"""The project page: eight steps from the audit trail, one next action for this person, a fixed number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Hold, HoldKind
from applications.states import State
from core import moves
from core.audit import timeline_of
from core.models import GroundKind
from portal.next_actions import next_action
from portal.queries.journey import steps_of
from portal.queries.project_page import TABS, page_of
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return filings.project(State.DISTRICT_REVIEW, due_on=moment(days=10).date())


def recommend(project, at=NOW):
    lead = people.district_lead()
    return moves.perform(
        project,
        "recommend",
        actor=lead,
        at=at,
        ground=people.ground(GroundKind.OPINION),
        due_on=(at + timedelta(days=20)).date(),
    )


def events_of(project):
    return list(timeline_of(project).reverse())


def test_steps_carry_the_dates_of_the_events(project):
    recommend(project)

    moved = type(project).objects.get(pk=project.pk)
    steps = {step.label: (step.state, step.when) for step in steps_of(moved, events_of(moved))}

    assert steps["区县初审"] == ("done", "2026年3月5日")
    assert steps["市级评审"] == ("now", "自 2026年3月5日")
    assert steps["公示"] == ("todo", "未到")


def test_a_step_taken_up_again_is_not_done(project):
    recommend(project)
    moved = type(project).objects.get(pk=project.pk)
    moves.perform(
        moved, "send_back", actor=people.bureau_lead(), at=moment(days=1),
        ground=people.ground(GroundKind.SEND_BACK), due_on=moment(days=9).date(),
    )  # fmt: skip

    steps = steps_of(type(project).objects.get(pk=project.pk), events_of(project))

    assert [step.state for step in steps[:3]] == ["done", "now", "todo"]


def test_a_project_that_left_the_road_says_when(project):
    moves.perform(
        project, "withdraw", actor=project.created_by, at=NOW, ground=people.ground(GroundKind.SIGNED_REQUEST)
    )
    moved = type(project).objects.get(pk=project.pk)

    assert "撤回 2026年3月5日" in [step.when for step in steps_of(moved, events_of(moved))]


@pytest.mark.parametrize(
    ("who", "state", "button"),
    [
        (people.district_officer, State.DISTRICT_REVIEW, "初审这个项目"),
        (people.district_lead, State.DISTRICT_REVIEW, "初审这个项目"),
        (people.bureau_officer, State.CITY_REVIEW, "组织评审"),
        (people.bureau_lead, State.CITY_REVIEW, "办理评审"),
        (people.government, State.GOVERNMENT_APPROVAL, "记录市政府批复"),
        (people.supervisor, State.CITY_REVIEW, None),
        (people.finance_officer, State.CITY_REVIEW, None),
    ],
)
def test_each_person_has_his_own_next_action(who, state, button):
    project = filings.project(state)

    action = next_action(project, who())

    assert (action.button if action else None) == button


def test_the_enterprise_is_told_who_has_it(client, project):
    client.force_login(project.created_by)

    page = page_of(project, project.created_by, "filing", at=NOW)

    assert page.action is None
    assert page.waiting == "现在由铁西区工业和信息化局办理"
    assert page.clock.left == 6


def test_the_expert_reads_the_filing_alone(client):
    expert = people.expert()
    assert page_tabs(expert) == ["filing", "materials"]
    assert page_tabs(people.bureau_officer()) == list(TABS)


def page_tabs(user):
    from portal.queries.project_page import tabs_open_to

    return tabs_open_to(user)


def test_a_hold_is_shown_and_pauses_the_clock(project):
    Hold.objects.create(
        project=project, kind=HoldKind.INSPECTION, note="现场核查", ground=people.ground(), placed_at=NOW
    )

    page = page_of(project, project.created_by, "filing", at=NOW)

    assert (page.clock.state, page.clock.held_because) == ("held", "监督检查")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_with_a_fixed_number_of_queries(client, project, tab, django_assert_max_num_queries):
    recommend(project)
    client.force_login(people.bureau_lead())

    with django_assert_max_num_queries(18):
        response = client.get(reverse("project-tab", args=[project.pk, tab]))

    assert response.status_code == 200
    assert project.title in response.content.decode()


def test_a_stranger_finds_no_such_page(client, project):
    client.force_login(people.approver())

    assert client.get(reverse("project", args=[project.pk])).status_code == 404


def test_an_unknown_tab_is_not_found(client, project):
    client.force_login(project.created_by)

    assert client.get(f"/projects/{project.pk}/secrets/").status_code == 404
