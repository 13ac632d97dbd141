"""Every page of the room opens for whom it is meant, and says 403 or 404 to the others."""

import pytest
from django.urls import reverse

from applications import services
from applications.models import Project
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing

pytestmark = pytest.mark.django_db

OF_A_DRAFT = [
    "filing", "filing-basics", "filing-content", "filing-funding", "filing-lines", "filing-indicators",
    "filing-materials", "filing-defects", "filing-submit", "project-withdraw",
]  # fmt: skip


@pytest.fixture
def now():
    """Pages read the clock; the factories' world is opened around today."""
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def draft(now):
    from datetime import timedelta

    call = filings.call(opens_at=now - timedelta(days=5), closes_at=now + timedelta(days=20))
    actor = people.approver()
    filing.profile(actor.organisation)
    return services.start_project(
        call=call, enterprise=actor.organisation, track="point", title="喷涂线改造", actor=actor, at=now
    )


@pytest.mark.parametrize("name", OF_A_DRAFT)
def test_a_page_of_a_draft_opens_for_its_own_people(client, draft, name):
    client.force_login(draft.created_by)

    response = client.get(reverse(name, args=[draft.pk]))

    page = response.content.decode()
    assert response.status_code == 200
    assert "喷涂线改造" in page
    assert 'href=""' not in page  # a name set in one block of a template is unknown in the next


@pytest.mark.parametrize("name", OF_A_DRAFT)
def test_a_stranger_gets_404(client, draft, name):
    client.force_login(people.approver())

    assert client.get(reverse(name, args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("name", OF_A_DRAFT)
def test_an_official_gets_403(client, draft, name):
    client.force_login(people.bureau_officer())

    assert client.get(reverse(name, args=[draft.pk])).status_code == 403


@pytest.mark.parametrize("name", ["calls", "call"])
def test_calls_are_public(client, draft, name):
    response = client.get(reverse(name, args=[draft.call_id] if name == "call" else []))

    assert draft.call.title in response.content.decode()


@pytest.mark.parametrize("name", ["enterprise", "enterprise-profile", "enterprise-account", "groups", "bank-accounts"])
def test_the_pages_of_the_enterprise_open(client, draft, name):
    client.force_login(draft.created_by)

    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["filing-new", "group-new"])
def test_beginning_something_in_a_call_opens(client, draft, name):
    client.force_login(draft.created_by)

    assert client.get(reverse(name, args=[draft.call_id])).status_code == 200


@pytest.mark.parametrize("name", ["call-new", "call-edit", "call-publish", "call-extend"])
def test_the_bureaus_pages_refuse_an_enterprise(client, draft, name):
    client.force_login(draft.created_by)

    args = [] if name == "call-new" else [draft.call_id]
    assert client.get(reverse(name, args=args)).status_code == 403
    assert Project.objects.count() == 1


@pytest.mark.parametrize("name", ["call-edit", "call-publish"])
def test_a_published_call_is_not_edited_again(client, draft, name):
    client.force_login(people.bureau_lead())

    assert client.get(reverse(name, args=[draft.call_id])).status_code == 409
