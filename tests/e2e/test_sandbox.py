"""The bureau tries another rate over the whole portfolio, reads who gains and loses, and lays two scenarios side by side."""

import pytest

from applications.models import Determination
from disbursement.models import Pool
from tests.factories import core as people
from tests.factories.portal import portfolio, reported

pytestmark = pytest.mark.browser


@pytest.fixture
def given_a_portfolio():
    reported(portfolio(40))
    Pool.objects.create(source="central", year=2026, budget=120_000_000)
    Pool.objects.create(source="city", year=2026, budget=20_000_000)


def make(page, live_server, name, **typed):
    """Make a scenario as a person does: name, year, figures by their labels."""
    page.goto(f"{live_server.url}/sandbox/new/")
    page.get_by_label("方案名称").fill(name)
    page.get_by_label("年度").select_option("2026")
    for label, value in typed.items():
        page.get_by_label(label.replace("_", "："), exact=True).fill(value)
    page.get_by_label("资金不足时的分配办法").select_option("RANK")
    page.get_by_role("button", name="测算并存下方案").click()


def never_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_scenario_is_made_read_and_compared(
    page, live_server, enter, assert_accessible, screenshot, given_a_portfolio
):
    # given an officer of the bureau, a portfolio with scores, and pools that do not suffice
    enter(page, people.bureau_officer())
    before = list(Determination.objects.order_by("pk").values())

    # when he looks at the form
    page.goto(f"{live_server.url}/sandbox/new/")
    assert_accessible(page)
    screenshot(page, "sandbox-new")

    # and raises the rate of 点 and lowers the cap of 线
    make(page, live_server, "点上两成", 点_比例="20", **{"线 · 其他_单个项目最高": "400"})

    # then he reads that nothing changes, what he changed, who gains and who loses, and where the pool ends
    assert "测算，不改变任何项目" in page.locator(".page-head").inner_text()
    assert page.get_by_text("15% → 20%").is_visible()
    stats = page.locator(".stats").inner_text()
    assert "增加的项目" in stats
    assert "减少的项目" in stats
    assert "中央资金用到第" in page.locator("#pool").inner_text()
    assert page.locator("#projects tbody tr").count() == 25
    assert_accessible(page)
    screenshot(page, "sandbox-result")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert never_sideways(page)
    page.set_viewport_size({"width": 1440, "height": 900})

    # when he asks who loses, and why
    page.get_by_role("link", name="减少的项目").click()
    page.locator("#projects").get_by_role("link", name="怎么算的").first.click()
    assert page.get_by_role("heading", name="基准版本 2025-03").is_visible()
    assert page.get_by_role("heading", name="方案：点上两成").is_visible()
    assert_accessible(page)
    screenshot(page, "sandbox-project")

    # and lays a second scenario beside it
    make(page, live_server, "点上一成", 点_比例="10")
    page.goto(f"{live_server.url}/sandbox/")
    assert_accessible(page)
    screenshot(page, "sandbox")
    page.get_by_role("checkbox", name="点上两成").check()
    page.get_by_role("checkbox", name="点上一成").check()
    page.get_by_role("button", name="并排比较所选方案").click()
    head = page.locator("thead").inner_text()
    assert "点上两成" in head
    assert "点上一成" in head
    assert_accessible(page)
    screenshot(page, "sandbox-compare")
    page.set_viewport_size({"width": 390, "height": 844})
    assert never_sideways(page)

    # then no project is any different
    assert list(Determination.objects.order_by("pk").values()) == before


def test_it_works_without_scripts(page_without_scripts, live_server, enter, given_a_portfolio):
    page = page_without_scripts
    enter(page, people.finance_officer())

    make(page, live_server, "财政：点上两成", 点_比例="20")
    first = page.url
    page.get_by_role("link", name="增加的项目").click()
    assert page.get_by_text("只列增加的项目").is_visible()
    make(page, live_server, "财政：基准")
    page.goto(f"{live_server.url}/sandbox/")
    for box in page.locator("input[name=s]").all():
        box.check()
    page.get_by_role("button", name="并排比较所选方案").click()

    assert page.locator("thead").get_by_role("link").count() == 2
    page.goto(first)
    assert "增加" in page.locator(".stats").inner_text()


def test_what_cannot_be_read_is_named_and_kept(page, live_server, enter, assert_accessible, given_a_portfolio):
    enter(page, people.bureau_officer())

    make(page, live_server, "", 点_比例="many")

    alert = page.get_by_role("alert").inner_text()
    assert "请给方案起个名称" in alert
    assert "请填写 0 到 100 之间的百分比" in alert
    assert page.get_by_label("点：比例", exact=True).input_value() == "many"
    assert_accessible(page)
