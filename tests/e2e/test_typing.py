"""Typing loses nothing: saved by itself, two people at one section, a session that ends in the middle; with and without scripts."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from applications import services
from applications.models import Draft
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing

pytestmark = pytest.mark.browser


@pytest.fixture
def project(db):
    return filing.started(of_call=filings.call(closes_at=timezone.now() + timedelta(days=30)))


def leave(page, label, text):
    """Fill a field and go to the next, which is when it is saved."""
    page.get_by_label(label).fill(text)
    page.keyboard.press("Tab")


def saved(page):
    return page.locator("[data-save-state]", has_text="已自动保存")


def sign_in(page, user):
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill("portal-test-2026")
    page.get_by_role("button", name="登录").click()


def test_a_section_saves_itself_and_keeps_what_does_not_read(page, live_server, enter, project, assert_accessible):
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/funding/")

    leave(page, "自有资金", "3,000,000")
    saved(page).wait_for()
    leave(page, "银行贷款", "12万")
    page.get_by_text("请按元填写").wait_for()
    assert_accessible(page)
    page.goto(f"{live_server.url}/filing/{project.pk}/funding/")

    assert page.get_by_label("自有资金").input_value() == "3,000,000.00"
    assert page.get_by_label("银行贷款").input_value() == "12万"


def test_two_people_choose_field_by_field(page, live_server, enter, project, assert_accessible):
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/basics/")
    services.save_section(
        project, "basics", values={"site": "沈阳市浑南区", "contact": "韩梅"}, actor=people.filer(project.enterprise),
        at=timezone.now(),
    )  # fmt: skip

    leave(page, "建设地点", "沈阳市铁西区北二路")
    page.get_by_role("link", name="看两份，逐项选择").click()
    page.get_by_role("group", name="建设地点").get_by_label("用我填写的").check()
    assert page.get_by_role("group", name="联系人").get_by_label("用填报人 林保存的").is_checked()
    assert_accessible(page)
    page.get_by_role("button", name="按所选保存").click()

    draft = Draft.objects.get(project=project)
    assert (draft.site, draft.contact) == ("沈阳市铁西区北二路", "韩梅")


def test_a_session_that_ends_while_typing_costs_no_word(page, live_server, enter, project):
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/content/")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    leave(page, "预期成效", "单位能耗下降一成。")
    page.get_by_role("link", name="重新登录，接着填").click()
    sign_in(page, project.created_by)

    assert page.url.endswith(f"/filing/{project.pk}/content/")
    assert page.get_by_label("预期成效").input_value() == "单位能耗下降一成。"
    saved(page).wait_for()
    assert Draft.objects.get(project=project).benefit == "单位能耗下降一成。"


def test_without_scripts_the_posted_text_waits_behind_the_login(page_without_scripts, live_server, enter, project):
    page = page_without_scripts
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/content/")
    page.get_by_role("textbox", name="建设内容").fill("新建喷涂线。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="保存并返回").click()
    sign_in(page, project.created_by)
    assert page.get_by_role("textbox", name="建设内容").input_value() == "新建喷涂线。"
    page.get_by_role("button", name="保存并返回").click()

    assert Draft.objects.get(project=project).content == "新建喷涂线。"


def test_before_the_session_ends_one_button_lengthens_it(
    page, live_server, enter, project, settings, assert_accessible
):
    settings.SESSION_COOKIE_AGE = 301
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/")

    page.get_by_text("分钟后自动退出登录").wait_for(timeout=8000)
    assert_accessible(page)
    settings.SESSION_COOKIE_AGE = 14400
    page.get_by_role("button", name="继续使用").click()

    page.get_by_text("分钟后自动退出登录").wait_for(state="hidden")


def test_a_line_saves_itself_and_says_what_is_wrong_in_its_row(page, live_server, enter, project, assert_accessible):
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/lines/")

    page.get_by_label("第 1 行 名称").fill("除尘系统")
    leave(page, "第 1 行 金额（元）", "800,000")
    saved(page).wait_for()
    leave(page, "第 2 行 名称", "只写了名称")
    page.locator("tr.bad", has_text="请填写金额").wait_for()
    assert_accessible(page)
    page.goto(f"{live_server.url}/filing/{project.pk}/lines/")

    assert [line.name for line in project.draft.lines.all()] == ["除尘系统"]
    assert page.get_by_label("第 2 行 名称").input_value() == "只写了名称"
