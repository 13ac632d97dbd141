"""The ways off the road, in a browser without JavaScript: returned, declined, withdrawn; disqualified: test_giving_back."""

from __future__ import annotations

import pytest

from applications.models import Project
from applications.states import State
from core import reference
from tests.e2e.hands import Hand
from tests.factories import core as people
from tests.factories import filing as drafts

pytestmark = pytest.mark.browser


@pytest.fixture
def hand(page_without_scripts, live_server, enter, db):
    reference.load()
    return Hand(page_without_scripts, live_server.url, enter)


def state_of(project: Project) -> str:
    return Project.objects.get(pk=project.pk).state


def test_a_filing_is_returned_answered_and_resubmitted(hand):
    # given a filing on the district's desk
    project = drafts.filed()

    # when the district lists a defect, and the enterprise answers it and files again
    hand.becomes(people.district_officer()).opens(f"/district/{project.pk}/return-for-correction/")
    hand.fills(
        defects__0__about="备案证明", defects__0__what="总投资少于申报投资。", defects__0__todo="提供备案变更证明。"
    ).presses("退回企业补正")
    assert state_of(project) == State.CORRECTION
    hand.becomes(project.created_by).opens(f"/filing/{project.pk}/defects/").sees("总投资少于申报投资")
    hand.page.locator("main textarea").first.fill("已补充备案变更证明。")
    hand.presses("保存答复")
    hand.opens(f"/filing/{project.pk}/submit/").fills(agreed=True).signs("签署承诺并提交申报")

    # then it is back on the desk, the second submission beside the first
    assert state_of(project) == State.DISTRICT_REVIEW
    assert project.submissions.count() == 2


def test_a_district_lead_declines_with_reasons_the_enterprise_reads(hand):
    project = drafts.filed()

    hand.becomes(people.district_lead()).opens(f"/projects/{project.pk}/decline/")
    hand.fills(reasons="列入严重失信主体名单。", clause="第九条（二）").presses("决定不予支持")
    hand.becomes(project.created_by).opens(f"/projects/{project.pk}/")

    assert state_of(project) == State.DECLINED
    hand.sees("列入严重失信主体名单").sees("第九条（二）")


def test_an_enterprise_withdraws(hand):
    project = drafts.filed()

    hand.becomes(project.created_by).opens(f"/projects/{project.pk}/withdraw/")
    hand.fills(reason="改为自筹实施。").signs("签署并撤回项目")

    assert state_of(project) == State.WITHDRAWN
