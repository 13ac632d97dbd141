"""A call is begun from an earlier one: its text, lists and terms; unpublished, and not open by itself."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications import services
from applications.facts import call_parts
from applications.models import Call
from applications.states import CallState
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def test_it_copies_text_lists_and_terms():
    earlier = filings.call(district_days=7, blind_review=True)
    filings.rule(earlier, "least_investment", amount=Decimal(2_000_000))
    earlier.materials.update(blind=True, need="from_amount", amount=Decimal(5_000_000))
    paper = filings.attachment(earlier)

    made = services.duplicate_call(earlier, actor=people.bureau_officer(), at=NOW)

    assert (made.state, made.text, made.district_days) == (CallState.DRAFT, earlier.text, 7)
    for part in call_parts.LISTS:
        assert call_parts.rows_of(made, part) == call_parts.rows_of(earlier, part) != []
    assert [one.file_id for one in made.attachments.all()] == [paper.file_id]
    assert made.blind_review


def test_the_window_keeps_its_length_and_does_not_open_today():
    earlier = filings.call()

    made = services.duplicate_call(earlier, actor=people.bureau_officer(), at=NOW)

    assert made.closes_at - made.opens_at == earlier.closes_at - earlier.opens_at
    assert made.opens_at > NOW


def test_the_page_leads_to_the_editor_and_others_are_refused(client):
    earlier = filings.call()
    client.force_login(people.approver())
    assert client.post(reverse("call-duplicate", args=[earlier.pk])).status_code == 403
    client.force_login(people.bureau_officer())

    answer = client.post(reverse("call-duplicate", args=[earlier.pk]))

    made = Call.objects.exclude(pk=earlier.pk).get()
    assert answer.headers["Location"] == reverse("call-edit", args=[made.pk])
    assert client.get(reverse("call-edit", args=[made.pk])).status_code == 200
