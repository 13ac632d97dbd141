"""The draft: what is mistyped comes back with a message at its field, and nothing typed is lost."""

from decimal import Decimal

import pytest

from applications import services
from applications.models import Draft, Project
from applications.states import State
from core import moves
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

BASICS = {
    "title": "喷涂线改造", "industry": "3511", "task": "3", "filing_number": "示例备〔2025〕1号", "site": "铁西区",
    "contact": "林一", "contact_phone": "024-22721234",
}  # fmt: skip


@pytest.fixture
def draft(live_call):
    return filing.started(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def post(client, draft, section, **answers):
    return client.post(f"/filing/{draft.project_id}/{section}/", answers).content.decode()


def test_a_project_starts_with_what_the_enterprise_filed_before(draft):
    assert (draft.industry, draft.site, draft.contact) == ("3511", "沈阳市铁西区示例路101号", "林一")
    assert draft.project.district == draft.project.enterprise.district


def test_a_section_is_saved(own, draft):
    post(own, draft, "basics", **BASICS)

    saved = Draft.objects.get(pk=draft.pk)
    assert (saved.title, saved.task, saved.contact_phone) == ("喷涂线改造", 3, "02422721234")
    assert Project.objects.get(pk=draft.project_id).title == "喷涂线改造"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("35", "四位数字小类代码"), ("ABCD", "四位数字小类代码"), ("3599x", "四位数字小类代码"), ("3400", "没有 3400"), ("9999", "没有 9999")],
)  # fmt: skip
def test_a_wrong_industry_is_named_and_the_rest_is_kept(own, draft, typed, said):
    page = post(own, draft, "basics", **{**BASICS, "industry": typed})

    assert said in page
    assert f'value="{typed}"' in page
    assert 'value="喷涂线改造"' in page


def test_full_width_digits_are_read(own, draft):
    post(own, draft, "basics", **{**BASICS, "industry": "３４２１"})

    assert Draft.objects.get(pk=draft.pk).industry == "3421"


def test_a_wrong_phone_is_refused(own, draft):
    assert "11 位手机号" in post(own, draft, "basics", **{**BASICS, "contact_phone": "12345"})


def test_an_end_before_the_start_is_refused_with_both_days(own, draft):
    page = post(own, draft, "content", start_on="2026-05-01", end_on="2025-05-01", content="新建产线", benefit="")

    assert "竣工日期早于开工日期（2026年5月1日）" in page
    assert "新建产线" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-5", "不能为负数"), ("很多", "只能填数字"), ("1000000000000000", "金额过大"), ("1.234", "两位小数"), ("150万", "按元填写")],
)  # fmt: skip
def test_a_wrong_amount_is_refused_at_its_field_and_kept(own, draft, typed, said):
    page = post(own, draft, "funding", own_funds=typed, bank_loan="100")

    assert said in page
    assert f'value="{typed}"' in page


def test_funds_below_the_investment_are_found():
    project = filing.ready()
    services.save_basics(project, values={"own_funds": 1, "bank_loan": 0}, actor=project.created_by, at=NOW)

    with pytest.raises(services.Incomplete, match="少于投资总额 28,600,000.00 元"):
        services.submit(project, actor=project.created_by, at=NOW)


# --- two people -----------------------------------------------------------------------------------------------------


def test_two_people_saving_one_section_see_both_texts_and_nothing_is_overwritten(own, draft):
    seen = own.get(f"/filing/{draft.project_id}/basics/").context["form"]["seen"].value()
    colleague = people.filer(draft.project.enterprise)
    services.save_section(draft.project, "basics", values={"site": "沈阳市浑南区"}, actor=colleague, at=NOW)

    page = post(own, draft, "basics", **BASICS, seen=seen)

    assert "填报人 林保存了新的内容" in page
    assert "用填报人 林保存的" in page
    assert "沈阳市浑南区" in page
    assert 'value="铁西区"' in page
    assert Draft.objects.get(pk=draft.pk).site == "沈阳市浑南区"


def test_after_seeing_both_the_second_save_counts(own, draft):
    seen = own.get(f"/filing/{draft.project_id}/basics/").context["form"]["seen"].value()
    services.save_section(
        draft.project, "basics", values={"site": "沈阳市浑南区"}, actor=draft.project.created_by, at=NOW
    )
    address = f"/filing/{draft.project_id}/basics/"
    again = own.post(address, {**BASICS, "seen": seen}).context["form"]["seen"].value()

    own.post(address, {**BASICS, "seen": again})

    assert Draft.objects.get(pk=draft.pk).site == "铁西区"


def test_two_people_in_different_sections_do_not_disturb_each_other(own, draft):
    seen = own.get(f"/filing/{draft.project_id}/basics/").context["form"]["seen"].value()
    services.save_section(
        draft.project, "content", values={"content": "新建产线"}, actor=draft.project.created_by, at=NOW
    )

    post(own, draft, "basics", **BASICS, seen=seen)

    saved = Draft.objects.get(pk=draft.pk)
    assert (saved.site, saved.content) == ("铁西区", "新建产线")


# --- who and when ---------------------------------------------------------------------------------------------------


def test_a_filed_text_is_not_changed_any_more(own, live_call):
    project = filing.filed(of_call=live_call, actor=people.approver())
    own.force_login(project.created_by)

    assert own.get(f"/filing/{project.pk}/basics/").status_code == 409
    assert own.post(f"/filing/{project.pk}/basics/", BASICS).status_code == 409
    assert own.get(f"/filing/{project.pk}/").status_code == 200


def test_another_enterprise_cannot_save(draft):
    with pytest.raises(moves.NotYours):
        services.save_section(draft.project, "basics", values={"title": "他人"}, actor=people.approver(), at=NOW)


def test_nothing_begins_outside_the_window():
    with pytest.raises(services.DraftRefused, match="不在申报时间内"):
        filing.started(of_call=filings.call(closes_at=moment(days=-1)))


def test_a_track_the_call_does_not_take_is_refused():
    with pytest.raises(services.DraftRefused, match="不受理“线”"):
        filing.started(of_call=filings.call(tracks=["point"]), track="line")


def test_a_line_project_asks_for_its_group(own, draft):
    page = own.post(f"/filing/new/{draft.project.call_id}/", {"track": "line", "title": "线项目"}).content.decode()

    assert "须属于一个协同组" in page
    assert Project.objects.count() == 1


def test_starting_a_project_leads_to_its_task_list(own, draft):
    page = own.post(
        f"/filing/new/{draft.project.call_id}/", {"track": "point", "title": "第二个项目"}, follow=True
    ).content.decode()

    assert "一、企业与项目" in page
    assert Project.objects.get(title="第二个项目").state == State.DRAFT


def test_the_ceiling_is_shown_with_its_clause_as_soon_as_there_are_figures(own, draft):
    services.save_lines(draft.project, lines=filing.LINES, actor=draft.project.created_by, at=NOW)

    page = own.get(f"/filing/{draft.project_id}/").content.decode()

    assert "369.00" in page
    assert "第六条（二）1" in page


def test_the_confirmation_and_the_receipt_show_number_and_digest(own, live_call):
    project = filing.ready(of_call=live_call)
    own.force_login(project.created_by)

    page = own.post(
        f"/filing/{project.pk}/submit/", {"agreed": "on", "password": "portal-test-2026"}, follow=True
    ).content.decode()
    receipt = own.get(f"/filing/{project.pk}/receipt/").content.decode()

    filed = Project.objects.get(pk=project.pk)
    assert filed.number in page
    assert filed.current_submission.digest in receipt
    assert filed.current_submission.investment == Decimal("28600000.00")


def test_the_page_submits_only_with_password_and_consent(own, live_call):
    project = filing.ready(of_call=live_call)
    own.force_login(project.created_by)

    page = own.post(f"/filing/{project.pk}/submit/", {"password": "wrong"}).content.decode()

    assert "请先阅读并勾选承诺" in page
    assert "密码不正确" in page
    assert Project.objects.get(pk=project.pk).state == State.DRAFT


def test_a_filer_checks_the_answers_and_is_refused_with_403_when_submitting(own, live_call):
    project = filing.ready(of_call=live_call)
    own.force_login(people.filer(project.enterprise))
    address = f"/filing/{project.pk}/submit/"

    assert "由本单位审批人" in own.get(address).content.decode()
    assert own.post(address, {"agreed": "on", "password": "portal-test-2026"}).status_code == 403


def test_an_incomplete_filing_says_what_is_missing_and_where(own, draft):
    page = own.get(f"/filing/{draft.project_id}/submit/").content.decode()

    assert "投资明细还没有填写" in page
    assert f'href="/filing/{draft.project_id}/lines/"' in page
    assert "签署承诺并提交申报" not in page


def test_what_was_changed_after_the_check_is_not_signed_unseen(own, live_call):
    project = filing.ready(of_call=live_call)
    own.force_login(project.created_by)
    address = f"/filing/{project.pk}/submit/"
    seen = own.get(address).context["form"]["draft"].value()
    colleague = people.filer(project.enterprise)
    services.save_section(project, "content", values={"content": "改了"}, actor=colleague, at=NOW)

    answer = own.post(address, {"agreed": "on", "password": "portal-test-2026", "draft": seen})

    assert answer.status_code == 409
    assert "请重新核对后再签署" in answer.content.decode()
    assert Project.objects.get(pk=project.pk).state == State.DRAFT
