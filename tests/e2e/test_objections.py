"""The public objects to two of three noticed projects: one objection is dismissed, one upheld; the rest close in time."""

from __future__ import annotations

import pytest
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import reference
from review.models import Objection, PublicNotice
from review.services.notices import close_notices_due
from review.states import NoticeState
from tests.e2e.hands import Hand, days_pass
from tests.factories import core as people
from tests.factories import review as make

pytestmark = pytest.mark.browser
SEALED = ("盖章异议书.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@pytest.fixture
def hand(page_without_scripts, live_server, enter, db):
    reference.load()
    return Hand(page_without_scripts, live_server.url, enter)


def objected(hand, notice, project, **said) -> Objection:
    hand.page.context.clear_cookies()  # nobody: a person of the public
    hand.opens(f"/notices/{notice.pk}/projects/{project.pk}/object/")
    hand.fills(name="示例市民甲", contact="024-00001111", grounds="设备疑为旧设备。", **said).presses("提交异议")
    receipt = hand.page.locator("main .figure").inner_text().strip()
    return Objection.objects.get(receipt=receipt)


def investigated(hand, objection, lead, officer) -> None:
    here = f"/objections/{objection.pk}/"
    hand.becomes(lead).opens(f"{here}assign/").fills(officer=officer.pk).presses("指派核查人")
    hand.becomes(officer).opens(f"{here}note/").fills(text="已看现场和发票。").presses("保存核查记录")
    hand.opens(f"{here}finding/").fills(finding="查明如下。").presses("提交核查结论")
    hand.becomes(lead).opens(here).sees("查明如下")


def test_one_objection_is_dismissed_one_upheld_and_the_others_close(hand):
    # given three projects in one public notice
    lead, officer, call = people.bureau_lead(), people.bureau_officer(), make.small_call()
    kept, refused, quiet = (make.concluded(call, lead=lead, title=f"第{n}个项目") for n in "一二三")
    hand.becomes(lead).opens("/notices/new/").fills(number="示例公示〔2026〕1号")
    for project in (kept, refused, quiet):
        hand.fills(projects=project.pk)
    hand.presses("发布公示")
    notice = PublicNotice.objects.get()

    # when a citizen objects to one and an organisation to another, both are investigated and answered
    first = objected(hand, notice, kept)
    second = objected(hand, notice, refused, organisation="示例协会", seal=SEALED)
    for objection in (first, second):
        investigated(hand, objection, lead, officer)
    hand.opens(f"/objections/{first.pk}/").fills(outcome="dismiss", answer="设备为新购，发票属实。").presses("答复异议")
    hand.opens(f"/objections/{second.pk}/").fills(
        outcome="decline", answer="反映属实。", told="一台设备为旧设备，不符合申报条件。", clause="第六条"
    ).presses("答复异议")

    # then the refused enterprise reads why, the objector reads the answer, and the clock closes what is left
    hand.becomes(refused.created_by).opens(f"/projects/{refused.pk}/").sees("一台设备为旧设备").sees("第六条")
    assert "示例协会" not in hand.words() and "示例市民甲" not in hand.words()
    hand.page.context.clear_cookies()
    hand.opens("/notices/receipts/").fills(receipt=first.receipt).presses("查询进展").sees("发票属实").sees("行政复议")
    for project in (kept, quiet):
        days_pass(project)
    assert close_notices_due(timezone.now()) == 2
    states = {one.pk: one.state for one in Project.objects.all()}
    assert (states[kept.pk], states[quiet.pk]) == (State.GOVERNMENT_APPROVAL, State.GOVERNMENT_APPROVAL)
    assert states[refused.pk] == State.DECLINED
    assert PublicNotice.objects.get().state == NoticeState.CLOSED
    hand.opens("/notices/?tab=ended").sees(notice.number)
