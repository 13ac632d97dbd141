"""企业申报: from the published call to the number, in a browser, without scripts; each page meets the accessibility baseline."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Project
from applications.states import State
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing

pytestmark = pytest.mark.browser


@pytest.fixture
def call(db):
    return filings.call(closes_at=timezone.now() + timedelta(days=30))


@pytest.fixture
def approver(call):
    person = people.approver()
    filing.profile(person.organisation)
    return person


def test_an_enterprise_files_a_project_without_scripts(page_without_scripts, live_server, enter, call, approver):
    page = page_without_scripts
    # given an enterprise that reads the call
    enter(page, approver)
    page.goto(f"{live_server.url}/calls/{call.pk}/")
    page.get_by_role("link", name="开始申报").click()
    # when it begins, fills every section, uploads, checks and signs
    page.get_by_label("点", exact=True).check()
    page.get_by_label("项目名称").fill("盾构减速机绿色涂装改造")
    page.get_by_role("button", name="建立草稿").click()
    fill_sections(page)
    fill_grids(page)
    upload(page)
    page.get_by_role("link", name="核对并提交", exact=True).click()
    page.get_by_label("我已核对全部内容").check()
    page.get_by_label("签署密码").fill("portal-test-2026")
    page.get_by_role("button", name="签署承诺并提交申报").click()
    # then it has its number, and the district has the project
    assert re.fullmatch(r"SYJG-\d{4}-106-001", page.locator(".figure").inner_text())
    assert Project.objects.get().state == State.DISTRICT_REVIEW


def fill_sections(page):
    page.get_by_role("link", name="项目基本信息", exact=True).click()
    page.get_by_label("方案任务").select_option("3")
    page.get_by_label("项目备案或核准文号").fill("示例备〔2025〕037号")
    page.get_by_role("button", name="保存并返回").click()
    page.get_by_role("link", name="建设内容与进度", exact=True).click()
    page.get_by_label("开工日期").fill("2025-01-01")
    page.get_by_label("竣工日期").fill("2026-08-31")
    page.get_by_role("textbox", name="建设内容").fill("新建喷涂线。")
    page.get_by_role("textbox", name="预期成效").fill("单位能耗下降。")
    page.get_by_role("button", name="保存并返回").click()
    page.get_by_role("link", name="资金来源", exact=True).click()
    page.get_by_label("自有资金").fill("30,000,000")
    page.get_by_role("button", name="保存并返回").click()


def fill_grids(page):
    page.get_by_role("link", name="投资明细", exact=True).click()
    page.get_by_label("第 1 行 名称").fill("机器人喷涂单元")
    page.get_by_label("第 1 行 金额（元）").fill("24600000")
    page.get_by_label("第 2 行 类别").select_option("building")
    page.get_by_label("第 2 行 名称").fill("地坪改造")
    page.get_by_label("第 2 行 金额（元）").fill("4000000")
    page.get_by_role("button", name="保存", exact=True).click()
    assert "369.00" in page.get_by_role("complementary").inner_text()
    page.get_by_role("button", name="保存并返回").click()
    page.get_by_role("link", name="绩效目标", exact=True).click()
    for row in (1, 3, 9):
        page.get_by_label(f"第 {row} 行 目标值").fill("12")
    page.get_by_role("button", name="保存并返回").click()


def upload(page):
    page.get_by_role("link", name="申报材料", exact=True).click()
    file = {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": filing.PDF}
    page.get_by_label("选择营业执照的文件").set_input_files(file)
    page.get_by_role("button", name=re.compile("上传 ?营业执照")).click()
    page.get_by_text("必交 1 份，已传 1 份").wait_for()
    page.get_by_role("link", name="返回填报").click()


PAGES = ["", "basics/", "content/", "funding/", "lines/", "indicators/", "materials/", "submit/"]


@pytest.mark.parametrize("part", PAGES, ids=[part.strip("/") or "tasks" for part in PAGES])
def test_each_page_of_a_draft_meets_the_accessibility_baseline(page, live_server, enter, call, part, assert_accessible):
    project = filing.ready(of_call=call)
    enter(page, project.created_by)

    page.goto(f"{live_server.url}/filing/{project.pk}/{part}")

    assert page.locator("h1").count() == 1
    assert_accessible(page)


@pytest.mark.parametrize("address", ["/calls/", "/calls/{call}/", "/groups/", "/enterprise/", "/filing/new/{call}/"])
def test_the_other_pages_of_an_enterprise_meet_it_too(
    page, live_server, enter, call, approver, address, assert_accessible
):
    enter(page, approver)

    page.goto(live_server.url + address.format(call=call.pk))

    assert_accessible(page)


def test_the_editor_of_a_call_meets_it_too(page, live_server, enter, assert_accessible):
    enter(page, people.bureau_officer())

    page.goto(f"{live_server.url}/calls/new/")

    assert_accessible(page)


@pytest.mark.parametrize("part", PAGES, ids=[part.strip("/") or "tasks" for part in PAGES])
def test_no_page_scrolls_sideways_on_a_phone(page, live_server, enter, call, part):
    project = filing.ready(of_call=call)
    enter(page, project.created_by)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{live_server.url}/filing/{project.pk}/{part}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
