"""Twenty projects and a central pool that bears a part of them, in a browser: 差额补充, 待安排, an amount above the limit."""

from __future__ import annotations

import pytest
from django.db import transaction

from core import reference
from disbursement.models import Approval, Award, Pool, Proposal, ResultNotice, Source
from tests.e2e.hands import Hand
from tests.factories import applications as filings
from tests.factories import disbursement as money
from tests.factories import portal as portfolio

pytestmark = pytest.mark.browser
PROJECTS = 20


@pytest.fixture
def hand(page, live_server, enter, db):
    reference.load()
    return Hand(page, live_server.url, enter)


@pytest.fixture
def ready():
    """Twenty projects of 30 million together; 20 million central, 6 million of the city."""
    with transaction.atomic():
        money.pool(budget=20_000_000, received=10_000_000)
        money.pool(Source.CITY, budget=6_000_000, received=0)
        call = filings.call()
        projects = [money.awaiting_approval(of_call=call, investment=10_000_000) for _ in range(PROJECTS)]
        portfolio.reported(projects)
    return call


def test_a_batch_of_twenty_is_approved_with_a_short_central_pool(hand, ready, assert_accessible, screenshot):
    # given a proposal with all that stands above the line
    team = money.team()
    hand.becomes(team.officer).opens("/proposals/new/").fills(call=ready.pk, title="2026年第一批资金方案").presses(
        "拟定"
    )
    proposal = Proposal.objects.get()
    hand.opens(f"/proposals/{proposal.pk}/projects/?by=count&at={PROJECTS}").sees("地方差额补充").sees("待安排")
    assert_accessible(hand.page)
    screenshot(hand.page, "ranking")
    hand.presses("列入方案").sees("20,000,000.00").sees("6,000,000.00").sees("4,000,000.00")  # central, city, 待安排
    screenshot(hand.page, "short-pool-proposal")
    money.agreed(proposal, team)

    # when the government office asks for more than the limit, it is told at the field and loses nothing
    hand.becomes(team.government).opens(f"/approvals/{proposal.pk}/record/")
    first, second, *_ = proposal.items.order_by("pk")
    hand.fills(number="示例政〔2026〕1号", on="2026-03-05", **{f"amount__{first.pk}": "1,500,000.01"})
    hand.page.locator("main button", has_text="记录批复").click()
    hand.sees("不能高于拟核定额 1,500,000.00 元")
    assert hand.page.locator(f'[name="amount-{first.pk}"]').input_value() == "1,500,000.01"
    assert_accessible(hand.page)
    screenshot(hand.page, "above-the-limit")

    # and records it with one project lower and one declined
    hand.fills(
        **{f"amount__{first.pk}": "1,000,000", f"decline__{second.pk}": True, f"reason__{second.pk}": "暂缓实施"}
    )
    hand.presses("记录批复")

    # then the pools are bound as far as they go, the rest waits, and the list is published
    assert (Approval.objects.count(), Award.objects.count()) == (1, PROJECTS - 1)
    committed = {pool.source: pool.committed for pool in Pool.objects.all()}
    assert sum(committed.values()) <= 26_000_000 and committed["central"] > 0
    hand.becomes(team.lead).opens("/approvals/").presses("公布支持项目名单").sees("支持项目名单")
    assert ResultNotice.objects.get().results.count() == PROJECTS - 1
    hand.opens("/pools/").sees("执行率")
    assert_accessible(hand.page)
