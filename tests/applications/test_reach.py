"""A newly adopted policy reaches the unfinished projects its adoption names, and no others (第十九条)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import Determination
from applications.services import reach
from applications.states import State
from core import audit
from policy import services as policy_services
from policy import versions
from policy.states import Reach
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def adopted(reaches, listed=()):
    proposal = policy_services.propose(
        "2025-03", reason="新政策", reaches=reaches, listed_projects=listed,
        variation={"settings": {"award_quantum": "10000"}}, actor=people.bureau_lead(), at=NOW,
    )  # fmt: skip
    return policy_services.agree(proposal, number="", actor=people.finance_lead(), at=NOW)


@pytest.fixture
def projects():
    states = (State.CITY_REVIEW, State.DISBURSEMENT, State.SETTLED, State.DECLINED)
    return {state: filings.project(state) for state in states}


@pytest.mark.parametrize(
    ("reaches", "states"),
    [
        (Reach.NEW_ONLY, set()),
        (Reach.NOT_YET_APPROVED, {State.CITY_REVIEW}),
        (Reach.ALL_UNFINISHED, {State.CITY_REVIEW, State.DISBURSEMENT}),
    ],
)
def test_the_adoption_says_whom_it_reaches(projects, reaches, states):
    assert set(reach.reached_by(adopted(reaches)).values_list("state", flat=True)) == states


def test_listed_projects_are_reached_unless_they_ended(projects):
    listed = [projects[State.DISBURSEMENT].number, projects[State.SETTLED].number]
    assert list(reach.reached_by(adopted(Reach.LISTED, listed))) == [projects[State.DISBURSEMENT]]


def test_reached_projects_are_determined_again_and_the_earlier_result_is_kept(projects):
    adoption, lead = adopted(Reach.NOT_YET_APPROVED), people.bureau_lead()
    made = reach.determine_reached(adoption, actor=lead, at=moment(days=1))
    assert [(row.project, row.policy_version) for row in made] == [(projects[State.CITY_REVIEW], adoption.name)]
    earlier = Determination.objects.get(project=made[0].project, policy_digest=versions.load("2025-03").digest)
    assert (earlier.is_current, made[0].is_current) == (False, True)
    assert made[0].policy_digest == versions.load(adoption.name).digest
    assert made[0].limit == Decimal("7500000.00")
    assert "第十九条" in audit.timeline_of(made[0].project).first().summary
    others = Determination.objects.exclude(project=made[0].project).values_list("policy_version", flat=True)
    assert set(others) == {"2025-03"}
    assert reach.determine_reached(adoption, actor=lead, at=moment(days=2)) == []


def test_a_proposal_reaches_nobody_yet(projects):
    proposal = policy_services.propose(
        "2025-03", reason="新政策", reaches=Reach.ALL_UNFINISHED, actor=people.bureau_lead(), at=NOW
    )
    with pytest.raises(reach.NotAdopted, match="两局采用之后"):
        reach.determine_reached(proposal, actor=people.bureau_lead(), at=NOW)


def test_the_bureaus_lead_does_it_from_the_adoptions_page(client, projects):
    adoption = adopted(Reach.ALL_UNFINISHED)
    address = reverse("adoption-reach", args=[adoption.pk])
    client.force_login(people.bureau_lead())
    assert address in client.get(reverse("policy:adoption", args=[adoption.pk])).content.decode()
    assert projects[State.CITY_REVIEW].number in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "重新测算 2 个项目，原测算保留" in page
    assert "没有需要重新测算的项目" in page


def test_it_is_nobody_elses(client, projects):
    adoption = adopted(Reach.ALL_UNFINISHED)
    client.force_login(people.bureau_officer())
    assert client.post(reverse("adoption-reach", args=[adoption.pk])).status_code == 403
    assert not Determination.objects.filter(policy_version=adoption.name).exists()
