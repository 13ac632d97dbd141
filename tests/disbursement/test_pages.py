"""The money pages: everyone sees his own, lists ask the database the same number of questions, forms lose nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from disbursement.models import Agreement, Proposal, Source
from disbursement.services import batches
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def pools():
    return money.pool(), money.pool(Source.CITY, received=0)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args))


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_every_page_of_a_journey_opens(client, team, pools):
    [first] = money.payable(team)
    proposal, agreement = Proposal.objects.get(), Agreement.objects.get()
    pages = [
        ("pools",), ("pool", pools[0].pk), ("proposals",), ("proposal", proposal.pk),
        ("proposal-item", proposal.pk, proposal.items.get().pk), ("approvals",), ("agreement", agreement.pk), ("batches",),
        ("batch-new",),
    ]  # fmt: skip
    assert [get(client, team.officer, *page).status_code for page in pages] == [200] * len(pages)

    batch = money.sent(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    for page in [("batch", batch.pk), ("batch-results", batch.pk), ("payment", batch.payments.get().pk)]:
        assert get(client, team.officer, *page).status_code == 200
    assert get(client, team.finance_officer, "pool-new").status_code == 200
