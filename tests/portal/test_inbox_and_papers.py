"""The inbox and the pages of grounds: own letters only, papers of visible projects only."""

import pytest
from django.urls import reverse

from applications.states import State
from core import moves, notices
from core.models import GroundKind, Notice
from core.notices import Letter
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def letter_to(person, link="/desk/"):
    return notices.send([Letter([person], "请补正", "三条", link)], at=NOW)[0]


def test_opening_a_letter_marks_it_read_and_leads_on(client):
    person = people.filer()
    letter_to(person)
    letter = Notice.objects.get()
    client.force_login(person)

    response = client.post(reverse("inbox-read"), {"notice": letter.pk})

    assert response.url == "/desk/"
    assert Notice.objects.get().read_at is not None


def test_a_letter_of_somebody_else_stays_unread(client):
    letter_to(people.filer())
    client.force_login(people.filer())

    client.post(reverse("inbox-read"), {"notice": Notice.objects.get().pk})

    assert Notice.objects.get().read_at is None


def test_all_can_be_marked_read(client):
    person = people.filer()
    letter_to(person)
    letter_to(person)
    client.force_login(person)

    client.post(reverse("inbox-read"))

    assert Notice.objects.unread().count() == 0


@pytest.fixture
def opinion():
    project = filings.project(State.DISTRICT_REVIEW)
    ground = people.ground(GroundKind.OPINION)
    moves.perform(project, "recommend", actor=people.district_lead(), at=NOW, ground=ground, due_on=NOW.date())
    return project, ground


def test_the_bureau_opens_the_opinion_of_the_district(client, opinion):
    _, ground = opinion
    client.force_login(people.bureau_officer())

    response = client.get(reverse("ground", args=[ground.pk]))

    assert response.status_code == 200
    assert "初审意见" in response.content.decode()


def test_the_enterprise_sees_that_there_is_an_opinion_but_does_not_open_it(client, opinion):
    project, ground = opinion
    client.force_login(project.created_by)

    assert client.get(reverse("ground", args=[ground.pk])).status_code == 404
    records = client.get(reverse("project-tab", args=[project.pk, "records"])).content.decode()
    assert "初审意见" in records
    assert reverse("ground", args=[ground.pk]) not in records


def test_a_stranger_opens_no_paper(client, opinion):
    client.force_login(people.district_officer("hunnan"))

    assert client.get(reverse("ground", args=[opinion[1].pk])).status_code == 404
