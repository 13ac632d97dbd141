"""The home page: open calls and running notices for everybody, drafts for nobody outside."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.states import CallState
from tests.factories import applications as filings

pytestmark = pytest.mark.django_db


@pytest.fixture
def around_now():
    now = timezone.now()
    return {"opens_at": now - timedelta(days=3), "closes_at": now + timedelta(days=20)}


def test_an_open_call_is_on_the_home_page(client, around_now):
    filings.call(title="2026 年第一批", **around_now)
    page = client.get("/").content.decode()
    assert "2026 年第一批" in page and 'class="clock' in page


def test_drafts_and_closed_calls_are_not(client, around_now):
    filings.call(title="还在拟的通知", state=CallState.DRAFT, **around_now)
    past = timezone.now() - timedelta(days=1)
    filings.call(title="已经截止的通知", opens_at=around_now["opens_at"], closes_at=past)
    page = client.get("/").content.decode()
    assert "还在拟的通知" not in page and "已经截止的通知" not in page
    assert "现在没有正在受理的批次" in page


def test_the_home_page_asks_few_questions(client, around_now, django_assert_max_num_queries):
    for number in range(6):
        filings.call(title=f"通知 {number}", **around_now)
    client.get("/")
    with django_assert_max_num_queries(5):
        client.get("/")
