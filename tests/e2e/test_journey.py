"""One new project from a blank form to 办结, through every role, in a browser without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Call, Project
from applications.states import State
from core import reference
from disbursement.models import Acceptance, Agreement, Payment, PaymentBatch, Pool, Proposal
from portal.invariants.registry import look
from review.models import Assignment
from tests.e2e.hands import Hand, days_pass
from tests.factories import core as people
from tests.factories import filing as drafts
from tests.factories import review as reviews
from tests.factories.applications import adopted_version

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(db):
    """Everybody the journey meets."""
    reference.load()
    adopted_version()
    owner = people.enterprise("沈阳示例减速机有限公司")
    drafts.profile(owner)
    return {
        "approver": people.approver(owner),
        "second": people.approver(owner),
        "officer": people.district_officer(),
        "district_lead": people.district_lead(),
        "bureau": people.bureau_officer(),
        "bureau_lead": people.bureau_lead(),
        "experts": [reviews.expert() for _ in range(5)],
        "finance": people.finance_officer(),
        "finance_lead": people.finance_lead(),
        "government": people.government(),
        "assessor": people.assessor(),
    }


@pytest.fixture
def hand(page_without_scripts, live_server, enter):
    return Hand(page_without_scripts, live_server.url, enter)


def open_call(hand, cast) -> Call:
    today = timezone.localtime()
    hand.becomes(cast["bureau"]).opens("/calls/new/")
    hand.fills(
        title="2026年第二批申报通知", year=today.year,
        opens_at=(today - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        closes_at=(today + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    hand.presses("起草申报通知")
    call = Call.objects.get(title="2026年第二批申报通知")
    hand.opens(f"/calls/{call.pk}/edit/text/").fills(text="请属地申报。").presses("保存通知内容")
    hand.becomes(cast["bureau_lead"]).opens(f"/calls/{call.pk}/publish/").fills(number="示例工信〔2026〕2号")
    hand.presses("发布申报通知")
    return call


def give_account(hand, cast) -> None:
    hand.becomes(cast["approver"]).opens("/enterprise/account/")
    hand.fills(bank="示例银行沈阳支行", cnaps="000221000000", number="6222000000001234").presses("录入收款账户")
    account = cast["approver"].organisation.bank_accounts.get()
    hand.becomes(cast["second"]).opens(f"/enterprise/accounts/{account.pk}/confirm/")
    hand.fills(number="6222000000001234").presses("复核通过，启用账户")


def fill_and_submit(hand, cast, call) -> Project:
    hand.becomes(cast["approver"]).opens(f"/calls/{call.pk}/").opens(f"/filing/new/{call.pk}/")
    hand.fills(title="盾构减速机绿色涂装改造", track="point").presses("建立草稿")
    project = Project.objects.get()
    base = f"/filing/{project.pk}"
    hand.opens(f"{base}/basics/").fills(
        industry="3511", task="3", filing_number="示例备〔2025〕037号", site="沈阳市铁西区示例路101号",
        contact="林一", contact_phone="024-22721234", credit_report_date=timezone.localdate().isoformat(),
    ).presses("保存并返回")  # fmt: skip
    hand.opens(f"{base}/content/").fills(
        start_on="2025-01-01", end_on="2026-08-31", content="新建喷涂线。", benefit="单位能耗下降 12%。"
    ).presses("保存并返回")
    hand.opens(f"{base}/funding/").fills(own_funds="20,000,000", bank_loan="10000000").presses("保存并返回")
    hand.opens(f"{base}/lines/").fills(
        lines__0__category="equipment", lines__0__name="机器人喷涂单元", lines__0__quantity="2",
        lines__0__amount="20,000,000", lines__1__category="software", lines__1__name="制造执行系统",
        lines__1__quantity="1", lines__1__amount="4600000", lines__2__category="building",
        lines__2__name="地坪改造", lines__2__quantity="1", lines__2__amount="4000000",
    ).presses("保存并返回")  # fmt: skip
    hand.opens(f"{base}/indicators/").fills(
        indicators__0__target="12", indicators__2__baseline="40", indicators__2__target="80",
        indicators__6__target="12",
    ).presses("保存并返回")  # fmt: skip
    for entry in call.materials.exclude(need="optional"):
        if entry.is_needed_for(project.track):
            hand.opens(f"{base}/materials/").fills(
                **{f"m{entry.pk}-file": (f"{entry.code}.pdf", drafts.PDF + entry.code.encode())}
            )
            upload(hand, entry)
    hand.opens(f"{base}/submit/").sees("369.00").fills(agreed=True).signs("签署承诺并提交申报")
    return Project.objects.get(pk=project.pk)


def upload(hand, entry) -> None:
    form = hand.page.locator("main form", has=hand.page.locator(f'[name="m{entry.pk}-file"]'))
    form.locator("button").click()
    hand.sees_no_fault()


def district_recommends(hand, cast, project) -> None:
    hand.becomes(cast["officer"]).opens("/district/").sees(project.title).opens(f"/district/{project.pk}/")
    for box in hand.page.locator('main input[type=radio][value="verified"]').all():
        box.check(force=True)
    hand.presses("保存核验结果")
    hand.opens(f"/district/{project.pk}/opinion/").fills(conclusion="recommend", text="材料真实有效，建议推荐。")
    hand.presses("保存意见")
    hand.becomes(cast["district_lead"]).opens(f"/district/{project.pk}/recommend/").fills(
        number="示例铁工信〔2026〕1号"
    )
    hand.signs("签批并推荐")


def form_is_checked(hand, cast, project) -> None:
    hand.becomes(cast["bureau"]).opens(f"/review/{project.pk}/form-check/")
    for box in hand.page.locator('main input[type=radio][value="verified"]').all():
        box.check(force=True)
    hand.presses("保存形式审查")
    hand.opens(f"/review/{project.pk}/form-check/pass/").presses("通过，转专家评审")


def experts_score(hand, cast, project) -> None:
    hand.becomes(cast["bureau"]).opens(f"/review/{project.pk}/assign/")
    for box in hand.page.locator('main input[name="experts"]').all():
        box.check(force=True)
    hand.presses("指派并通知专家")
    for assignment in Assignment.objects.filter(project=project).select_related("expert__user"):
        hand.becomes(assignment.expert.user).opens("/expert/").opens(f"/expert/{assignment.pk}/")
        for item in project.call.rubric.all():
            hand.fills(**{f"item_{item.pk}": str(item.points * 8 // 10)})
        hand.presses("核对并提交")
        hand.presses("提交评分")


def bureau_concludes(hand, cast, project) -> None:
    hand.becomes(cast["bureau_lead"]).opens(f"/review/{project.pk}/conclude/")
    hand.fills(number="示例评审〔2026〕1号", text="评审通过。").presses("出具评审报告")
    hand.opens("/notices/new/").fills(projects=project.pk, number="示例公示〔2026〕1号").presses("发布公示")
    days_pass(project)
    hand.opens(f"/review/{project.pk}/close-notice/").presses("结束本项目的公示")


def pools_filled(hand, cast) -> None:
    hand.becomes(cast["finance"]).opens("/pools/new/")
    hand.fills(source="central", year=timezone.localdate().year, direction="技术改造").presses("建立资金池")
    pool = Pool.objects.get()
    for kind, number in (("budget", "示例财指〔2026〕1号"), ("receipt", "示例财拨〔2026〕1号")):
        hand.becomes(cast["finance"]).opens(f"/pools/{pool.pk}/").fills(
            kind=kind, amount="100,000,000", document_number=number, on=timezone.localdate().isoformat()
        ).presses("登记，交另一人复核")
        hand.becomes(cast["finance_lead"]).opens(f"/pools/{pool.pk}/").presses("复核入账")


def amount_approved(hand, cast, project) -> None:
    hand.becomes(cast["bureau"]).opens("/proposals/new/").fills(title="第一批资金方案").presses("拟定方案")
    proposal = Proposal.objects.get()
    hand.opens(f"/proposals/{proposal.pk}/projects/").fills(projects=project.pk).presses("列入方案")
    here = f"/proposals/{proposal.pk}/"
    for who, words in (("bureau_lead", "复核资金方案"), ("finance", "审核资金方案"), ("finance_lead", "商定资金方案")):
        hand.becomes(cast[who]).opens(here).sees("3,690,000.00").presses(words)
    hand.becomes(cast["government"]).opens("/approvals/").opens(f"/approvals/{proposal.pk}/record/")
    hand.fills(number="示例政〔2026〕3号", on=timezone.localdate().isoformat()).presses("记录批复")


def both_sign(hand, cast, project) -> None:
    agreement = Agreement.objects.get(project=project)
    for who, words in (("approver", "签署任务书"), ("bureau_lead", "签署任务书")):
        hand.becomes(cast[who]).opens(f"/agreements/{agreement.pk}/").signs(words)


def paid(hand, cast, receipt: str) -> None:
    hand.becomes(cast["bureau"]).opens("/batches/new/")
    hand.page.locator('main input[name="instalments"]').first.check(force=True)
    hand.presses("编制拨付批次")
    here = f"/batches/{PaymentBatch.objects.latest('pk').pk}/"
    hand.becomes(cast["bureau_lead"]).opens(here).presses("复核批次")
    hand.becomes(cast["finance"]).opens(here).presses("审核批次")
    hand.becomes(cast["finance_lead"]).opens(here).signs("放行")
    hand.becomes(cast["bureau"]).opens(here).presses("送银行")
    payment = Payment.objects.latest("pk")
    hand.opens(f"{here}results/").fills(**{f"outcome-{payment.pk}": "paid", f"receipt-{payment.pk}": receipt})
    hand.presses("登记银行结果")
    hand.becomes(cast["approver"]).opens(f"/payments/{payment.pk}/").presses("确认到账")


def accepted(hand, cast, project) -> None:
    hand.becomes(cast["approver"]).opens(f"/projects/{project.pk}/completion/").fills(
        completed_on=timezone.localdate().isoformat(), claimed_investment="24,600,000", summary="全部投产。"
    ).presses("提交竣工报告")
    here = f"/acceptances/{Acceptance.objects.get(project=project).pk}/"
    hand.becomes(cast["bureau"]).opens(here).fills(
        assessor=cast["assessor"].organisation_id, number="示例委〔2026〕1号"
    )
    hand.presses("委托评估")
    hand.becomes(cast["assessor"]).opens("/acceptances/").opens(here).fills(
        audited_eligible="20,000,000", progress_text="按期。", investment_text="属实。", technology_text="先进。",
        domestic_text="国产 80%。", effect_text="良好。", opinion="pass",
    ).presses("提交评估报告")  # fmt: skip
    hand.becomes(cast["bureau_lead"]).opens(here).fills(conclusion="accept", text="同意通过。").presses("作出验收结论")


def settled(hand, cast, project) -> None:
    here = f"/projects/{project.pk}/settlement/"
    hand.becomes(cast["bureau"]).opens(here).presses("编制终核清算单")
    hand.becomes(cast["bureau_lead"]).opens(here).sees("3,000,000.00").presses("确认终核")


def test_a_project_walks_from_a_blank_form_to_the_end(hand, cast):
    # given a published call, a verified account and money in a pool
    call = open_call(hand, cast)
    give_account(hand, cast)
    pools_filled(hand, cast)

    # when everybody does their part
    project = fill_and_submit(hand, cast, call)
    district_recommends(hand, cast, project)
    form_is_checked(hand, cast, project)
    experts_score(hand, cast, project)
    bureau_concludes(hand, cast, project)
    amount_approved(hand, cast, project)
    both_sign(hand, cast, project)
    paid(hand, cast, "回单00001")
    accepted(hand, cast, project)
    settled(hand, cast, project)
    paid(hand, cast, "回单00002")
    hand.becomes(cast["bureau_lead"]).opens(f"/projects/{project.pk}/settlement/").presses("办结项目")

    # then it is settled at what the audit left of it, and every invariant holds
    ended = Project.objects.get(pk=project.pk)
    assert ended.state == State.SETTLED
    assert str(ended.award.net) == "3000000.00"
    assert [finding.faults for finding in look() if not finding.holds] == []
