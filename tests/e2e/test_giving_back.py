"""Money that comes back, in a browser: returned by the bank, settled lower, disqualified midway and recovered in parts."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import reference
from disbursement.models import (
    Award,
    Hearing,
    Instalment,
    InstalmentLine,
    Payment,
    PaymentBatch,
    Pool,
    Recovery,
    Source,
)
from portal.invariants.registry import look
from tests.disbursement import situations as given
from tests.e2e.hands import Hand
from tests.factories import applications as filings
from tests.factories import disbursement as money
from tests.factories import filing as drafts
from tests.factories.core import NOW

# The beginning is made by hand: records put into their states, a 任务书 nobody signed, progress nobody reported.
BY_FACTORIES = {"1a", "1f", "3d", "6i", "7d"}

pytestmark = pytest.mark.browser
ACCOUNT = "沈阳市工业和信息化局，示例银行沈阳支行"


@pytest.fixture
def hand(page, live_server, enter, db):
    reference.load()
    return Hand(page, live_server.url, enter)


@pytest.fixture
def plain_hand(page_without_scripts, live_server, enter, db):
    reference.load()
    return Hand(page_without_scripts, live_server.url, enter)


def hear(hand, team, project, *, notice: str, enterprise_says: str) -> Hearing:
    """The three steps before any decision that takes money: told, answered, weighed."""
    hand.fills(number="示例告〔2026〕1号", facts="三张设备发票与开票方存根不符。").presses(notice)
    made = Hearing.objects.get(project=project)
    hand.becomes(given.approver_of(project)).opens(f"/hearings/{made.pk}/").sees("三张设备发票")
    hand.fills(answer__words=enterprise_says, answer__files=("说明.pdf", drafts.PDF)).presses("提交陈述申辩")
    hand.becomes(team.officer).opens(f"/hearings/{made.pk}/").sees(enterprise_says)
    hand.fills(weigh__upheld="no", weigh__reasons="与税务机关核对，不予采纳。").presses("记录复核意见")
    return made


def give_back(hand, team, recovery, parts: dict[str, str]) -> None:
    """The notice goes out, and finance books what comes, receipt by receipt."""
    hand.becomes(team.lead).opens(f"/recoveries/{recovery.pk}/")
    hand.fills(number="示例追〔2026〕1号", days="30", pay_to=ACCOUNT).presses("发出追回通知")
    hand.becomes(team.finance_officer)
    for receipt, amount in parts.items():
        hand.opens(f"/recoveries/{recovery.pk}/").fills(amount=amount, receipt_number=receipt, on="2026-11-20")
        hand.presses("登记到账")


def test_a_project_disqualified_midway_gives_back_in_parts(plain_hand):
    # given a project half paid from two pools, and a browser without JavaScript
    hand = plain_hand
    with transaction.atomic():
        central, city = money.pool(), money.pool(Source.CITY)
        project = given.half_paid(parts={central: 5_000_000, city: 2_499_999})
        team = money.team()

    # when the bureau announces the decision, hears the enterprise, and another person signs
    hand.becomes(team.officer).opens(f"/projects/{project.pk}/revoke/").sees("3,749,999.50")
    made = hear(hand, team, project, notice="发出拟取消资格告知", enterprise_says="发票由供应商补开。")
    hand.becomes(team.lead).opens(f"/hearings/{made.pk}/").sees("不予采纳")
    hand.fills(sign__number="示例决〔2026〕1号").presses("签发决定")
    recovery = Recovery.objects.get(project=project)

    # and what was paid comes back in three parts, the last to the 分
    give_back(hand, team, recovery, {"回单1": "1,000,000", "回单2": "1,250,000.01", "回单3": "1,499,999.49"})
    hand.opens(f"/recoveries/{recovery.pk}/").sees("已收回")

    # then nothing is left with the enterprise, and each pool has its own again
    ended = Project.objects.get(pk=project.pk)
    assert (ended.state, ended.award.net, ended.holds.open().count()) == (State.REVOKED, 0, 0)
    assert [line.recovered - line.demanded for line in recovery.lines.all()] == [0, 0]
    assert {pool.paid - pool.returned for pool in Pool.objects.all()} == {0}


def three_instalments(team) -> Project:
    """Seven and a half million from two pools, three instalments, all their conditions met; an account that pays."""
    central, city = money.pool(), money.pool(Source.CITY)
    made = money.award(
        filings.project(State.DISBURSEMENT, notice_closed_at=NOW), parts={central: 5_000_000, city: 2_500_000}
    )
    paper = money.agreement(made)
    for position, condition in enumerate(("signed", "progress", "progress"), start=1):
        one = Instalment.objects.create(
            award=made, agreement=paper, position=position, condition=condition, progress=30 * position, share=3333, met_at=NOW,
        )  # fmt: skip
        for line in made.lines.order_by("pk"):
            part = (line.committed / 3).quantize(Decimal("0.01"), ROUND_DOWN)
            InstalmentLine.objects.create(
                instalment=one, award_line=line, amount=part if position < 3 else line.committed - 2 * part
            )
    money.bank_account(made.project.enterprise)
    return made.project


def batch_of(hand, team, position: int) -> PaymentBatch:
    """The bureau puts an instalment into a batch in the browser; the hands after it are their services'."""
    hand.becomes(team.officer).opens("/batches/new/")
    hand.page.locator(f'main input[name="instalments"][value="{Instalment.objects.get(position=position).pk}"]').check(
        force=True
    )
    hand.presses("编制拨付批次")
    return money.sent(PaymentBatch.objects.latest("pk"), team, at=timezone.now())


def bank_says(hand, team, batch: PaymentBatch) -> None:
    """All of it arrived, receipt by receipt."""
    hand.opens(f"/batches/{batch.pk}/results/")
    for payment in batch.payments.all():
        hand.fills(**{f"outcome-{payment.pk}": "paid", f"receipt-{payment.pk}": f"回单{payment.pk:05d}"})
    hand.presses("登记银行结果")


def audited(hand, team, project, eligible: str) -> None:
    """The third party found less than was planned; the bureau passes the acceptance on it."""
    acceptance = given.reported(project, eligible)
    hand.becomes(team.lead).opens(f"/acceptances/{acceptance.pk}/").sees("40,000,000.00")
    hand.fills(conclusion="accept", text="同意通过，按审定投资终核。").presses("作出验收结论")


def test_three_instalments_one_returned_then_audited_lower_and_settled(hand, assert_accessible, screenshot):
    # given a project of two sources
    with transaction.atomic():
        team = money.team()
        project = three_instalments(team)

    # when three instalments are paid, and what the bank returned of the second is issued again
    for position in (1, 2):
        bank_says(hand, team, batch_of(hand, team, position))
    back = Payment.objects.filter(line__instalment__position=2, pool__source=Source.CITY).get()
    hand.opens(f"/payments/{back.pk}/").fills(reason="账户已销户").presses("登记退票")
    assert Instalment.objects.get(position=2).state == "planned"
    for position in (2, 3):
        bank_says(hand, team, batch_of(hand, team, position))
    assert Award.objects.get().net == 7_500_000

    # and the audit finds 40 of 50 million, so that 1.5 million come back
    audited(hand, team, project, "40000000.00")
    here = f"/projects/{project.pk}/settlement/"
    hand.becomes(team.officer).opens(here).presses("编制终核清算单").sees("1,500,000.00")
    screenshot(hand.page, "settlement")
    assert_accessible(hand.page)
    hand.opens(f"{here}announce/")
    hear(hand, team, project, notice="发出拟终核核减告知", enterprise_says="两台设备已补到货。")
    for page in (Hearing.objects.get().get_absolute_url(), "/hearings/"):
        hand.opens(page)
        assert_accessible(hand.page)
    hand.becomes(team.lead).opens(here).presses("确认终核 6,000,000.00")
    recovery = Recovery.objects.get(project=project)
    give_back(hand, team, recovery, {"回单90001": "500,000.01", "回单90002": "999,999.99"})
    hand.opens(f"/recoveries/{recovery.pk}/").sees("已收回")
    assert_accessible(hand.page)
    screenshot(hand.page, "recovery")
    hand.becomes(team.lead).opens(here).presses("办结项目")

    # then the enterprise holds what the audit left of it, and the city's pool got its money back first
    assert (Project.objects.get(pk=project.pk).state, Award.objects.get().net) == (State.SETTLED, 6_000_000)
    assert [line.pool.source for line in recovery.lines.all()] == [Source.CITY]
    broken = {one.invariant.key: one.faults for one in look() if not one.holds}
    assert {key: faults for key, faults in broken.items() if key not in BY_FACTORIES} == {}
