"""The district's desk in a browser without JavaScript: returned twice and recommended; declined; many with one letter."""

from __future__ import annotations

import pytest

from applications.models import Project
from applications.states import State
from core import reference
from review.models import RecommendationLetter
from tests.e2e.hands import Hand
from tests.factories import core as people
from tests.factories import filing as drafts
from tests.factories import review as make

pytestmark = pytest.mark.browser


@pytest.fixture
def hand(page_without_scripts, live_server, enter, db):
    reference.load()
    return Hand(page_without_scripts, live_server.url, enter)


def state_of(project: Project) -> str:
    return Project.objects.get(pk=project.pk).state


def judge_all(hand: Hand, project: Project, verdict: str = "verified") -> None:
    hand.opens(f"/district/{project.pk}/")
    for box in hand.page.locator('main input[type=radio][value="verified"]').all():
        box.check(force=True)
    if verdict != "verified":
        hand.page.locator(f'main input[type=radio][value="{verdict}"]').first.check(force=True)
        hand.page.locator('main [name^="note_"]').first.fill("印章不清，看不出单位名称")
    hand.presses("保存核验结果")


def answer_and_file_again(hand: Hand, project: Project) -> None:
    hand.becomes(project.created_by).opens(f"/filing/{project.pk}/defects/").sees("印章不清")
    hand.page.locator("main textarea").first.fill("已重新盖章扫描。")
    hand.presses("保存答复")
    hand.opens(f"/filing/{project.pk}/submit/").fills(agreed=True).signs("签署承诺并提交申报")


def test_a_filing_is_returned_twice_and_recommended(hand):
    # given a filing that an officer takes
    project, officer, lead = drafts.filed(), people.district_officer(), people.district_lead()
    hand.becomes(officer).opens(f"/district/{project.pk}/").presses("领取这个项目")

    # when it is returned twice, each time with what was questioned, and answered
    for _ in range(2):
        hand.becomes(officer)
        judge_all(hand, project, "questioned")
        hand.opens(f"/district/{project.pk}/return-for-correction/").sees("初审时限暂停")
        hand.fills(defects__0__todo="重新盖章扫描后上传。").presses("退回企业补正")
        assert state_of(project) == State.CORRECTION
        hand.opens("/district/?tab=correction").sees("补正中暂停")
        answer_and_file_again(hand, project)

    # then no third return is left; the officer judges all, writes his opinion, and the lead signs it
    hand.becomes(officer)
    judge_all(hand, project)
    hand.opens(f"/district/{project.pk}/").sees("退回补正次数已用完")
    hand.opens(f"/district/{project.pk}/opinion/").fills(conclusion="recommend", text="补正后材料齐全。")
    hand.presses("保存意见")
    hand.becomes(lead).opens(f"/district/{project.pk}/recommend/").signs("签批并推荐到市级评审")
    assert (state_of(project), Project.objects.get().returns) == (State.CITY_REVIEW, 2)


def test_an_opinion_against_ends_in_a_decision_the_enterprise_reads(hand):
    project, officer, lead = drafts.filed(), people.district_officer(), people.district_lead()
    hand.becomes(officer)
    judge_all(hand, project, "questioned")
    hand.opens(f"/district/{project.pk}/opinion/").fills(conclusion="decline", text="企业不在本区县登记。")
    hand.presses("保存意见")

    hand.becomes(lead).opens(f"/projects/{project.pk}/decline/")
    hand.fills(clause="第九条（一）").presses("决定不予支持")

    hand.becomes(project.created_by).opens(f"/projects/{project.pk}/").sees("企业不在本区县登记").sees("行政复议")
    assert state_of(project) == State.DECLINED


def test_a_lead_signs_several_with_one_letter(hand):
    # given two that wait for a signature here, and one of another district
    call = make.small_call()
    mine = [make.with_opinion(make.at_the_district(of_call=call)) for _ in range(2)]
    other = make.with_opinion(make.at_the_district("hunnan", of_call=call))

    # when the lead ticks all he is shown, looks at the sums and signs once
    hand.becomes(people.district_lead()).opens("/district/?tab=to_sign")
    assert other.number not in hand.words()
    for box in hand.page.locator('main input[name="project"]').all():
        box.check()
    hand.presses("预览并签批推荐").sees("签批并推荐 2 个项目").fills(number="示例铁推〔2026〕5号")
    hand.signs("签批并推荐 2 个项目")

    # then both are with the city, on one letter
    letter = RecommendationLetter.objects.get()
    assert ({state_of(one) for one in mine}, state_of(other)) == ({State.CITY_REVIEW}, State.DISTRICT_REVIEW)
    assert (letter.number, letter.opinions.count()) == ("示例铁推〔2026〕5号", 2)
    hand.sees("示例铁推〔2026〕5号")
