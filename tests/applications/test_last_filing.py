"""A filing begun from the enterprise's last submission: text, indicators and lines, and nothing of one project only."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Project
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def last():
    return filing.filed()


def begin(client, project, **typed):
    now = timezone.now()
    call = filings.call(opens_at=now - (moment(days=1) - moment()), closes_at=now + (moment(days=9) - moment()))
    client.force_login(people.approver(project.enterprise))
    client.post(reverse("filing-new", args=[call.pk]), {"track": "point", "title": "二期改造", **typed})
    return Project.objects.get(call=call).draft


def test_it_copies_text_indicators_and_lines(client, last):
    made, earlier = begin(client, last, from_last="on"), last.current_submission

    assert (made.title, made.content, made.indicators) == ("二期改造", earlier.content, earlier.indicators)
    names = ("position", "category", "name", "amount", "quantity")
    assert list(made.lines.values_list(*names)) == list(earlier.lines.values_list(*names))


def test_what_belongs_to_one_project_stays_there(client, last):
    made = begin(client, last, from_last="on")

    assert (made.filing_number, made.start_on, made.own_funds) == ("", None, type(made)().own_funds)
    assert set(made.lines.values_list("invoice_number", "serial_number")) == {("", "")}


def test_unasked_nothing_is_copied(client, last):
    assert not begin(client, last).lines.exists()


def test_another_enterprise_has_no_last_filing_and_is_not_asked(client, last):
    stranger = filings.project("draft")

    made = begin(client, stranger, from_last="on")

    assert (made.content, made.lines.count()) == ("", 0)
